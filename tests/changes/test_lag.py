"""Which records are older than what this machine has just changed."""

from __future__ import annotations

from typing import Any

import pytest

from numctl.changes.lag import is_expected, is_in_doubt, lags
from numctl.changes.recorded import Entry
from numctl.model.number import Record
from tests.fakes import ADDRESS, MAIN, SUB, a_record, number_of, sid_of

EARLIER, THEN, LATER = (f"Thu, 30 Jul 2015 23:{minute}:04 +0000" for minute in (10, 11, 12))


def state(name: str, date: str | None = THEN, **more: Any) -> Record:
    return a_record(1, friendly_name=name, date_updated=date, **more)


def entry(before: Record | None, after: Record | None, operation: str = "set") -> Entry:
    account = (before or after or {})["account_sid"]
    named = {"sid": sid_of(1), "phone_number": number_of(1), "account_sid": account, "operation": operation}
    return {**named, "before": before, "after": after, "wanted": {}, "outcome": "changed"}


CHANGED = entry(state("a", EARLIER), state("b"))
QUICK = entry(state("a"), state("b"))
MOVED = entry(state("a"), state("a", account=SUB), "transfer")


def with_address(address: str | None, status: str) -> Record:
    return state("a", emergency_address_sid=address, emergency_address_status=status)


NO_ADDRESS = with_address(None, "unregistered")
REGISTERED = with_address(ADDRESS, "registered")
LEAVING = with_address(ADDRESS, "pending-unregistration")
CLEARED: Entry = {**entry(REGISTERED, LEAVING), "wanted": {"emergency_address_sid": ""}}


@pytest.mark.parametrize(
    ("record", "recent", "expected"),
    [
        (NO_ADDRESS, [CLEARED, entry(NO_ADDRESS, REGISTERED)], False),
        (LEAVING, [CLEARED, entry(NO_ADDRESS, REGISTERED)], False),
        (state("a"), [], False),
        (state("b"), [CHANGED], False),
        (state("a", EARLIER), [CHANGED], True),
        (state("anything", EARLIER), [CHANGED], True),
        (state("a", LATER), [CHANGED], False),
        (state("a"), [QUICK], True),
        (state("theirs"), [QUICK], False),
        (state("b", None), [CHANGED], False),
        (state("a", None), [CHANGED], True),
        (state("a"), [entry(state("a"), None, "release")], True),
        (state("a", LATER), [entry(state("a"), None, "release")], True),
        (state("a"), [entry(state("b"), state("c")), QUICK], True),
        (state("b"), [entry(state("b"), state("c")), QUICK], True),
        (state("a"), [entry(state("b"), state("a")), QUICK], False),
        (state("a"), [MOVED], True),
        (state("theirs"), [MOVED], True),
        (state("a", account=SUB), [MOVED], False),
        (state("a", LATER), [MOVED], False),
        (state("b"), [entry(None, state("b"), "buy")], False),
    ],
)
def test_a_record_lags_where_this_machine_knows_better(record: Record, recent: list[Entry], expected: bool) -> None:
    assert lags(record, recent) is expected


@pytest.mark.parametrize(
    ("recent", "expected"),
    [([], False), ([MOVED], True), ([QUICK], False), ([entry(state("a"), None, "release"), MOVED], False)],
)
def test_a_number_is_expected_where_the_last_change_left_it(recent: list[Entry], expected: bool) -> None:
    assert is_expected(recent, {SUB}) is expected
    assert is_expected(recent, {MAIN}) is (recent == [QUICK])


UNKNOWN: Entry = {**entry(state("a"), None), "outcome": "unknown"}


@pytest.mark.parametrize(
    ("record", "recent", "expected"),
    [
        (state("a"), [], False),
        (state("a"), [UNKNOWN], True),
        (state("a"), [UNKNOWN, QUICK], True),
        (state("b"), [UNKNOWN], False),
        (state("a", account=SUB), [UNKNOWN], False),
        (state("a"), [QUICK, UNKNOWN], False),
    ],
)
def test_a_change_of_unknown_outcome_may_still_alter_what_does_not_show_it(
    record: Record, recent: list[Entry], expected: bool
) -> None:
    assert is_in_doubt(record, recent) is expected
