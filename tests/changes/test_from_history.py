"""From a recorded run to what puts it back: everything that differs, nothing that has changed since."""

from __future__ import annotations

from typing import Any

import pytest

from numctl.changes.from_history import former_holder, holder, inverse, undoable
from numctl.changes.recorded import Entry
from numctl.cli.reach import Reach
from numctl.errors import Refused
from numctl.model.number import Record
from numctl.model.settings import SETTINGS
from tests.fakes import MAIN, SMS, SUB, VOICE, a_record, number_of, sid_of

TRUNK, APPLICATION, ADDRESS, THEIRS = "TK" + "1" * 32, "AP" + "2" * 32, "AD" + "3" * 32, "AD" + "4" * 32


def entry(operation: str = "set", before: Record | None = None, after: Record | None = None, **more: Any) -> Entry:
    """A recorded change of number 1."""
    return {
        "operation": operation,
        "phone_number": number_of(1),
        "sid": sid_of(1),
        "account_sid": MAIN,
        "before": before,
        "wanted": {name: (after or {}).get(name) for name in SETTINGS if _differ(before, after, name)},
        "after": after,
        "outcome": {"set": "changed", "release": "released", "transfer": "transferred", "buy": "bought"}[operation],
    } | more


def _differ(before: Record | None, after: Record | None, name: str) -> bool:
    return (before or {}).get(name) != (after or {}).get(name)


def record(**changes: Any) -> Record:
    return {**a_record(1), **changes}


def undone(recorded: Entry, live: Record | None, *, force: bool = False) -> tuple[str, Any, str | None, str | None]:
    """Of the inverse: the operation, what it wants, what it is settled as, and why."""
    change = inverse(recorded, live, force=force)
    return change.operation.name, change.wanted, change.settled, change.reason.message if change.reason else None


def test_a_setting_goes_back_to_what_it_was() -> None:
    after = record(voice_url=SMS)
    assert undone(entry(before=record(voice_url=VOICE), after=after), after) == (
        "set",
        {"voice_url": VOICE},
        None,
        None,
    )


def test_what_was_not_set_is_cleared() -> None:
    before, after = record(sms_url=None, voice_caller_id_lookup=None), record(sms_url=SMS, voice_caller_id_lookup=True)
    wanted = {"sms_url": "", "voice_caller_id_lookup": False}
    assert undone(entry(before=before, after=after), after) == ("set", wanted, None, None)


@pytest.mark.parametrize("empty", [None, ""])
def test_what_was_not_set_and_cannot_be_cleared_is_refused_and_named_unless_forced(empty: str | None) -> None:
    before = record(sms_url=empty, sms_method=empty, api_version=empty)
    after = record(sms_url=SMS, sms_method="GET", api_version="2010-04-01")
    recorded = entry(before=before, after=after)
    reason = f"{number_of(1)}: sms_method, api_version was not set before, and cannot be cleared"
    assert undone(recorded, after) == ("set", {}, "skipped", reason)
    change = inverse(recorded, after, force=True)
    assert (change.wanted, change.settled, change.reason) == ({"sms_url": ""}, None, None)
    assert change.remark == "! sms_method, api_version was not set before, and stays as it is"
    assert undone(recorded, record(sms_url=SMS, sms_method=None)) == ("set", {"sms_url": ""}, None, None)


@pytest.mark.parametrize("force", [False, True])
def test_where_nothing_can_be_put_back_nothing_is_claimed(force: bool) -> None:
    recorded = entry(before=record(sms_method=None), after=record(sms_method="GET"))
    reason = f"{number_of(1)}: sms_method was not set before, and cannot be cleared"
    assert undone(recorded, record(sms_method="GET"), force=force) == ("set", {}, "skipped", reason)
    change = inverse(recorded, record(sms_method="GET"), force=force)
    assert change.reason is not None
    assert change.reason.hint is None


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


def test_a_change_of_unknown_outcome_is_put_back_only_if_it_took_effect() -> None:
    before = record(voice_url=VOICE)
    recorded = entry(before=before, after=None, wanted={"voice_url": SMS}, outcome="unknown")
    assert undone(recorded, record(voice_url=SMS)) == ("set", {"voice_url": VOICE}, None, None)
    assert undone(recorded, before)[2] == "unchanged"


@pytest.mark.parametrize(
    ("set_now", "gone"), [("trunk_sid", "voice_application_sid"), ("voice_application_sid", "trunk_sid")]
)
def test_what_the_service_deletes_by_itself_is_expected_where_the_outcome_is_unknown(set_now: str, gone: str) -> None:
    sids = {"trunk_sid": TRUNK, "voice_application_sid": APPLICATION}
    before = record(**{set_now: None, gone: sids[gone]})
    recorded = entry(before=before, after=None, wanted={set_now: sids[set_now]}, outcome="unknown")
    live = record(**{set_now: sids[set_now], gone: None})
    assert undone(recorded, live) == ("set", {set_now: "", gone: sids[gone]}, None, None)
    assert undone(recorded, before)[2] == "unchanged"


def test_a_number_that_is_gone_is_said_to_be_gone() -> None:
    recorded = entry(before=record(voice_url=VOICE), after=record(voice_url=SMS))
    assert undone(recorded, None) == ("set", {}, "skipped", f"{number_of(1)} is no longer in {MAIN}")


def test_a_transfer_goes_back_with_every_field_that_differs() -> None:
    before = record(address_sid=ADDRESS, sms_url=SMS, voice_application_sid=APPLICATION, bundle_sid=None)
    after = record(
        account_sid=SUB, address_sid=THEIRS, sms_url=SMS, voice_application_sid=None, bundle_sid="BU" + "5" * 32
    )
    recorded = entry("transfer", before, after)
    change = inverse(recorded, after, force=False)
    assert (change.operation.name, change.account_sid, change.to_account) == ("transfer", SUB, MAIN)
    assert change.wanted == {"address_sid": ADDRESS, "voice_application_sid": APPLICATION, "bundle_sid": ""}
    assert holder(recorded) == SUB


@pytest.mark.parametrize("outcome", ["unknown", "transferred"])
def test_a_transfer_whose_number_is_where_it_was_is_unchanged(outcome: str) -> None:
    before, after = record(address_sid=ADDRESS), record(account_sid=SUB, address_sid=THEIRS)
    wanted = {"account_sid": SUB, "address_sid": THEIRS}
    recorded = entry("transfer", before, None if outcome == "unknown" else after, outcome=outcome, wanted=wanted)
    assert (holder(recorded), former_holder(recorded)) == (SUB, MAIN)
    assert undone(recorded, before)[2:] == ("unchanged", None)
    assert undone(recorded, {**after, "account_sid": MAIN}) == ("set", {"address_sid": ADDRESS}, None, None)
    assert undone(recorded, after) == ("transfer", {"address_sid": ADDRESS}, None, None)


def test_only_a_transfer_has_a_former_account() -> None:
    assert former_holder(entry(before=record(), after=record())) is None
    assert former_holder(entry("buy", None, record())) is None


DEFAULTS = {
    **{name: "POST" for name in SETTINGS if name.endswith("_method")},
    "voice_caller_id_lookup": False,
    "voice_receive_mode": "voice",
    "api_version": "2010-04-01",
    "emergency_status": "Active",
}


def test_a_released_number_that_is_for_sale_is_bought_with_what_was_not_the_default() -> None:
    given = {"voice_url": VOICE, "sms_method": "GET", "sms_url": "", "trunk_sid": None, "friendly_name": "Desk"}
    change = inverse(entry("release", record(**{**DEFAULTS, **given})), None, force=False, offered=True)
    assert (change.operation.name, change.settled) == ("buy", None)
    assert change.wanted == {"friendly_name": "Desk", "voice_url": VOICE, "sms_method": "GET"}
    assert change.remark == "! this buys it: the service offers it for sale again"


def test_the_name_that_the_service_gives_is_not_sent() -> None:
    before = record(friendly_name="(415) 555-0001", voice_url=None)
    assert inverse(entry("release", before), None, force=False, offered=True).wanted == {}


def test_a_released_number_that_is_not_offered_is_a_failure_with_the_way_back() -> None:
    change = inverse(entry("release", record()), None, force=True)
    assert (change.operation.name, change.settled) == ("buy", "failed")
    assert change.reason is not None
    assert change.reason.message == f"{number_of(1)} is not among the numbers offered for sale"
    assert change.reason.hint is not None
    assert change.reason.hint.startswith("Console > Phone Numbers > Released Numbers may give a number back within 10")


def test_a_question_that_the_service_refuses_is_the_reason() -> None:
    refusal = Refused("no pattern")
    assert inverse(entry("release", record()), None, force=False, offered=refusal).reason is refusal


def test_emergency_status_is_not_put_back() -> None:
    before, after = record(emergency_status="Inactive"), record(emergency_status="Active", voice_url=SMS)
    change = inverse(entry(before=before, after=after), after, force=False)
    assert change.wanted == {"voice_url": VOICE}
    assert change.remark == "! emergency_status was Inactive, and stays Active: the service decides it"


@pytest.mark.parametrize("force", [False, True])
def test_a_hosted_number_cannot_be_bought_again(force: bool) -> None:
    before = record(origin="hosted")
    reason = f"{number_of(1)} was hosted, not one of the service's own numbers: it cannot be bought"
    assert undone(entry("release", before), None, force=force) == ("set", {}, "skipped", reason)
    assert undone(entry("release", before, outcome="unknown"), before)[2] == "unchanged"


@pytest.mark.parametrize("outcome", ["bought", "unknown"])
def test_a_purchase_that_is_not_the_accounts_need_not_be_given_back(outcome: str) -> None:
    recorded = entry("buy", None, record() if outcome == "bought" else None, outcome=outcome)
    assert undone(recorded, None) == ("set", {}, "unchanged", None)


def test_a_purchase_is_not_undone_and_the_release_is_shown() -> None:
    change = inverse(entry("buy", None, record()), record(), force=True)
    assert change.settled == "skipped"
    assert change.reason is not None
    assert change.reason.message == f"{number_of(1)}: a purchase can't be undone"
    assert change.reason.advice(Reach((), MAIN).line) == f"to release it: numctl release {number_of(1)}"


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


def test_what_was_set_after_a_purchase_is_part_of_it() -> None:
    bought, after = entry("buy", None, record()), entry(before=record(), after=record(emergency_address_sid=ADDRESS))
    other = entry(before=record(voice_url=VOICE), after=record(voice_url=SMS), phone_number=number_of(2))
    assert undoable([bought, after, other]) == [bought, other]


def test_a_refused_release_is_nothing_to_undo() -> None:
    assert undoable([entry("release", record(), record(), outcome="failed")]) == []
    assert undoable([entry("transfer", record(), record(account_sid=SUB), outcome="failed")]) == []


def test_settings_of_which_only_some_were_taken_are_undone_too() -> None:
    failed = entry(before=record(voice_url=VOICE), after=record(voice_url=SMS), outcome="failed")
    same = entry(before=record(voice_url=VOICE), after=record(voice_url=VOICE), outcome="failed")
    assert undoable([failed, same]) == [failed]


def test_what_is_undone_stands_in_the_order_of_its_numbers_not_of_its_beginnings() -> None:
    entries = [entry(before=record(), phone_number=number_of(index)) for index in (3, 1, 2)]
    assert [one["phone_number"] for one in undoable(entries)] == [number_of(index) for index in (1, 2, 3)]


def test_a_field_that_the_live_record_leaves_out_was_not_changed_since() -> None:
    recorded = entry(before=record(voice_receive_mode="voice"), after=record(voice_receive_mode="fax"))
    assert undone(recorded, record()) == ("set", {"voice_receive_mode": "voice"}, None, None)


@pytest.mark.parametrize("after", [record(), record(voice_receive_mode="fax")], ids=["never shown", "shown after"])
def test_a_field_that_was_not_shown_before_is_not_put_back_and_is_named(after: Record) -> None:
    after = {**after, "voice_url": SMS}
    recorded = entry(before=record(), after=after, wanted={"voice_receive_mode": "fax", "voice_url": SMS})
    message = f"{number_of(1)}: voice_receive_mode was not shown by the service before"
    assert undone(recorded, after) == ("set", {}, "skipped", message)
    forced = inverse(recorded, after, force=True)
    assert (forced.wanted, forced.settled) == ({"voice_url": VOICE}, None)
    assert forced.remark == "! voice_receive_mode was not shown by the service before, and stays as it is"
