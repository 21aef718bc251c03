"""What the looks after a lost answer show, and when they stop."""

from __future__ import annotations

from collections import deque

import pytest

from numctl.changes import plan
from numctl.changes.change import Change, Seen
from numctl.changes.reconcile import WAITS, find_out
from numctl.errors import Unavailable
from numctl.model.number import Record
from numctl.model.settings import Wanted
from tests.fakes import MAIN, SMS, SUB, VOICE, FakeService, a_record, number_of, sid_of
from tests.wire.fake_clock import FakeClock

DOWN = Unavailable("down")
SETTING = plan.setting(a_record(1), {"voice_url": SMS, "sms_url": ""})
RELEASE = plan.releasing(a_record(1))
MOVE = plan.transferring(a_record(1), SUB, {})
PURCHASE = plan.buying(MAIN, number_of(1), {})


def look(service: FakeService, change: Change) -> tuple[Seen, list[float]]:
    clock = FakeClock()
    return find_out(service.client(change.account_sid), change, clock), clock.slept


def test_the_looks_go_on_for_four_seconds() -> None:
    assert sum(WAITS) == 4.0
    assert WAITS[0] == 0.0


@pytest.mark.parametrize(
    ("change", "live", "finding"),
    [
        (PURCHASE, a_record(1), Seen(True, a_record(1))),
        (SETTING, a_record(1, voice_url=SMS), Seen(True, a_record(1, voice_url=SMS))),
        (RELEASE, None, Seen(True)),
        (SETTING, a_record(1, voice_url=SMS + "/"), Seen(True, a_record(1, voice_url=SMS + "/"))),
        (SETTING, a_record(1, voice_url=SMS, sms_url=VOICE), Seen(True, a_record(1, voice_url=SMS, sms_url=VOICE))),
        (MOVE, a_record(1, account=SUB), Seen(True, a_record(1, account=SUB))),
    ],
    ids=["buy", "set", "release", "set-normalised", "set-half", "transfer"],
)
def test_a_change_that_shows_is_found_with_one_look(change: Change, live: Record | None, finding: Seen) -> None:
    service = FakeService(*([live] if live else []))
    assert look(service, change) == (finding, [])
    assert len(service.calls) == 1


@pytest.mark.parametrize(
    ("change", "live", "requests"),
    [
        (PURCHASE, None, ["list"] * 4),
        (PURCHASE, {**a_record(1), "phone_number": number_of(1) + "0"}, ["list"] * 4),
        (SETTING, a_record(1), ["fetch"] * 4),
        (RELEASE, a_record(1), ["fetch"] * 4),
        (MOVE, a_record(1), ["fetch"] * 8),
    ],
    ids=["buy", "buy-longer", "set", "release", "transfer"],
)
def test_that_nothing_happened_is_said_only_after_the_last_look(
    change: Change, live: Record | None, requests: list[str]
) -> None:
    service = FakeService(*([live] if live else []))
    assert look(service, change) == (Seen(False), [0.5, 1.0, 2.5])
    assert service.sent("list", "fetch") == requests


def test_a_purchase_that_reading_shows_late_is_found() -> None:
    service = FakeService()
    service.records[sid_of(1)] = a_record(1)
    service.lag = 2
    assert look(service, PURCHASE) == (Seen(True, a_record(1)), [0.5, 1.0])


@pytest.mark.parametrize("change", [PURCHASE, SETTING, RELEASE, MOVE], ids=["buy", "set", "release", "transfer"])
def test_looks_that_fail_cannot_tell(change: Change) -> None:
    service = FakeService(a_record(1))
    service.faults = {"list": deque([DOWN] * 4), "fetch": deque([DOWN] * 4)}
    assert look(service, change) == (Seen(None), [0.5, 1.0, 2.5])


def test_a_look_that_fails_last_makes_the_earlier_ones_prove_nothing() -> None:
    service = FakeService()
    service.faults["list"] = deque([None, None, None, DOWN])
    assert look(service, PURCHASE) == (Seen(None), [0.5, 1.0, 2.5])


def test_a_look_that_works_at_last_is_enough() -> None:
    service = FakeService()
    service.faults["list"] = deque([DOWN, DOWN, DOWN])
    assert look(service, PURCHASE) == (Seen(False), [0.5, 1.0, 2.5])


def test_a_number_that_vanished_cannot_tell_whether_it_was_set_or_moved() -> None:
    assert [look(FakeService(), change)[0] for change in (SETTING, MOVE)] == [Seen(None), Seen(None)]


def test_all_looks_together_get_fifteen_seconds() -> None:
    service = FakeService()
    look(service, PURCHASE)
    assert service.hurried == [15.0, 14.5, 13.5, 11.0]


def test_a_service_that_hangs_is_not_waited_for_at_each_look() -> None:
    class Slow(FakeService):
        def visible(self) -> dict[str, Record]:
            clock.time += 20
            return super().visible()

    clock, service = FakeClock(), Slow()
    assert find_out(service.client(), PURCHASE, clock) == Seen(False)
    assert service.sent("list") == ["list"]


@pytest.mark.parametrize(
    ("live", "happened"),
    [
        (a_record(1), None),
        (a_record(1, voice_url=SMS), True),
        (a_record(1, voice_receive_mode="fax"), False),
        (a_record(1, voice_receive_mode="voice"), True),
    ],
    ids=["not shown", "another field changed", "shown as before", "shown"],
)
def test_a_field_that_is_not_shown_proves_nothing(live: Record, happened: bool | None) -> None:
    wanted: Wanted = {"voice_receive_mode": "voice", "voice_url": live["voice_url"]}
    change = plan.setting(a_record(1), wanted)
    found, _ = look(FakeService(live), change)
    assert found.happened is happened


def test_a_field_that_is_not_shown_is_judged_by_those_that_are() -> None:
    change = plan.setting(a_record(1), {"voice_receive_mode": "voice", "voice_url": SMS})
    found, _ = look(FakeService(a_record(1)), change)
    assert found == Seen(False)
