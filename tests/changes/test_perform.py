"""One change, carried out: what is sent, how often, and what may be said of it."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest

from numctl.changes import operation, plan
from numctl.changes.change import Change, Result, SparePool, exit_code
from numctl.changes.perform import SENDS, Performer
from numctl.cli.reach import Reach
from numctl.errors import AnswerLost, AuthError, NumctlError, Refused, Unavailable
from numctl.model.number import Record
from numctl.model.outcome import Outcome
from tests.fakes import ADDRESS, MAIN, SMS, SUB, VOICE, FakeService, a_record, not_found, number_of, sid_of
from tests.wire.diary import Diary
from tests.wire.fake_clock import FakeClock

LOST = AnswerLost("the answer was lost: the connection broke", status=502)
FAILED = AnswerLost("the answer was lost: the service answered 503", status=503, answered=True)
LATE = AnswerLost("the answer was lost: no answer in time", late=True)
DOWN = Unavailable("down", hint="check the network")
PURCHASE = plan.buying(MAIN, number_of(7), {"voice_url": VOICE})
BOUGHT = {**a_record(7), "voice_url": VOICE}
SETTING = plan.setting(a_record(1), {"voice_url": SMS})
RELEASE = plan.releasing(a_record(1))
MOVE = plan.transferring(a_record(1), SUB, {"address_sid": ADDRESS})
MOVED = a_record(1, account=SUB, address_sid=ADDRESS)


def perform(
    service: FakeService, change: Change, recorder: Diary | None = None, clock: FakeClock | None = None
) -> Result:
    performer = Performer(service.client(MAIN), recorder or Diary(), clock or FakeClock())
    result = performer(change)
    performer.gone.settle()
    (final,) = performer.gone.final([result])
    return final


def error_of(result: Result) -> dict[str, Any]:
    assert result.error is not None
    return result.error.as_json(Reach((), MAIN).line)


def told(result: Result) -> tuple[str, int, str, str | None]:
    error = error_of(result)
    return result.outcome, error["exit_code"], error["message"], error["hint"]


# --- What goes well


EACH_OPERATION = pytest.mark.parametrize(
    ("change", "operation", "outcome", "after"),
    [
        (PURCHASE, "buy", "bought", BOUGHT),
        (SETTING, "update", "changed", a_record(1, voice_url=SMS)),
        (RELEASE, "release", "released", None),
        (MOVE, "update", "transferred", MOVED),
    ],
    ids=["buy", "set", "release", "transfer"],
)


@EACH_OPERATION
def test_a_change_is_sent_once_and_its_answer_is_the_result(
    change: Change, operation: str, outcome: Outcome, after: dict[str, Any] | None
) -> None:
    service, recorder, clock = FakeService(a_record(1)), Diary(), FakeClock()
    assert perform(service, change, recorder, clock) == Result(change, outcome, after)
    assert service.calls == [(operation, MAIN, change.sid or change.phone_number)]
    assert (recorder.begun, recorder.outcomes, clock.slept) == ([change], [(1, outcome)], [])


def test_a_change_goes_to_the_account_that_holds_the_number() -> None:
    service = FakeService(a_record(1, account=SUB))
    assert perform(service, plan.releasing(a_record(1, account=SUB))).outcome == "released"
    assert service.calls == [("release", SUB, sid_of(1))]


@pytest.mark.parametrize(
    "change",
    [
        plan.setting(a_record(1), {}),
        plan.buying(MAIN, number_of(1), {"voice_url": SMS}, a_record(1)),
        plan.gone(MAIN, number_of(9)),
    ],
    ids=["unchanged", "failed", "gone"],
)
def test_what_is_settled_is_neither_sent_nor_recorded(change: Change) -> None:
    service, recorder = FakeService(a_record(1)), Diary()
    result = perform(service, change, recorder)
    assert result == Result(change, change.settled or Outcome.SKIPPED, change.before, change.reason)
    assert (service.calls, recorder.begun) == ([], [])


def test_nothing_is_sent_that_the_journal_could_not_write_down() -> None:
    class Full(Diary):
        def begin(self, change: Change) -> int:
            raise Refused("history.sqlite3: cannot be written: No space left on device")

    service = FakeService(a_record(1))
    result = perform(service, SETTING, Full())
    assert told(result) == ("failed", 1, "history.sqlite3: cannot be written: No space left on device", None)
    assert service.calls == []


def test_a_change_is_written_down_before_it_is_sent_and_completed_after() -> None:
    order: list[str] = []

    class Noting(Diary):
        def begin(self, change: Change) -> int:
            order.extend(["begin", *service.sent("update")])
            return super().begin(change)

        def end(self, entry: int, result: Result) -> None:
            order.extend([*service.sent("update"), "end"])
            super().end(entry, result)

    service = FakeService(a_record(1))
    perform(service, SETTING, Noting())
    assert order == ["begin", "update", "end"]


# --- What the service refuses


def test_a_refusal_is_a_failure_with_the_number_and_the_services_words() -> None:
    service = FakeService(a_record(1))
    service.faults["update"] = deque([Refused("no such URL", hint="mend it", status=400, code=21402, more_info="m")])
    result = perform(service, SETTING)
    assert (result.outcome, result.after) == ("failed", a_record(1))
    assert error_of(result) == {
        "exit_code": 1,
        "message": "+14155550001: no such URL",
        "hint": "mend it",
        "status": 400,
        "code": 21402,
        "more_info": "m",
    }


@pytest.mark.parametrize("error", [AuthError("who are you"), DOWN, not_found(sid_of(1))], ids=lambda e: e.exit_code)
def test_a_refusal_keeps_its_exit_code_and_is_not_sent_again(error: NumctlError) -> None:
    service = FakeService(a_record(1))
    service.faults["update"] = deque([error])
    result = perform(service, SETTING)
    assert told(result) == ("failed", int(error.exit_code), f"+14155550001: {error.message}", error.hint)
    assert service.sent("update", "fetch") == ["update"]


def test_a_number_that_is_gone_already_may_be_elsewhere_and_its_entry_stays_open() -> None:
    recorder = Diary()
    result = Performer(FakeService().client(MAIN), recorder, FakeClock())(RELEASE)
    message = f"+14155550001: it was no longer in {MAIN}, and was not looked for elsewhere"
    assert told(result)[:3] == ("unknown", 8, message)
    assert (recorder.begun, recorder.outcomes) == ([RELEASE], [])


# --- Lost answers


def lost_after(service: FakeService, operation: str, *errors: NumctlError | None) -> FakeService:
    service.after[operation] = deque(errors)
    return service


def lost_before(service: FakeService, operation: str, *errors: NumctlError | None) -> FakeService:
    service.faults[operation] = deque(errors)
    return service


@pytest.mark.parametrize("error", [LOST, LATE], ids=["lost", "late"])
@EACH_OPERATION
def test_a_change_whose_answer_was_lost_and_that_shows_is_a_success(
    change: Change, operation: str, outcome: Outcome, after: dict[str, Any] | None, error: AnswerLost
) -> None:
    service = lost_after(FakeService(a_record(1)), operation, error)
    assert perform(service, change) == Result(change, outcome, after)
    assert service.sent("buy", "update", "release") == [operation]


@pytest.mark.parametrize(
    ("change", "operation", "words"),
    [
        (SETTING, "update", "it was not changed"),
        (RELEASE, "release", "it was not released"),
    ],
    ids=["set", "release"],
)
def test_a_change_that_did_not_happen_fails_after_four_seconds_without_repeat(
    change: Change, operation: str, words: str
) -> None:
    service, clock = lost_before(FakeService(a_record(1)), operation, FAILED), FakeClock()
    result = perform(service, change, clock=clock)
    message = f"+14155550001: the answer was lost: the service answered 503; {words}"
    assert told(result) == ("failed", 7, message, "nothing was changed; try again")
    assert (service.sent("update", "release"), clock.now()) == ([operation], 4.0)


def test_a_change_that_did_not_happen_has_the_services_status_and_code() -> None:
    service = lost_before(FakeService(a_record(1)), "update", AnswerLost("down", answered=True, status=503, code=20503))
    error = error_of(perform(service, SETTING))
    assert (error["exit_code"], error["status"], error["code"]) == (7, 503, 20503)


def test_a_move_that_did_not_happen_is_sent_again_after_looking() -> None:
    service, clock = lost_before(FakeService(a_record(1)), "update", LOST), FakeClock()
    assert perform(service, MOVE, clock=clock) == Result(MOVE, Outcome.TRANSFERRED, MOVED)
    assert (service.sent("update"), clock.now()) == (["update"] * 2, 4.0)


def test_a_move_that_the_service_fails_is_sent_three_times_and_then_fails() -> None:
    service = lost_before(FakeService(a_record(1)), "update", *[FAILED] * 4)
    message = "+14155550001: the answer was lost: the service answered 503; it was not moved"
    assert told(perform(service, MOVE)) == ("failed", 7, message, "nothing was changed; try again")
    assert service.sent("update") == ["update"] * 3


@pytest.mark.parametrize(
    ("change", "operation", "option"),
    [
        (PURCHASE, "buy", ""),
        (SETTING, "update", ""),
        (RELEASE, "release", ""),
        (MOVE, "update", f" --account {SUB}"),
    ],
    ids=["buy", "set", "release", "transfer"],
)
def test_looks_that_fail_leave_it_unknown_with_the_command_that_shows_it(
    change: Change, operation: str, option: str
) -> None:
    service = lost_before(FakeService(a_record(1)), operation, LOST)
    service.faults |= {"list": deque([DOWN] * 4), "fetch": deque([DOWN] * 4)}
    result = perform(service, change)
    number = change.phone_number
    assert result.after is None
    assert error_of(result) == {
        "exit_code": 8,
        "message": f"{number}: the answer was lost: the connection broke, "
        "and it could not be learned whether it took effect",
        "hint": f"look before repeating: numctl show {number}{option}",
        "status": 502,
        "code": None,
        "more_info": None,
    }
    assert result.outcome == "unknown"
    assert service.sent("buy", "update", "release") == [operation]


@pytest.mark.parametrize(
    ("change", "operation"),
    [(PURCHASE, "buy"), (SETTING, "update"), (RELEASE, "release"), (MOVE, "update")],
    ids=["buy", "set", "release", "transfer"],
)
def test_a_late_answer_may_still_take_effect_so_not_finding_it_proves_nothing(change: Change, operation: str) -> None:
    service = lost_before(FakeService(a_record(1)), operation, LATE)
    result = perform(service, change)
    assert told(result)[:2] == ("unknown", 8)
    assert service.sent("buy", "update", "release") == [operation]


def test_an_unknown_outcome_in_a_subaccount_names_the_account_in_its_command() -> None:
    live = a_record(1, account=SUB)
    result = perform(lost_before(FakeService(live), "release", LATE), plan.releasing(live))
    assert error_of(result)["hint"] == f"look before repeating: numctl show {number_of(1)} --account {SUB}"


def test_a_purchase_is_repeated_after_a_look_shows_that_the_number_is_not_ours() -> None:
    service, clock, recorder = lost_before(FakeService(), "buy", LOST), FakeClock(), Diary()
    assert perform(service, PURCHASE, recorder, clock) == Result(PURCHASE, Outcome.BOUGHT, BOUGHT)
    assert service.sent("buy", "list") == ["buy", "list", "list", "list", "list", "buy"]
    assert (clock.now(), recorder.outcomes) == (4.0, [(1, "bought")])


def test_a_purchase_is_sent_three_times_at_most() -> None:
    service = lost_before(FakeService(), "buy", *[FAILED] * 5)
    result = perform(service, PURCHASE)
    message = "+14155550007: the answer was lost: the service answered 503; it was not bought"
    assert told(result) == ("failed", 7, message, "nothing was changed; try again")
    assert service.sent("buy") == ["buy"] * SENDS == ["buy"] * 3


@pytest.mark.parametrize(
    ("change", "operation", "sends"),
    [(PURCHASE, "buy", 3), (SETTING, "update", 1), (RELEASE, "release", 1), (MOVE, "update", 3)],
    ids=["buy", "set", "release", "transfer"],
)
@pytest.mark.parametrize("first", [LOST, FAILED], ids=["lost first", "failed first"])
def test_what_was_not_answered_each_time_is_unknown_and_said_not_to_show(
    change: Change, operation: str, sends: int, first: AnswerLost
) -> None:
    service = lost_before(FakeService(a_record(1)), operation, *([LOST] if sends == 1 else [first, LOST, FAILED]))
    result = perform(service, change)
    assert told(result)[:2] == ("unknown", 8)
    assert error_of(result)["message"].endswith("; it is not visible yet, but may still take effect")
    assert service.sent("buy", "update", "release") == [operation] * sends


def test_a_purchase_that_reading_shows_late_is_not_sent_again() -> None:
    service = lost_after(FakeService(), "buy", LOST)
    service.lag = 3
    assert perform(service, PURCHASE) == Result(PURCHASE, Outcome.BOUGHT, BOUGHT)
    assert service.sent("buy") == ["buy"]


def test_not_for_sale_after_a_lost_answer_may_mean_that_it_is_ours() -> None:
    service = lost_after(FakeService(), "buy", LOST)
    service.lag = 6
    assert perform(service, PURCHASE) == Result(PURCHASE, Outcome.BOUGHT, BOUGHT)
    assert service.sent("buy") == ["buy", "buy"]
    assert len(service.records) == 1


def test_not_for_sale_after_a_lost_answer_is_unknown_when_looking_does_not_show_it() -> None:
    service = lost_after(FakeService(), "buy", LOST)
    service.lag = 100
    result = perform(service, PURCHASE)
    assert told(result)[:2] == ("unknown", 8)
    assert service.sent("buy") == ["buy", "buy"]


def test_not_for_sale_at_once_is_a_plain_refusal_without_a_look() -> None:
    service = FakeService(a_record(7, account=SUB))
    result = perform(service, PURCHASE)
    assert told(result) == (
        "failed",
        1,
        "+14155550007: the service answered: +14155550007 is not available",
        "search",
    )
    assert service.calls == [("buy", MAIN, number_of(7))]


def test_another_refusal_after_a_lost_answer_stands_once_a_look_found_nothing() -> None:
    service = lost_before(FakeService(), "buy", LOST, AuthError("who are you"))
    assert told(perform(service, PURCHASE)) == ("failed", 3, "+14155550007: who are you", None)
    assert service.sent("buy") == ["buy", "buy"]


def test_a_number_that_somebody_else_moved_to_the_target_is_unchanged() -> None:
    service = FakeService(MOVED)
    result = perform(service, MOVE)
    assert (result.outcome, result.after, result.changes(), result.error) == ("unchanged", MOVED, {}, None)
    assert service.sent("update") == ["update"]


def test_a_number_moved_by_others_without_our_settings_names_the_set_command() -> None:
    result = perform(FakeService(a_record(1, account=SUB, address_sid=None)), MOVE)
    message = f"+14155550001: someone else moved it to {SUB} meanwhile, without address_sid"
    command = f"to set it: numctl set +14155550001 --address-sid {ADDRESS} --account {SUB}"
    assert told(result) == ("failed", 1, message, command)


def test_a_move_of_a_number_that_neither_account_shows_is_unknown() -> None:
    assert told(perform(FakeService(), MOVE))[:2] == ("unknown", 8)


def test_a_move_to_an_account_that_is_not_there_is_a_plain_refusal() -> None:
    service = lost_before(FakeService(a_record(1)), "update", not_found(SUB))
    assert told(perform(service, MOVE)) == (
        "failed",
        4,
        f"+14155550001: the service answered: {SUB} was not found",
        "look",
    )


# --- Answers that are not what was asked


class Deaf(FakeService):
    """A service that answers, and changes nothing."""

    def visible(self) -> dict[str, Record]:
        return {sid_of(1): a_record(1)}


def test_a_setting_that_the_service_ignored_is_a_failure() -> None:
    service = Deaf(a_record(1))
    service.answers.append({"voice_url": VOICE})
    result = perform(service, SETTING)
    message = "+14155550001: the service's answer has another voice_url than requested"
    assert told(result) == ("failed", 1, message, "to check: numctl show +14155550001")
    assert result.changes() == {}


@pytest.mark.parametrize(("change", "old"), [(SETTING, {"voice_url": VOICE}), (MOVE, {"account_sid": MAIN})])
def test_an_answer_that_shows_the_old_record_is_looked_into(change: Change, old: dict[str, str]) -> None:
    service = FakeService(a_record(1))
    service.answers.append(old)
    result = perform(service, change)
    assert (result.outcome, result.error) == (change.operation.done, None)
    assert service.sent("update", "fetch") == ["update", "fetch"]


def test_an_answer_that_shows_the_old_record_is_unknown_where_looking_fails() -> None:
    service = FakeService(a_record(1))
    service.answers.append({"voice_url": VOICE})
    service.faults["fetch"] = deque([Unavailable("down")] * 4)
    assert (perform(service, SETTING).outcome, service.sent("update")) == ("unknown", ["update"])


def test_settings_of_which_some_were_ignored_are_a_change_that_does_not_hold() -> None:
    change = plan.setting(a_record(1), {"voice_url": SMS, "friendly_name": "Back desk"})
    service = FakeService(a_record(1))
    service.answers.append({"friendly_name": "Front desk"})
    result = perform(service, change)
    message = "+14155550001: the service's answer has another friendly_name than requested"
    assert told(result)[:3] == ("changed", 1, message)
    assert (result.holds, result.changes()) == (False, {"voice_url": [VOICE, SMS]})
    assert exit_code([result]) == 6


def test_a_number_that_was_bought_with_other_settings_was_bought() -> None:
    service = FakeService()
    service.answers.append({"voice_url": None, "friendly_name": None})
    result = perform(service, PURCHASE)
    message = "+14155550007: the service's answer has another voice_url than requested"
    assert told(result)[:3] == ("bought", 1, message)
    assert (result.holds, exit_code([result])) == (False, 6)


def test_a_move_that_the_service_did_not_make_is_not_called_one() -> None:
    service = Deaf(a_record(1))
    service.answers.append({"account_sid": MAIN})
    result = perform(service, MOVE)
    message = "+14155550001: the service's answer has another account_sid than requested"
    assert told(result)[:3] == ("failed", 1, message)


# --- Spares


def with_spares(*spares: int) -> Change:
    return Change(operation.BUY, MAIN, number_of(7), wanted={}, spares=SparePool(number_of(index) for index in spares))


def test_a_number_that_someone_took_is_replaced_by_the_first_spare_that_is_left() -> None:
    service, recorder = FakeService(a_record(7, account=SUB), a_record(8, account=SUB)), Diary()
    result = perform(service, with_spares(8, 9, 10), recorder)
    assert (result.outcome, result.change.phone_number, result.as_json()["phone_number"]) == (
        "bought",
        number_of(9),
        number_of(9),
    )
    assert [what for _, _, what in service.calls] == [number_of(7), number_of(8), number_of(9)]
    assert recorder.outcomes == [(1, "failed"), (2, "failed"), (3, "bought")]


def test_without_a_spare_left_the_refusal_stands() -> None:
    service = FakeService(a_record(7, account=SUB), a_record(8, account=SUB))
    result = perform(service, with_spares(8))
    assert (result.outcome, error_of(result)["code"], result.change.phone_number) == ("failed", 21422, number_of(8))


@pytest.mark.parametrize(
    "fault", [LATE, AuthError("who are you"), Refused("no", code=21404)], ids=["late", "auth", "trial"]
)
def test_a_spare_is_bought_for_no_other_reason(fault: NumctlError) -> None:
    service = lost_before(FakeService(), "buy", fault)
    change = with_spares(8)
    result = perform(service, change)
    assert result.change == change
    assert [what for operation, _, what in service.calls if operation == "buy"] == [number_of(7)]


# --- What a purchase would drop silently


EMERGENCY = plan.buying(MAIN, number_of(7), {"voice_url": VOICE, "emergency_address_sid": ADDRESS})


def test_an_emergency_address_is_set_by_a_change_of_its_own() -> None:
    service, recorder = FakeService(), Diary()
    result = perform(service, EMERGENCY, recorder)
    assert (result.outcome, result.error, result.change) == (Outcome.BOUGHT, None, EMERGENCY)
    assert service.calls == [("buy", MAIN, number_of(7)), ("update", MAIN, sid_of(7))]
    assert [(one.operation.name, one.wanted) for one in recorder.begun] == [
        ("buy", {"voice_url": VOICE}),
        ("set", {"emergency_address_sid": ADDRESS}),
    ]
    assert recorder.outcomes == [(1, "bought"), (2, "changed")]


def test_a_purchase_that_failed_sets_nothing_after_it() -> None:
    service = FakeService(a_record(7, account=SUB))
    assert perform(service, EMERGENCY).outcome == "failed"
    assert service.sent("update") == []


def test_an_address_of_unknown_outcome_leaves_the_number_bought_and_exits_8() -> None:
    service = FakeService()
    service.faults = {"update": deque([LOST]), "fetch": deque([DOWN] * 9)}
    result = perform(service, EMERGENCY)
    assert (result.outcome, exit_code([result])) == (Outcome.BOUGHT, 8)
    assert told(result)[3] == f"to set it: numctl set {number_of(7)} --emergency-address-sid {ADDRESS}"


def test_a_run_that_was_halted_after_the_purchase_says_what_is_missing() -> None:
    service = FakeService()
    performer = Performer(service.client(MAIN), Diary(), FakeClock())
    service.after["buy"] = deque([None])
    bought = service.answered

    def halted(record: Record) -> Record:
        performer.stop.set()
        return bought(record)

    service.answered = halted  # type: ignore[method-assign]
    result = performer(EMERGENCY)
    assert (result.outcome, exit_code([result]), service.sent("update")) == (Outcome.BOUGHT, 6, [])
    message = f"{number_of(7)} is bought, but without emergency_address_sid: the run ended before"
    assert told(result)[2] == message
