"""From a recorded run to what puts it back: everything that differs, nothing that has changed since."""

from __future__ import annotations

from typing import Any

import pytest

from numctl.advised import reached_by
from numctl.number import Record
from numctl.settings import SETTINGS
from numctl.undoing import Entry, holder, inverse, undoable
from tests.fakes import MAIN, SMS, SUB, VOICE, a_record, number_of, sid_of

TRUNK, APPLICATION, ADDRESS, THEIRS = "TK" + "1" * 32, "AP" + "2" * 32, "AD" + "3" * 32, "AD" + "4" * 32


def entry(operation: str = "set", before: Record | None = None, after: Record | None = None, **more: Any) -> Entry:
    """Return a recorded change of number 1."""
    return {
        "operation": operation,
        "phone_number": number_of(1),
        "sid": sid_of(1),
        "account_sid": MAIN,
        "before": before,
        "wanted": {},
        "after": after,
        "outcome": {"set": "changed", "release": "released", "transfer": "transferred", "buy": "bought"}[operation],
    } | more


def record(**changes: Any) -> Record:
    return {**a_record(1), **changes}


def undone(recorded: Entry, live: Record | None, *, force: bool = False) -> tuple[str, Any, str | None, str | None]:
    """Return of the inverse: the operation, what it wants, what it is settled as, and why."""
    change = inverse(recorded, live, force=force)
    return change.operation, change.wanted, change.settled, change.reason.message if change.reason else None


def test_a_setting_goes_back_to_what_it_was() -> None:
    after = record(voice_url=SMS)
    assert undone(entry(before=record(voice_url=VOICE), after=after), after) == (
        "set",
        {"voice_url": VOICE},
        None,
        None,
    )


def test_what_was_not_set_is_cleared_and_what_cannot_be_cleared_is_left_alone() -> None:
    before, after = record(sms_url=None, sms_method=None), record(sms_url=SMS, sms_method="GET")
    assert undone(entry(before=before, after=after), after) == ("set", {"sms_url": ""}, None, None)


def test_what_the_service_deleted_by_itself_comes_back_too() -> None:
    before = record(voice_application_sid=APPLICATION, trunk_sid=None)
    after = record(voice_application_sid=None, trunk_sid=TRUNK)
    recorded = entry(before=before, after=after, wanted={"trunk_sid": TRUNK})
    assert undone(recorded, after)[1] == {"voice_application_sid": APPLICATION, "trunk_sid": ""}


def test_what_changed_since_is_refused_and_named_unless_forced() -> None:
    recorded = entry(before=record(voice_url=VOICE), after=record(voice_url=SMS))
    live = record(voice_url="https://third.example.com/")
    reason = f"{number_of(1)}: voice_url was changed since"
    assert undone(recorded, live) == ("set", {}, "skipped", reason)
    assert undone(recorded, live, force=True) == ("set", {"voice_url": VOICE}, None, None)


def test_another_field_that_changed_since_is_no_obstacle_and_stays() -> None:
    recorded = entry(before=record(voice_url=VOICE), after=record(voice_url=SMS))
    live = record(voice_url=SMS, friendly_name="renamed since")
    assert undone(recorded, live) == ("set", {"voice_url": VOICE}, None, None)


def test_what_is_back_already_is_unchanged() -> None:
    before = record(voice_url=VOICE)
    assert undone(entry(before=before, after=record(voice_url=SMS)), before)[2] == "unchanged"


def test_a_change_of_unknown_outcome_is_put_back_if_it_took_effect_and_unchanged_if_not() -> None:
    before = record(voice_url=VOICE)
    recorded = entry(before=before, after=None, wanted={"voice_url": SMS}, outcome="unknown")
    assert undone(recorded, record(voice_url=SMS)) == ("set", {"voice_url": VOICE}, None, None)
    assert undone(recorded, before)[2] == "unchanged"


def test_a_number_that_is_gone_is_said_to_be_gone() -> None:
    recorded = entry(before=record(voice_url=VOICE), after=record(voice_url=SMS))
    assert undone(recorded, None) == ("set", {}, "skipped", f"{number_of(1)} is not in {MAIN} any more")


def test_a_transfer_goes_back_with_every_field_that_differs() -> None:
    before = record(address_sid=ADDRESS, sms_url=SMS, voice_application_sid=APPLICATION, bundle_sid=None)
    after = record(
        account_sid=SUB, address_sid=THEIRS, sms_url=SMS, voice_application_sid=None, bundle_sid="BU" + "5" * 32
    )
    recorded = entry("transfer", before, after)
    change = inverse(recorded, after, force=False)
    assert (change.operation, change.account_sid, change.to_account) == ("transfer", SUB, MAIN)
    assert change.wanted == {"address_sid": ADDRESS, "voice_application_sid": APPLICATION, "bundle_sid": ""}
    assert holder(recorded) == SUB


def test_a_released_number_is_bought_again_with_what_was_set() -> None:
    before = record(voice_url=VOICE, sms_url="", trunk_sid=None, voice_caller_id_lookup=False)
    operation, wanted, settled, _ = undone(entry("release", before), None)
    assert (operation, settled, wanted["voice_url"]) == ("buy", None, VOICE)
    assert wanted == {name: before[name] for name in SETTINGS if before.get(name) not in (None, "")}


def test_a_purchase_is_not_undone_and_the_release_is_shown() -> None:
    reached_by((), MAIN)
    change = inverse(entry("buy", None, record()), record(), force=True)
    assert change.settled == "skipped"
    assert change.reason is not None
    assert change.reason.message == f"{number_of(1)}: a purchase is not undone"
    assert change.reason.hint == f"to give it back: numctl release {number_of(1)}"


@pytest.mark.parametrize(
    ("outcome", "with_effect"),
    [
        ("changed", True),
        ("unknown", True),
        ("bought", True),
        ("unchanged", False),
        ("failed", False),
        ("skipped", False),
    ],
)
def test_only_what_changed_something_or_may_have_is_undone(outcome: str, with_effect: bool) -> None:
    assert bool(undoable([entry(before=record(), after=None, outcome=outcome)])) is with_effect
