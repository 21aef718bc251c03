"""Every change takes effect once, and its result is what the service's state says.

Each test counts the requests that arrived, and looks at what the server holds.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from numctl.api.client import Client
from numctl.api.transport import Transport
from numctl.changes import operation, plan
from numctl.changes.change import Change, Result, SparePool, exit_code
from numctl.changes.perform import SENDS, Performer
from numctl.cli.reach import Reach
from numctl.errors import ExitCode
from numctl.sandbox.records import belonging
from tests.wire import faults
from tests.wire.diary import Diary
from tests.wire.fake_clock import FakeClock
from tests.wire.reply import problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, TOKEN, Service, running

NUMBER = "+14155552344"
NEIGHBOUR = "+141555523440"
URL = "https://voice.example.com/answer"
LOST = (*faults.PASSING, *faults.PENDING, *faults.FOREIGN)
"""Everything after which the answer to a change is not known."""

OWN_FAILURES, UNANSWERED, PENDING = (
    [fault.before() for fault in group] for group in (faults.OWN_FAILURES, faults.UNANSWERED, faults.PENDING)
)
AGAIN = [*UNANSWERED, *OWN_FAILURES]
"""What a purchase is sent again after, where it does not show."""


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as service:
        yield service


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def perform(service: Service, clock: FakeClock, diary: Diary) -> Performer:
    service.state.now = clock.now
    return Performer(Client(Transport(service.url, (ACCOUNT, TOKEN), clock=clock), ACCOUNT), diary, clock)


@pytest.fixture
def hasty(service: Service, diary: Diary) -> Performer:
    """Half a second for each request, on the real clock; what is between the looks takes no time."""
    client = Client(Transport(service.url, (ACCOUNT, TOKEN), timeout=0.5), ACCOUNT)
    return Performer(client, diary, FakeClock())


def buying(**wanted: Any) -> Change:
    return plan.buying(ACCOUNT, NUMBER, wanted)


def settled(perform: Performer, change: Change) -> Result:
    """Perform a change, and look where its number is if it was not there any more."""
    result = perform(change)
    perform.gone.settle()
    (final,) = perform.gone.final([result])
    return final


def owned(service: Service, **settings: Any) -> dict[str, Any]:
    """Put the number into the account, and return its record as it is now."""
    return dict(service.state.add(ACCOUNT, NUMBER, **settings))


def check(result: Result, outcome: str, record: dict[str, Any] | None, code: ExitCode) -> None:
    """Check the result, its record and the exit code that a command with this result alone has."""
    assert (result.outcome, exit_code([result])) == (outcome, code)
    assert result.after == record
    assert (result.error is None) == (code is ExitCode.OK)


def check_unknown(result: Result, account: str = "") -> None:
    check(result, "unknown", None, ExitCode.UNKNOWN)
    assert result.error is not None
    assert result.error.message.startswith(f"{NUMBER}: ")
    assert result.error.advice(Reach((), ACCOUNT).line) == f"look before repeating: numctl show {NUMBER}{account}"


def check_not_shown(result: Result, account: str = "") -> None:
    check_unknown(result, account)
    assert result.error is not None
    assert result.error.message.endswith("it is not visible yet, but may still take effect")


# Purchases


def test_a_purchase_that_is_answered_is_sent_once(service: Service, perform: Performer, diary: Diary) -> None:
    result = perform(buying(voice_url=URL))
    check(result, "bought", service.state.find(NUMBER), ExitCode.OK)
    assert result.after is not None
    assert result.after["voice_url"] == URL
    assert (len(service.received), service.state.purchases) == (1, [NUMBER])
    assert (len(diary.begun), diary.ended) == (1, [(1, result)])


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_purchase_whose_answer_is_lost_is_found_and_not_sent_again(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    service.fail(fault, on="POST", times=9)
    check(perform(buying(voice_url=URL)), "bought", service.state.find(NUMBER), ExitCode.OK)
    assert (service.count("POST"), service.count("GET"), service.state.purchases) == (1, 1, [NUMBER])


@pytest.mark.parametrize("fault", AGAIN, ids=str)
def test_a_purchase_that_did_nothing_is_sent_again_after_looking(
    service: Service, perform: Performer, clock: FakeClock, fault: faults.Fault
) -> None:
    service.fail(fault, on="POST")
    check(perform(buying()), "bought", service.state.find(NUMBER), ExitCode.OK)
    methods = [request.method for request in service.received]
    assert methods == ["POST", "GET", "GET", "GET", "GET", "POST"]
    assert (sum(clock.slept), service.state.purchases) == (4.0, [NUMBER])


@pytest.mark.parametrize("fault", UNANSWERED, ids=str)
def test_a_purchase_that_the_service_never_answers_is_unknown(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    service.fail(fault, on="POST", times=99)
    check_not_shown(perform(buying()))
    assert (service.count("POST"), service.state.purchases) == (SENDS, [])


@pytest.mark.parametrize("fault", PENDING, ids=str)
def test_a_purchase_that_may_still_come_is_unknown_and_not_sent_again(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    service.fail(fault, on="POST")
    check_not_shown(perform(buying()))
    assert (service.count("POST"), service.count("GET"), service.state.purchases) == (1, 4, [])


def test_a_purchase_answered_201_that_shows_late_is_not_reported_as_failed(
    service: Service, perform: Performer
) -> None:
    service.state.lag = 99
    service.fail(faults.CUT_SHORT, on="POST")
    check_not_shown(perform(buying()))
    assert (service.count("POST"), service.state.purchases) == (1, [NUMBER])


@pytest.mark.parametrize("operation", ["buy", "set", "release", "transfer"])
def test_a_change_that_is_carried_out_long_after_a_504_is_never_said_not_to_happen(
    service: Service, perform: Performer, operation: str
) -> None:
    record = {} if operation == "buy" else owned(service)
    service.fail(faults.status(504).taking(99), on="DELETE" if operation == "release" else "POST", times=99)
    changes = {
        "buy": lambda: buying(),
        "set": lambda: plan.setting(record, {"voice_url": URL}),
        "release": lambda: plan.releasing(record),
        "transfer": lambda: plan.transferring(record, OTHER_ACCOUNT, {}),
    }
    check_not_shown(perform(changes[operation]()), f" --account {OTHER_ACCOUNT}" if operation == "transfer" else "")
    service.carry_out(math.inf)
    assert service.state.purchases == ([NUMBER] if operation == "buy" else [])


@pytest.mark.parametrize("last", [faults.throttled("21600"), *OWN_FAILURES], ids=str)
def test_a_purchase_with_one_unanswered_send_is_unknown_whatever_comes_last(
    service: Service, perform: Performer, last: faults.Fault
) -> None:
    service.fail(faults.RESET.before(), on="POST").fail(last, on="POST", times=9)
    check_not_shown(perform(buying()))
    assert service.state.purchases == []


@pytest.mark.parametrize("fault", OWN_FAILURES, ids=str)
def test_a_purchase_that_the_service_itself_fails_is_said_not_to_have_happened(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    service.fail(fault, on="POST", times=99)
    result = perform(buying())
    check(result, "failed", None, ExitCode.UNAVAILABLE)
    assert result.error is not None
    assert "it was not bought" in result.error.message
    assert (service.count("POST"), service.state.purchases) == (SENDS, [])


def test_a_purchase_refused_with_429_is_repeated_until_time_is_up_without_looks(
    service: Service, perform: Performer
) -> None:
    service.fail(faults.throttled(), times=99)
    result = perform(buying())
    check(result, "failed", None, ExitCode.UNAVAILABLE)
    assert (service.count("GET"), service.state.purchases) == (0, [])
    assert service.count("POST") > 4


def test_a_purchase_after_a_429_is_sent_again_without_a_look(service: Service, perform: Performer) -> None:
    service.fail(faults.throttled("2"), on="POST", times=2)
    check(perform(buying()), "bought", service.state.find(NUMBER), ExitCode.OK)
    assert (service.count("POST"), service.count("GET"), service.state.purchases) == (3, 0, [NUMBER])


def test_a_purchase_without_a_connection_is_said_not_to_have_happened(service: Service, perform: Performer) -> None:
    service.close()
    check(perform(buying()), "failed", None, ExitCode.UNAVAILABLE)
    assert service.received == []


def test_a_purchase_that_reading_shows_late_is_waited_for_and_not_sent_again(
    service: Service, perform: Performer
) -> None:
    service.state.lag = 3
    service.fail(faults.RESET, on="POST")
    check(perform(buying()), "bought", service.state.find(NUMBER), ExitCode.OK)
    assert (service.count("POST"), service.count("GET"), service.state.purchases) == (1, 4, [NUMBER])


def test_a_purchase_that_reading_shows_too_late_is_paid_for_once(service: Service, perform: Performer) -> None:
    service.state.lag = 5
    service.fail(faults.RESET, on="POST")
    check(perform(buying()), "bought", service.state.find(NUMBER), ExitCode.OK)
    assert (service.count("POST"), service.state.purchases) == (2, [NUMBER])


def test_a_purchase_that_reading_never_shows_is_unknown_and_paid_for_once(service: Service, perform: Performer) -> None:
    service.state.lag = 99
    service.fail(faults.RESET, on="POST")
    check_unknown(perform(buying()))
    assert (service.count("POST"), service.state.purchases) == (2, [NUMBER])


@pytest.mark.parametrize("fault", [faults.RESET, faults.status(500), faults.HTML, faults.WRONG_SHAPE], ids=str)
@pytest.mark.parametrize("lost", [faults.RESET, faults.RESET.before()], ids=str)
def test_a_purchase_that_cannot_be_looked_for_is_unknown_and_not_sent_again(
    service: Service, perform: Performer, lost: faults.Fault, fault: faults.Fault
) -> None:
    service.fail(lost, on="POST", times=9).fail(fault, on="GET", times=99)
    check_unknown(perform(buying()))
    assert service.count("POST") == 1


def test_a_look_that_works_only_in_the_end_is_enough(service: Service, perform: Performer) -> None:
    service.fail(faults.RESET, on="POST").fail(faults.HTML, on="GET", times=3)
    check(perform(buying()), "bought", service.state.find(NUMBER), ExitCode.OK)
    assert (service.count("POST"), service.count("GET")) == (1, 4)


@pytest.mark.parametrize(
    "fault", [faults.HANG, faults.TRICKLED_HEADERS, faults.TRICKLED_BODY, faults.late(1.5)], ids=str
)
def test_a_purchase_without_an_answer_in_time_is_found(service: Service, hasty: Performer, fault: faults.Fault) -> None:
    service.fail(fault, on="POST")
    check(hasty(buying()), "bought", service.state.find(NUMBER), ExitCode.OK)
    assert (service.count("POST"), service.state.purchases) == (1, [NUMBER])


def test_a_purchase_without_an_answer_in_time_that_does_not_show_may_still_come(
    service: Service, hasty: Performer
) -> None:
    service.fail(faults.HANG.before(), on="POST", times=9)
    check_unknown(hasty(buying()))
    assert service.count("POST") == 1


def test_a_purchase_is_looked_for_by_exactly_its_number(service: Service, perform: Performer) -> None:
    service.state.add(ACCOUNT, NEIGHBOUR)
    service.fail(faults.RESET.before(), on="POST", times=99)
    check_not_shown(perform(buying()))
    looks = [request for request in service.received if request.method == "GET"]
    assert {request.query["PhoneNumber"] for request in looks} == {NUMBER}


def test_an_answer_for_another_number_is_looked_into(service: Service, perform: Performer) -> None:
    service.fail(faults.ANOTHER_NUMBER, on="POST")
    check(perform(buying()), "bought", service.state.find(NUMBER), ExitCode.OK)
    assert (service.count("POST"), service.state.purchases) == (1, [NUMBER])


def test_an_answer_for_another_number_is_unknown_and_not_followed_by_a_purchase(
    service: Service, perform: Performer
) -> None:
    other = service.state.add(OTHER_ACCOUNT, "+14155550000")
    service.fail(faults.instead("another number", dict(other), 201).before(), on="POST", times=99)
    check_unknown(perform(buying()))
    assert (service.count("POST"), service.state.purchases) == (1, [])


def test_a_number_that_is_not_for_sale_fails_with_what_the_service_said(service: Service, perform: Performer) -> None:
    service.state.not_for_sale.add(NUMBER)
    result = perform(buying())
    check(result, "failed", None, ExitCode.REFUSED)
    assert result.error is not None
    assert (result.error.code, service.count("POST")) == (21422, 1)


def test_a_purchase_with_another_setting_than_asked_is_bought_and_not_as_asked(
    service: Service, perform: Performer
) -> None:
    service.fail(faults.altered("deaf", lambda record: {**record, "voice_url": ""}), on="POST")
    result = perform(buying(voice_url=URL))
    assert (result.outcome, result.holds, service.state.purchases) == ("bought", False, [NUMBER])
    assert result.error is not None
    assert "voice_url" in result.error.message


def test_a_purchase_taken_by_someone_else_goes_on_with_the_spares_shown(service: Service, perform: Performer) -> None:
    service.state.not_for_sale.update([NUMBER, "+14155550001"])
    spares = SparePool(["+14155550001", "+14155550002", "+14155550003"])
    result = perform(Change(operation.BUY, ACCOUNT, NUMBER, spares=spares))
    check(result, "bought", service.state.find("+14155550002"), ExitCode.OK)
    assert (service.state.purchases, spares.numbers) == (["+14155550002"], ["+14155550003"])


def test_a_purchase_whose_outcome_is_unknown_takes_no_spare(service: Service, perform: Performer) -> None:
    service.state.lag = 99
    service.fail(faults.RESET, on="POST")
    spares = SparePool(["+14155550001"])
    result = perform(Change(operation.BUY, ACCOUNT, NUMBER, spares=spares))
    assert (result.outcome, service.state.purchases, spares.numbers) == ("unknown", [NUMBER], ["+14155550001"])


# Settings


@pytest.mark.parametrize("fault", [*LOST, *(fault.before() for fault in faults.PASSING)], ids=str)
def test_a_change_whose_answer_is_lost_is_found_or_sent_again(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    record = owned(service)
    service.fail(fault, on="POST")
    check(perform(plan.setting(record, {"voice_url": URL})), "changed", {**record, "voice_url": URL}, ExitCode.OK)
    assert service.count("POST") <= 2


@pytest.mark.parametrize("fault", [*UNANSWERED, *PENDING], ids=str)
def test_a_change_that_the_service_never_answers_is_unknown(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    record = owned(service)
    service.fail(fault, on="POST", times=99)
    check_not_shown(perform(plan.setting(record, {"voice_url": URL})))
    assert (service.count("POST") <= 4, service.state.find(NUMBER)) == (True, record)


@pytest.mark.parametrize("failure", OWN_FAILURES, ids=str)
def test_a_change_of_which_one_send_was_never_answered_is_unknown(
    service: Service, perform: Performer, failure: faults.Fault
) -> None:
    record = owned(service)
    service.fail(faults.status(504), on="POST").fail(failure, on="POST", times=99)
    check_not_shown(perform(plan.setting(record, {"voice_url": URL})))
    assert service.count("POST") == 4


@pytest.mark.parametrize("lost", [*UNANSWERED, *OWN_FAILURES], ids=str)
def test_a_change_that_the_service_refuses_in_the_end_fails_with_what_it_said(
    service: Service, perform: Performer, lost: faults.Fault
) -> None:
    record = owned(service)
    refusal = problem(400, 21402, "VoiceUrl is not valid")
    service.fail(lost, on="POST").fail(faults.status(400, body=refusal.body), on="POST", times=9)
    result = perform(plan.setting(record, {"voice_url": URL}))
    check(result, "failed", record, ExitCode.REFUSED)
    assert result.error is not None
    assert result.error.code == 21402
    assert "VoiceUrl is not valid" in result.error.message


@pytest.mark.parametrize("fault", OWN_FAILURES, ids=str)
def test_a_change_that_the_service_itself_fails_is_said_not_to_have_happened(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    record = owned(service)
    service.fail(fault, on="POST", times=99)
    result = perform(plan.setting(record, {"voice_url": URL}))
    check(result, "failed", None, ExitCode.UNAVAILABLE)
    assert result.error is not None
    assert "it was not changed" in result.error.message
    assert (service.count("POST") <= 4, service.state.find(NUMBER)) == (True, record)


def test_a_change_whose_answers_are_all_lost_is_found(service: Service, perform: Performer) -> None:
    record = owned(service)
    service.fail(faults.status(502, applies=True), on="POST", times=99)
    check(perform(plan.setting(record, {"voice_url": URL})), "changed", {**record, "voice_url": URL}, ExitCode.OK)
    assert (service.count("POST"), service.count("GET")) == (4, 1)


def test_a_change_that_reading_shows_late_is_waited_for(service: Service, perform: Performer) -> None:
    record = owned(service)
    service.state.lag = 3
    service.fail(faults.HTML, on="POST")
    check(perform(plan.setting(record, {"voice_url": URL})), "changed", {**record, "voice_url": URL}, ExitCode.OK)
    assert (service.count("POST"), service.count("GET")) == (1, 4)


def test_a_change_that_cannot_be_looked_for_is_unknown(service: Service, perform: Performer) -> None:
    record = owned(service)
    service.fail(faults.RESET, on="POST", times=99).fail(faults.status(500), on="GET", times=99)
    check_unknown(perform(plan.setting(record, {"voice_url": URL})))
    assert service.count("POST") == 4


def test_a_change_without_an_answer_in_time_that_does_not_show_is_unknown(service: Service, hasty: Performer) -> None:
    record = owned(service)
    service.fail(faults.HANG.before(), on="POST")
    check_unknown(hasty(plan.setting(record, {"voice_url": URL})))
    assert service.count("POST") == 1


def test_a_change_that_is_answered_for_another_number_is_looked_into(service: Service, perform: Performer) -> None:
    record = owned(service)
    service.fail(faults.ANOTHER_NUMBER, on="POST")
    check(perform(plan.setting(record, {"voice_url": URL})), "changed", {**record, "voice_url": URL}, ExitCode.OK)


def test_a_change_answered_with_the_old_value_is_not_a_success(service: Service, perform: Performer) -> None:
    record = owned(service)
    service.fail(faults.instead("as it was", record).before(), on="POST")
    check(perform(plan.setting(record, {"voice_url": URL})), "failed", record, ExitCode.REFUSED)


# Releases


@pytest.mark.parametrize("fault", faults.PASSING, ids=str)
def test_a_release_whose_repeat_is_answered_404_succeeded(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    service.fail(fault, on="DELETE")
    check(settled(perform, plan.releasing(owned(service))), "released", None, ExitCode.OK)
    assert (service.count("DELETE"), service.state.find(NUMBER)) == (2, None)


def test_a_number_that_vanishes_between_the_look_and_the_release_is_released(
    service: Service, perform: Performer
) -> None:
    record = owned(service)
    service.state.delete(ACCOUNT, record["sid"])
    check(settled(perform, plan.releasing(record)), "released", None, ExitCode.OK)
    assert service.count("DELETE") == 1


@pytest.mark.parametrize("fault", [faults.RESET.before(), faults.status(503), faults.status(504)], ids=str)
@pytest.mark.parametrize("times", [1, 99])
def test_a_number_moved_before_an_unanswered_release_is_not_called_released(
    service: Service, perform: Performer, fault: faults.Fault, times: int
) -> None:
    record = owned(service)
    moved = service.state.numbers[OTHER_ACCOUNT][record["sid"]] = service.state.numbers[ACCOUNT].pop(record["sid"])
    moved["account_sid"] = OTHER_ACCOUNT
    service.fail(fault, on="DELETE", times=times)
    result = settled(perform, plan.releasing(record))
    assert (result.outcome, result.after) == ("failed", moved)
    assert result.error is not None
    assert result.error.message == f"{NUMBER}: it was not released: someone else moved it to {OTHER_ACCOUNT}"


@pytest.mark.parametrize("fault", [*UNANSWERED, *PENDING], ids=str)
def test_a_release_that_the_service_never_answers_is_unknown(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    record = owned(service)
    service.fail(fault, on="DELETE", times=99)
    check_not_shown(perform(plan.releasing(record)))
    assert (service.count("DELETE") <= 4, service.state.find(NUMBER)) == (True, record)


@pytest.mark.parametrize("fault", OWN_FAILURES, ids=str)
def test_a_release_that_the_service_itself_fails_is_said_not_to_have_happened(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    record = owned(service)
    service.fail(fault, on="DELETE", times=99)
    result = perform(plan.releasing(record))
    check(result, "failed", None, ExitCode.UNAVAILABLE)
    assert result.error is not None
    assert "it was not released" in result.error.message
    assert (service.count("DELETE") <= 4, service.state.find(NUMBER)) == (True, record)


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_release_whose_answers_are_all_lost_is_found(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    service.state.lag = 2
    service.fail(fault, on="DELETE", times=99)
    check(settled(perform, plan.releasing(owned(service))), "released", None, ExitCode.OK)


def test_a_404_in_html_is_neither_a_release_nor_a_look_that_shows_one(service: Service, perform: Performer) -> None:
    service.fail(faults.HTML_404.before(), times=99)
    check_unknown(perform(plan.releasing(owned(service))))
    assert service.state.find(NUMBER) is not None


def test_a_release_without_an_answer_in_time_that_does_not_show_is_unknown(service: Service, hasty: Performer) -> None:
    service.fail(faults.HANG.before(), on="DELETE")
    check_unknown(hasty(plan.releasing(owned(service))))


# Transfers


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_transfer_whose_answer_is_lost_is_found_in_the_other_account(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    record = owned(service)
    service.fail(fault, on="POST")
    result = perform(plan.transferring(record, OTHER_ACCOUNT, {}))
    check(result, "transferred", record | belonging(OTHER_ACCOUNT, record["sid"]), ExitCode.OK)
    assert (service.count("POST"), service.state.find(NUMBER)) == (1, result.after)


@pytest.mark.parametrize("fault", [*UNANSWERED, *PENDING], ids=str)
def test_a_transfer_that_the_service_never_answers_is_unknown(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    record = owned(service)
    service.fail(fault, on="POST", times=99)
    check_not_shown(perform(plan.transferring(record, OTHER_ACCOUNT, {})), f" --account {OTHER_ACCOUNT}")
    assert service.count("POST") == (1 if fault in PENDING else SENDS)
    assert service.state.find(NUMBER) == record


@pytest.mark.parametrize("fault", OWN_FAILURES, ids=str)
def test_a_transfer_that_the_service_itself_fails_is_said_not_to_have_happened(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    record = owned(service)
    service.fail(fault, on="POST", times=99)
    result = perform(plan.transferring(record, OTHER_ACCOUNT, {}))
    check(result, "failed", None, ExitCode.UNAVAILABLE)
    assert (service.count("POST") <= 4, service.state.find(NUMBER)) == (True, record)


def test_a_transfer_that_was_made_and_that_reading_shows_too_late_is_unknown(
    service: Service, perform: Performer
) -> None:
    service.state.lag = 99
    service.fail(faults.RESET, on="POST")
    check_not_shown(perform(plan.transferring(owned(service), OTHER_ACCOUNT, {})), f" --account {OTHER_ACCOUNT}")
    assert service.count("POST") == 2


def test_a_transfer_of_a_number_that_is_in_neither_account_is_unknown(service: Service, perform: Performer) -> None:
    record = owned(service)
    service.state.delete(ACCOUNT, record["sid"])
    check_unknown(perform(plan.transferring(record, OTHER_ACCOUNT, {})), f" --account {OTHER_ACCOUNT}")
    assert service.count("POST") == 1


def test_an_answer_from_the_old_account_does_not_prove_a_transfer(service: Service, perform: Performer) -> None:
    record = owned(service)
    service.fail(faults.instead("as it was", record).before(), on="POST")
    result = perform(plan.transferring(record, OTHER_ACCOUNT, {}))
    assert (result.outcome, result.holds, exit_code([result])) == ("failed", False, ExitCode.REFUSED)


def test_a_transfer_that_cannot_be_looked_for_is_unknown(service: Service, perform: Performer) -> None:
    record = owned(service)
    service.fail(faults.HTML, on="POST").fail(faults.status(500), on="GET", times=99)
    check_unknown(perform(plan.transferring(record, OTHER_ACCOUNT, {})), f" --account {OTHER_ACCOUNT}")


@pytest.mark.parametrize("operation", ["set", "release", "transfer"])
def test_a_look_that_is_answered_for_another_number_shows_nothing(
    service: Service, perform: Performer, operation: str
) -> None:
    record = owned(service)
    service.fail(faults.HTML.before(), times=1).fail(faults.ANOTHER_NUMBER, on="GET", times=99)
    changes = {
        "set": plan.setting(record, {"voice_url": URL}),
        "release": plan.releasing(record),
        "transfer": plan.transferring(record, OTHER_ACCOUNT, {}),
    }
    result = perform(changes[operation])
    assert (result.outcome, service.state.find(NUMBER)) == ("unknown", record)


# What never happens


def test_what_is_settled_sends_nothing(service: Service, perform: Performer, diary: Diary) -> None:
    record = owned(service, voice_url=URL)
    result = perform(plan.setting(record, {"voice_url": URL}))
    check(result, "unchanged", record, ExitCode.OK)
    assert (service.received, diary.begun) == ([], [])


def test_every_error_of_a_change_begins_with_its_number_and_is_one_line(service: Service, perform: Performer) -> None:
    for fault in (faults.throttled("999"), faults.status(403), faults.status(400), faults.RESET.before()):
        service.fail(fault, on="POST", times=SENDS if fault.name == "reset, before" else 1)
        result = perform(buying())
        assert result.outcome == ("unknown" if fault.name == "reset, before" else "failed"), fault
        assert result.error is not None
        assert re.fullmatch(rf"{re.escape(NUMBER)}: [^\n]+", result.error.message), fault
    assert service.state.purchases == []


# --- Answers that the service would not give, and a run that was halted


@pytest.mark.parametrize("fault", faults.PASSING, ids=str)
def test_a_setting_that_the_service_rewrites_is_changed_if_the_answer_is_lost(
    service: Service, perform: Performer, fault: faults.Fault
) -> None:
    live = owned(service)
    service.state.rewrites = lambda record: {**record, "voice_url": f"{URL}/"}
    service.fail(fault, on="POST", times=99)
    result = perform(plan.setting(live, {"voice_url": URL}))
    assert (result.outcome, exit_code([result])) == ("changed", ExitCode.PARTIAL)
    assert result.after is not None
    assert result.after["voice_url"] == f"{URL}/"
    assert result.error is not None
    assert result.error.message == f"{NUMBER}: the service's answer has another voice_url than requested"


def test_an_answer_that_names_another_account_is_looked_into(service: Service, perform: Performer) -> None:
    service.fail(faults.altered("another account", lambda body: {**body, "account_sid": OTHER_ACCOUNT}), on="POST")
    result = perform(buying())
    check(result, "bought", service.state.find(NUMBER), ExitCode.OK)
    assert (service.count("POST"), service.count("GET")) == (1, 1)


def test_a_purchase_is_not_sent_again_once_the_run_is_halted(service: Service, diary: Diary) -> None:
    clock, stop = Halting(), threading.Event()
    clock.halt = stop.set
    perform = Performer(Client(Transport(service.url, (ACCOUNT, TOKEN), clock=clock), ACCOUNT), diary, clock, stop)
    service.fail(faults.RESET.before(), on="POST")
    result = perform(buying())
    check_not_shown(result)
    assert service.count("POST") == 1
    assert service.state.find(NUMBER) is None


@pytest.mark.parametrize("change", ["buy", "set"])
def test_a_change_that_waits_for_a_limit_is_not_sent_once_the_run_is_halted(
    service: Service, diary: Diary, change: str
) -> None:
    live, clock = owned(service), Halting()
    transport = Transport(service.url, (ACCOUNT, TOKEN), clock=clock)
    clock.halt = transport.stop.set
    service.fail(faults.throttled("4"), on="POST")
    wanted = plan.buying(ACCOUNT, "+14155559999", {}) if change == "buy" else plan.setting(live, {"voice_url": URL})
    result = Performer(Client(transport, ACCOUNT), diary, clock, transport.stop)(wanted)
    assert (result.outcome, exit_code([result]), service.count("POST")) == ("failed", ExitCode.UNAVAILABLE, 1)


def test_no_spare_is_bought_once_the_run_is_halted(service: Service, perform: Performer) -> None:
    service.state.add(OTHER_ACCOUNT, NUMBER)
    perform.stop.set()
    result = perform(replace(buying(), spares=SparePool(["+14155559999"])))
    assert (result.outcome, result.change.phone_number, service.count("POST")) == ("failed", NUMBER, 1)


class Halting(FakeClock):
    """A clock on which the run is halted while someone waits."""

    halt: Callable[[], None]

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.halt()
