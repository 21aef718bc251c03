"""What would change, what that means, and how several results become one exit code."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.changes import consequences, operation, plan
from numctl.changes.change import Change, Result, SparePool, exit_code, predicted
from numctl.cli.reach import Reach
from numctl.errors import AuthError, ExitCode, NotFound, NumctlError, OutcomeUnknown, Refused, Unavailable, UsageError
from numctl.model.number import Record, difference
from numctl.model.outcome import Outcome
from numctl.model.settings import SETTINGS, Wanted
from tests.fakes import ADDRESS, APPLICATION, BUNDLE, MAIN, SMS, SUB, TRUNK, VOICE, a_record, number_of, sid_of

OLD_FALLBACK = "https://old.example.com/call"


def a_result(outcome: str, error: NumctlError | None = None) -> Result:
    return Result(Change(operation.SET, MAIN, number_of(100), sid_of(100), a_record()), Outcome(outcome), error=error)


# --- Changes from what is live and what is wanted


def test_a_setting_that_differs_is_to_be_sent() -> None:
    live = a_record()
    assert plan.setting(live, {"voice_url": SMS}) == Change(
        operation.SET, MAIN, number_of(100), sid_of(100), live, {"voice_url": SMS}
    )


@pytest.mark.parametrize("wanted", [{}, {"voice_url": VOICE}, {"sms_url": "", "voice_caller_id_lookup": False}])
def test_a_number_whose_settings_hold_already_is_settled(wanted: Wanted) -> None:
    live = a_record(voice_caller_id_lookup=None)
    assert plan.setting(live, wanted) == Change(
        operation.SET, MAIN, number_of(100), sid_of(100), live, wanted, settled=Outcome.UNCHANGED
    )


def test_a_purchase_of_a_number_that_is_not_ours_is_to_be_sent() -> None:
    assert plan.buying(MAIN, number_of(7), {"voice_url": VOICE}) == Change(
        operation.BUY, MAIN, number_of(7), wanted={"voice_url": VOICE}
    )


def test_a_number_that_is_ours_with_these_settings_is_not_bought_again() -> None:
    live = a_record()
    assert plan.buying(MAIN, number_of(100), {"voice_url": VOICE}, live) == Change(
        operation.BUY, MAIN, number_of(100), sid_of(100), live, {"voice_url": VOICE}, settled=Outcome.UNCHANGED
    )


def test_buying_our_own_number_with_other_settings_names_the_set_command() -> None:
    live = a_record()
    change = plan.buying(MAIN, number_of(100), {"friendly_name": "Ada's desk", "voice_caller_id_lookup": True}, live)
    assert (change.settled, change.before, change.sid) == ("failed", live, sid_of(100))
    assert change.reason is not None
    assert change.reason.as_json(Reach((), MAIN).line) == {
        "exit_code": 1,
        "message": "+14155550100 is already in the account, with other settings",
        "hint": "to set it: numctl set +14155550100 --friendly-name 'Ada'\"'\"'s desk' --voice-caller-id-lookup",
        "status": None,
        "code": None,
        "more_info": None,
    }


def test_every_kind_of_setting_can_be_said_in_words() -> None:
    wanted: Wanted = {"friendly_name": "a $(b) 'c'", "voice_caller_id_lookup": False, "sms_url": "", "trunk_sid": TRUNK}
    assert plan.setting_words(wanted) == [
        "--friendly-name",
        "a $(b) 'c'",
        "--no-voice-caller-id-lookup",
        "--clear",
        "sms_url",
        "--trunk-sid",
        TRUNK,
    ]


def test_a_release_names_the_account_that_holds_the_number() -> None:
    live = a_record(account=SUB)
    assert plan.releasing(live) == Change(operation.RELEASE, SUB, number_of(100), sid_of(100), live)


@pytest.mark.parametrize(
    ("ref", "number", "sid"), [(number_of(1), number_of(1), None), (sid_of(1), "", sid_of(1))], ids=["number", "sid"]
)
def test_a_number_that_is_gone_is_as_good_as_released(ref: str, number: str, sid: str | None) -> None:
    assert plan.gone(MAIN, ref) == Change(operation.RELEASE, MAIN, number, sid, settled=Outcome.UNCHANGED)


def test_a_number_is_moved_with_the_settings_given() -> None:
    live = a_record()
    wanted: Wanted = {"address_sid": ADDRESS}
    moved = Change(operation.TRANSFER, MAIN, number_of(100), sid_of(100), live, wanted, to_account=SUB)
    assert plan.transferring(live, SUB, wanted) == moved


@pytest.mark.parametrize(
    ("wanted", "settled"), [({}, "unchanged"), ({"address_sid": ADDRESS}, None), ({"voice_url": VOICE}, "unchanged")]
)
def test_a_number_that_is_there_already_only_gets_the_settings_given(wanted: Wanted, settled: Outcome | None) -> None:
    live = a_record(voice_url=VOICE)
    change = Change(operation.SET, MAIN, number_of(100), sid_of(100), live, wanted, settled=settled)
    assert plan.transferring(live, MAIN, wanted) == change


def test_a_trunk_and_an_application_together_are_a_usage_error() -> None:
    with pytest.raises(UsageError) as caught:
        plan.check_wanted({"trunk_sid": TRUNK, "voice_application_sid": APPLICATION})
    assert caught.value.message == "--trunk-sid and --voice-application-sid can't be combined: each deletes the other"


@pytest.mark.parametrize(
    "wanted", [{}, {"trunk_sid": TRUNK, "voice_application_sid": ""}, {"trunk_sid": TRUNK, "sms_application_sid": "x"}]
)
def test_other_settings_go_together(wanted: Wanted) -> None:
    plan.check_wanted(wanted)


# --- What is predicted, and what differs


def test_setting_a_trunk_deletes_the_application_and_the_other_way_round() -> None:
    with_application = plan.setting(a_record(voice_application_sid=APPLICATION), {"trunk_sid": TRUNK})
    with_trunk = plan.setting(a_record(trunk_sid=TRUNK), {"voice_application_sid": APPLICATION})
    assert predicted(with_application) == a_record(voice_application_sid=None, trunk_sid=TRUNK)
    assert predicted(with_trunk) == a_record(voice_application_sid=APPLICATION, trunk_sid=None)


def test_clearing_a_trunk_deletes_nothing_else() -> None:
    change = plan.setting(a_record(voice_application_sid=APPLICATION), {"trunk_sid": "", "voice_url": SMS})
    assert predicted(change) == a_record(trunk_sid="", voice_application_sid=APPLICATION, voice_url=SMS)


def test_a_move_changes_the_account_and_a_release_leaves_nothing() -> None:
    moved = predicted(plan.transferring(a_record(), SUB, {"address_sid": ADDRESS}))
    assert moved == a_record(account_sid=SUB, address_sid=ADDRESS)
    assert predicted(plan.releasing(a_record())) == {}


def test_the_prediction_leaves_the_live_record_alone() -> None:
    live = a_record()
    predicted(plan.setting(live, {"trunk_sid": TRUNK}))
    assert live == a_record()


def test_the_difference_has_every_differing_writable_field_also_unrequested_ones() -> None:
    before = a_record(trunk_sid=TRUNK, sms_url=None, status_callback="", date_updated="then", beta=False)
    after = a_record(trunk_sid=None, sms_url="", status_callback=None, date_updated="now", beta=True, voice_url=SMS)
    assert difference(before, after) == {"voice_url": [VOICE, SMS], "trunk_sid": [TRUNK, None]}


def test_the_difference_of_a_move_has_the_account() -> None:
    assert difference(a_record(), a_record(account_sid=SUB)) == {"account_sid": [MAIN, SUB]}


def test_the_difference_of_a_purchase_is_what_is_set_and_not_the_account() -> None:
    after = a_record(voice_caller_id_lookup=False, voice_method="POST")
    assert difference({}, after) == {
        "friendly_name": [None, "Front desk"],
        "voice_url": [None, VOICE],
        "voice_method": [None, "POST"],
    }


def test_the_boolean_differs_as_a_boolean() -> None:
    on, off = a_record(voice_caller_id_lookup=True), a_record(voice_caller_id_lookup=False)
    assert difference(off, on) == {"voice_caller_id_lookup": [False, True]}
    assert difference(on, off) == {"voice_caller_id_lookup": [True, False]}


def test_nothing_after_is_no_difference() -> None:
    assert difference(a_record(), {}) == {}


values = st.one_of(st.none(), st.just(""), st.sampled_from(["x", "y"]), st.booleans())


@given(st.fixed_dictionaries(dict.fromkeys(SETTINGS, values)), st.dictionaries(st.sampled_from([*SETTINGS]), values))
def test_applying_a_difference_leaves_none(before: dict[str, Any], changes: dict[str, Any]) -> None:
    after = {**before, **changes}
    found = difference(before, after)
    patched = {**before, **{name: pair[1] for name, pair in found.items()}}
    assert difference(patched, after) == {}
    assert set(found) <= set(changes)


# --- What a person is told before it happens


@pytest.mark.parametrize(
    ("live", "wanted", "lines"),
    [
        ({}, {"voice_url": SMS}, []),
        (
            {"voice_application_sid": APPLICATION},
            {"trunk_sid": TRUNK},
            [
                f"trunk_sid unassigns voice_application_sid ({APPLICATION})",
                f"voice_url has no effect any more: trunk {TRUNK} handles calls",
            ],
        ),
        (
            {"trunk_sid": TRUNK, "voice_url": None},
            {"voice_application_sid": APPLICATION},
            [f"voice_application_sid unassigns trunk_sid ({TRUNK})"],
        ),
        ({"trunk_sid": TRUNK}, {"voice_url": SMS}, [f"voice_url has no effect: trunk {TRUNK} handles calls"]),
        ({"trunk_sid": TRUNK}, {"voice_url": SMS, "trunk_sid": ""}, []),
        ({"trunk_sid": TRUNK}, {"voice_url": ""}, []),
        (
            {"sms_url": SMS, "sms_fallback_url": SMS},
            {"sms_application_sid": APPLICATION},
            [f"sms_url, sms_fallback_url have no effect any more: application {APPLICATION} handles messages"],
        ),
        (
            {"sms_application_sid": APPLICATION},
            {"sms_fallback_url": SMS},
            [f"sms_fallback_url has no effect: application {APPLICATION} handles messages"],
        ),
        ({}, {"voice_url": ""}, ["nothing will handle calls"]),
        ({"trunk_sid": TRUNK, "voice_url": None}, {"trunk_sid": ""}, ["nothing will handle calls"]),
        ({"trunk_sid": TRUNK}, {"trunk_sid": ""}, []),
    ],
)
def test_what_a_setting_overrides_deletes_or_silences_is_said(
    live: dict[str, Any], wanted: Wanted, lines: list[str]
) -> None:
    assert consequences.consequences(plan.setting(a_record(**live), wanted)) == lines


def test_a_purchase_says_which_of_its_own_settings_is_ignored() -> None:
    change = plan.buying(MAIN, number_of(7), {"trunk_sid": TRUNK, "voice_url": VOICE})
    assert consequences.consequences(change) == [f"voice_url has no effect: trunk {TRUNK} handles calls"]


def test_a_release_has_no_consequence_of_a_setting() -> None:
    assert consequences.consequences(plan.releasing(a_record())) == []


def test_what_the_service_deletes_counts_as_cleared() -> None:
    assert consequences.cleared(plan.setting(a_record(trunk_sid=TRUNK), {"voice_application_sid": APPLICATION})) == [
        "trunk_sid"
    ]


def test_only_what_holds_something_now_is_cleared() -> None:
    change = plan.setting(a_record(bundle_sid=BUNDLE, sms_url=""), {"bundle_sid": "", "sms_url": "", "address_sid": ""})
    assert consequences.cleared(change) == ["bundle_sid"]


@pytest.mark.parametrize(
    ("live", "wanted", "asks"),
    [
        ({}, {"voice_url": SMS}, False),
        ({}, {"voice_url": ""}, True),
        ({"trunk_sid": TRUNK}, {"voice_url": ""}, False),
        ({"trunk_sid": TRUNK}, {"trunk_sid": ""}, True),
        ({"trunk_sid": TRUNK}, {"trunk_sid": "TK" + "9" * 32}, False),
        ({"trunk_sid": TRUNK}, {"voice_application_sid": APPLICATION}, True),
        ({"trunk_sid": None, "voice_application_sid": APPLICATION}, {"trunk_sid": TRUNK}, True),
        ({"trunk_sid": None, "voice_application_sid": None}, {"voice_application_sid": APPLICATION}, False),
        ({"sms_url": SMS}, {"sms_url": ""}, True),
        ({"sms_application_sid": APPLICATION, "sms_url": SMS}, {"sms_url": ""}, False),
        ({"sms_application_sid": APPLICATION, "sms_url": SMS}, {"sms_application_sid": ""}, True),
        ({"voice_fallback_url": SMS}, {"voice_fallback_url": ""}, False),
        ({"voice_url": None}, {"voice_url": ""}, False),
        ({"address_sid": ADDRESS}, {"address_sid": ""}, True),
        ({"bundle_sid": BUNDLE}, {"bundle_sid": ""}, True),
        ({"identity_sid": "RI"}, {"identity_sid": ""}, True),
        ({"emergency_address_sid": ADDRESS}, {"emergency_address_sid": ""}, True),
        ({"emergency_address_sid": ADDRESS}, {"emergency_address_sid": "AD" + "9" * 32}, False),
        ({"address_sid": None}, {"address_sid": ""}, False),
        ({"friendly_name": "x"}, {"friendly_name": ""}, False),
    ],
)
def test_a_single_number_is_asked_about_only_when_it_is_grave(live: dict[str, Any], wanted: Wanted, asks: bool) -> None:
    assert consequences.takes_away(plan.setting(a_record(**live), wanted)) is asks


MONTHLY, BY_THE_CALL = "billed monthly", "with caller-ID lookup, billed per call"


@pytest.mark.parametrize(
    ("change", "costs"),
    [
        (plan.buying(MAIN, number_of(7), {}), [MONTHLY]),
        (plan.buying(MAIN, number_of(7), {"voice_caller_id_lookup": True}), [MONTHLY, BY_THE_CALL]),
        (plan.buying(MAIN, number_of(100), {}, a_record()), []),
        (plan.buying(MAIN, number_of(100), {"voice_caller_id_lookup": True}, a_record()), []),
        (plan.setting(a_record(), {"voice_caller_id_lookup": True}), [BY_THE_CALL]),
        (plan.setting(a_record(voice_caller_id_lookup=True), {"voice_caller_id_lookup": True}), []),
        (plan.setting(a_record(voice_caller_id_lookup=True), {"voice_caller_id_lookup": False}), []),
        (plan.releasing(a_record(voice_caller_id_lookup=True)), []),
        (plan.transferring(a_record(), SUB, {}), []),
    ],
)
def test_what_costs_money_is_said_and_nothing_that_is_not_sent(change: Change, costs: list[str]) -> None:
    assert consequences.costs(change) == costs


# --- Results


def test_the_row_of_a_change_is_what_scripts_rely_on() -> None:
    before, after = a_record(trunk_sid=TRUNK), a_record(trunk_sid=None, voice_application_sid=APPLICATION)
    change = plan.setting(before, {"voice_application_sid": APPLICATION})
    assert Result(change, Outcome.CHANGED, after).as_json() == {
        "phone_number": number_of(100),
        "sid": sid_of(100),
        "account_sid": MAIN,
        "outcome": "changed",
        "changes": {"voice_application_sid": [None, APPLICATION], "trunk_sid": [TRUNK, None]},
        "number": after,
        "error": None,
        "run": None,
    }


def test_a_plan_row_has_the_predicted_changes_and_the_present_number() -> None:
    before = a_record(trunk_sid=TRUNK)
    change = plan.setting(before, {"voice_application_sid": APPLICATION})
    assert Result(change, Outcome.PLANNED, before).as_json() == {
        "phone_number": number_of(100),
        "sid": sid_of(100),
        "account_sid": MAIN,
        "outcome": "planned",
        "changes": {"voice_application_sid": [None, APPLICATION], "trunk_sid": [TRUNK, None]},
        "number": before,
        "error": None,
        "run": None,
    }


def test_the_row_of_a_purchase_has_the_sid_that_it_got() -> None:
    after = a_record(7, friendly_name="")
    row = Result(plan.buying(MAIN, number_of(7), {"voice_url": VOICE}), Outcome.BOUGHT, after).as_json()
    assert row == {
        "phone_number": number_of(7),
        "sid": sid_of(7),
        "account_sid": MAIN,
        "outcome": "bought",
        "changes": {"voice_url": [None, VOICE]},
        "number": after,
        "error": None,
        "run": None,
    }


def test_the_row_of_a_release_keeps_the_sid_and_has_no_number() -> None:
    assert Result(plan.releasing(a_record()), Outcome.RELEASED).as_json() == {
        "phone_number": number_of(100),
        "sid": sid_of(100),
        "account_sid": MAIN,
        "outcome": "released",
        "changes": {},
        "number": None,
        "error": None,
        "run": None,
    }


def test_the_row_of_a_failure_has_the_error_and_no_changes() -> None:
    before = a_record()
    result = Result(
        plan.setting(before, {"voice_url": SMS}), Outcome.FAILED, before, Refused("no", status=400, code=21402)
    )
    assert result.as_json() == {
        "phone_number": number_of(100),
        "sid": sid_of(100),
        "account_sid": MAIN,
        "outcome": "failed",
        "changes": {},
        "number": before,
        "error": {
            "exit_code": 1,
            "message": "no",
            "hint": None,
            "status": 400,
            "code": 21402,
            "more_info": None,
        },
        "run": None,
    }


def test_the_row_names_the_run_and_the_account_that_holds_the_number_now() -> None:
    row = Result(plan.transferring(a_record(), SUB, {}), Outcome.TRANSFERRED, a_record(account=SUB)).as_json(
        run_id="5x"
    )
    assert (row["account_sid"], row["run"], row["changes"]) == (SUB, "5x", {"account_sid": [MAIN, SUB]})
    assert list(row) == ["phone_number", "sid", "account_sid", "outcome", "changes", "number", "error", "run"]


@pytest.mark.parametrize(
    ("wanted", "theirs"),
    [
        ({"friendly_name": "ours"}, {"voice_url": SMS}),
        ({"friendly_name": "ours"}, {"voice_application_sid": APPLICATION}),
        ({"friendly_name": "ours"}, {"account_sid": SUB}),
        ({"trunk_sid": TRUNK}, {"voice_application_sid": "AP" + "7" * 32}),
    ],
)
def test_what_somebody_else_changed_is_not_among_the_changes_of_this_run(
    wanted: Wanted, theirs: dict[str, str]
) -> None:
    before = a_record(trunk_sid=None, voice_application_sid="AP" + "6" * 32, friendly_name="old", voice_url=VOICE)
    row = Result(plan.setting(before, wanted), Outcome.CHANGED, {**before, **wanted, **theirs}).as_json()
    assert row["changes"] == {name: [before[name], value] for name, value in wanted.items()}
    assert row["also_changed"] == {name: [before[name], value] for name, value in theirs.items()}
    assert list(row)[-1] == "also_changed"


def test_a_field_that_one_of_two_records_leaves_out_is_nobodys_change() -> None:
    before, after = a_record(friendly_name="old", sms_method="GET"), a_record(friendly_name="new", trunk_sid=TRUNK)
    row = Result(plan.setting(before, {"friendly_name": "new"}), Outcome.CHANGED, after).as_json()
    assert (row["changes"], "also_changed" in row) == ({"friendly_name": ["old", "new"]}, False)


def test_a_plan_names_nothing_that_somebody_else_changed() -> None:
    before = a_record(trunk_sid=TRUNK)
    change = plan.setting(before, {"voice_application_sid": APPLICATION})
    assert Result(change, Outcome.PLANNED, before).also_changed() == {}


@pytest.mark.parametrize(
    ("outcome", "holds"),
    [
        ("bought", True),
        ("changed", True),
        ("unchanged", True),
        ("released", True),
        ("transferred", True),
        ("planned", False),
        ("failed", False),
        ("unknown", False),
        ("skipped", False),
    ],
)
def test_what_was_asked_for_holds_only_for_what_is_done_or_was_so(outcome: Outcome, holds: bool) -> None:
    assert a_result(outcome).holds is holds
    assert a_result(outcome, Refused("with another name than asked")).holds is False


REFUSED, GONE = Refused("no"), NotFound("gone")
UNSURE, DOWN, DENIED = OutcomeUnknown("who knows"), Unavailable("down"), AuthError("who are you")


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([], ExitCode.OK),
        ([("changed", None)], ExitCode.OK),
        ([("changed", None), ("unchanged", None)], ExitCode.OK),
        ([("unchanged", None)], ExitCode.OK),
        ([("planned", None)], ExitCode.OK),
        ([("planned", None), ("unchanged", None)], ExitCode.OK),
        ([("planned", None), ("skipped", REFUSED)], ExitCode.REFUSED),
        ([("failed", REFUSED)], ExitCode.REFUSED),
        ([("failed", GONE)], ExitCode.NOT_FOUND),
        ([("failed", DOWN), ("failed", DOWN)], ExitCode.UNAVAILABLE),
        ([("failed", DENIED), ("skipped", REFUSED)], ExitCode.REFUSED),
        ([("failed", DENIED), ("failed", GONE)], ExitCode.REFUSED),
        ([("failed", GONE), ("unchanged", None)], ExitCode.NOT_FOUND),
        ([("failed", None), ("failed", REFUSED)], ExitCode.REFUSED),
        ([("changed", None), ("failed", GONE)], ExitCode.PARTIAL),
        ([("bought", None), ("skipped", REFUSED)], ExitCode.PARTIAL),
        ([("bought", REFUSED)], ExitCode.PARTIAL),
        ([("released", None), ("unchanged", None), ("failed", DOWN)], ExitCode.PARTIAL),
        ([("unknown", UNSURE)], ExitCode.UNKNOWN),
        ([("changed", None), ("failed", GONE), ("unknown", UNSURE)], ExitCode.UNKNOWN),
        ([("unknown", None), ("skipped", REFUSED)], ExitCode.UNKNOWN),
    ],
)
def test_the_exit_code_of_several_results(results: list[tuple[Outcome, NumctlError | None]], code: ExitCode) -> None:
    assert exit_code([a_result(*result) for result in results]) == code


outcomes: st.SearchStrategy[Outcome] = st.sampled_from(
    ["bought", "changed", "unchanged", "released", "transferred", "failed", "unknown", "skipped"]
)
errors = st.sampled_from([REFUSED, GONE, DOWN, DENIED])


@given(st.lists(st.tuples(outcomes, errors), max_size=6))
def test_exit_0_is_told_if_and_only_if_everything_holds(drawn: list[tuple[Outcome, NumctlError]]) -> None:
    wrong = ("failed", "unknown", "skipped")
    results = [a_result(outcome, error if outcome in wrong else None) for outcome, error in drawn]
    assert (exit_code(results) == ExitCode.OK) is all(result.holds for result in results)


def test_each_spare_is_handed_out_once_whoever_asks_at_the_same_time() -> None:
    pool, got = SparePool(number_of(index) for index in range(50)), list[str | None]()
    takers = [threading.Thread(target=lambda: got.extend(pool.take() for _ in range(10))) for _ in range(8)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert sorted(number for number in got if number) == [number_of(index) for index in range(50)]
    assert got.count(None) == 30
    assert pool.take() is None


# --- What a record leaves out


def test_a_field_that_a_record_leaves_out_is_no_difference() -> None:
    whole, without = a_record(voice_receive_mode="voice"), a_record()
    assert difference(whole, without) == difference(without, whole) == {}
    assert difference({}, whole)["voice_receive_mode"] == [None, "voice"]
    nameless = {name: value for name, value in a_record(account=SUB).items() if name != "account_sid"}
    assert difference(a_record(), nameless) == {}


@pytest.mark.parametrize("value", ["voice", ""])
def test_a_setting_of_which_nothing_is_shown_is_sent(value: str) -> None:
    change = plan.setting(a_record(), {"voice_receive_mode": value})
    assert change.settled is None
    accepted = Result(change, Outcome.CHANGED, a_record())
    assert (accepted.unshown, accepted.changes(), accepted.holds) == (["voice_receive_mode"], {}, True)
    shown = Result(change, Outcome.CHANGED, a_record(voice_receive_mode="fax"))
    assert (shown.unshown, shown.changes()) == ([], {"voice_receive_mode": [None, "fax"]})
    assert Result(change, Outcome.FAILED, a_record()).unshown == []


LEAVING: Record = {"emergency_address_sid": ADDRESS, "emergency_address_status": "pending-unregistration"}


def test_an_emergency_address_that_is_being_cleared_does_not_count_as_set() -> None:
    change = plan.setting(a_record(**LEAVING), {"emergency_address_sid": ADDRESS})
    assert change.settled == "failed"
    assert change.reason is not None
    assert change.reason.message == (
        "+14155550100: its emergency address is being changed (pending-unregistration) "
        "and cannot be set until that is done"
    )


def test_what_is_under_way_of_an_emergency_address_is_not_sent_again() -> None:
    assert plan.setting(a_record(**LEAVING), {"emergency_address_sid": ""}).settled == "unchanged"
    both = plan.setting(a_record(**LEAVING), {"emergency_address_sid": "", "voice_url": SMS})
    assert (both.settled, both.wanted) == (None, {"voice_url": SMS})


def test_the_changes_of_a_clear_have_what_the_service_has_not_finished() -> None:
    live = a_record(emergency_address_sid=ADDRESS, emergency_address_status="registered")
    change = plan.setting(live, {"emergency_address_sid": ""})
    result = Result(change, Outcome.CHANGED, live | LEAVING)
    assert (result.changes(), result.pending) == ({"emergency_address_sid": [ADDRESS, None]}, ["emergency_address_sid"])


def test_what_the_service_refused_is_not_pending() -> None:
    change = plan.buying(MAIN, number_of(7), {"emergency_address_sid": ADDRESS})
    after = a_record(emergency_address_sid=None, emergency_address_status="unregistered")
    assert Result(change, Outcome.BOUGHT, after, Refused("no")).pending == []
