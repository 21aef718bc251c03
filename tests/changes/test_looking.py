"""What a plan makes of numbers that a read should show by what this machine itself has done, and does not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from numctl.changes.change import Change
from numctl.changes.looking import Looks, early_refused
from numctl.changes.plan import buying, gone
from numctl.changes.recorded import Entry
from numctl.model.outcome import Outcome
from tests.fakes import MAIN, FakeService, a_record, number_of, sid_of
from tests.wire.fake_clock import FakeClock

NUMBER = number_of(1)
TOO_EARLY = f"{NUMBER}: the service still shows it as it was before its last change; nothing was sent"


def bought(refs: Collection[str]) -> list[Entry]:
    named: dict[str, Any] = {"sid": sid_of(1), "phone_number": NUMBER, "account_sid": MAIN, "operation": "buy"}
    return [{**named, "before": None, "after": a_record(1), "wanted": {}, "outcome": "bought"}]


def planned(change: Change, looks: Looks) -> tuple[Outcome | None, str | None]:
    looks.find([NUMBER], [FakeService().client(MAIN)])
    (found,) = early_refused([change], looks)
    return found.settled, found.reason.message if found.reason else None


def test_a_just_bought_number_that_no_read_shows_is_not_released_or_bought_again() -> None:
    clock = FakeClock()
    assert planned(gone(MAIN, NUMBER), Looks(clock, bought)) == (Outcome.FAILED, TOO_EARLY)
    assert planned(buying(MAIN, NUMBER, {}), Looks(clock, bought)) == (Outcome.FAILED, TOO_EARLY)


def test_a_missing_number_without_a_history_counts_as_released() -> None:
    assert planned(gone(MAIN, NUMBER), Looks(FakeClock(), lambda refs: [])) == (Outcome.UNCHANGED, None)
