"""Releases that found nothing: looked for together, and unknown for as long as nobody has looked."""

from __future__ import annotations

from numctl.changes import plan
from numctl.changes.perform import Performer
from numctl.changes.vanished import Vanished
from tests.fakes import MAIN, SUB, FakeService, a_record
from tests.wire.diary import Diary
from tests.wire.fake_clock import FakeClock

RELEASES = [plan.releasing(a_record(1)), plan.releasing(a_record(2))]


def test_all_of_a_run_are_looked_for_in_each_account_once() -> None:
    service, recorder = FakeService(a_record(2, account=SUB)), Diary()
    gone = Vanished(service.client(MAIN), recorder, [MAIN, SUB])
    perform = Performer(service.client(MAIN), recorder, FakeClock(), gone=gone)
    results = [perform(change) for change in RELEASES]
    assert [result.outcome for result in gone.final(results)] == ["unknown", "unknown"]
    gone.settle()
    assert [result.outcome for result in gone.final(results)] == ["released", "failed"]
    assert [outcome for _, outcome in recorder.outcomes] == ["released", "failed"]
    fetched = sorted((account, sid) for operation, account, sid in service.calls if operation == "fetch")
    assert fetched == [(SUB, change.sid) for change in RELEASES]


def test_once_the_run_is_to_end_nothing_is_asked_and_nothing_is_claimed() -> None:
    service, recorder = FakeService(), Diary()
    gone = Vanished(service.client(MAIN), recorder, [MAIN, SUB], lambda: True)
    result = Performer(service.client(MAIN), recorder, FakeClock(), gone=gone)(RELEASES[0])
    gone.settle()
    assert (gone.final([result])[0].outcome, recorder.outcomes, gone.notes) == ("unknown", [], [])
    assert service.sent("fetch", "list", "accounts") == []
