"""The wire: retries, limits, paging and secrets, against a server that breaks what it is told to break.

Each test counts the requests that arrived.
"""

from __future__ import annotations

import base64
import itertools
import ssl
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3

from numctl.api.answer import Broken, NotSent
from numctl.api.client import Client
from numctl.api.http import guarded
from numctl.api.request import Request
from numctl.api.transport import Transport
from numctl.errors import AnswerLost, AuthError, ExitCode, Malformed, NotFound, NumctlError, Refused, Unavailable
from tests.wire import faults
from tests.wire.fake_clock import FakeClock
from tests.wire.reply import problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, ROOT, TOKEN, Service, basic, running

NUMBER = "+14155552344"
LIST = f"{ROOT}/{ACCOUNT}/IncomingPhoneNumbers.json"
SHORT = 0.5


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as service:
        yield service


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def client(service: Service, clock: FakeClock) -> Client:
    return Client(Transport(service.url, (ACCOUNT, TOKEN), clock=clock), ACCOUNT)


@pytest.fixture
def hasty(service: Service) -> Client:
    """A client on the real clock, with half a second for each request."""
    return Client(Transport(service.url, (ACCOUNT, TOKEN), timeout=SHORT), ACCOUNT)


def fill(service: Service, count: int) -> list[str]:
    return [service.state.add(ACCOUNT, f"+1415555{index:04d}")["phone_number"] for index in range(count)]


def listed(client: Client, **options: Any) -> list[list[str]]:
    return [[row["phone_number"] for row in page] for page in client.pages(**options)]


# What a repeat gets over


@pytest.mark.parametrize("first", faults.PASSING, ids=str)
@pytest.mark.parametrize("second", [faults.RESET, faults.throttled(), faults.status(503)], ids=str)
def test_a_read_survives_two_faults_in_a_row(
    service: Service, client: Client, first: faults.Fault, second: faults.Fault
) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(first).fail(second)
    assert client.fetch(record["sid"]) == record
    assert service.count("GET") == 3


@pytest.mark.parametrize("fault", [*faults.PASSING, *(fault.before() for fault in faults.PASSING)], ids=str)
def test_an_update_survives_two_faults_in_a_row(service: Service, client: Client, fault: faults.Fault) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(fault, times=2)
    after = client.update(record["sid"], {"voice_url": "https://a.example.com/"})
    assert after == {**record, "voice_url": "https://a.example.com/"}
    assert service.count("POST") == 3


@pytest.mark.parametrize("fault", [fault.before() for fault in faults.PASSING], ids=str)
def test_a_release_survives_two_faults_in_a_row(service: Service, client: Client, fault: faults.Fault) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(fault, times=2)
    client.release(record["sid"])
    assert service.count("DELETE") == 3
    assert service.state.find(NUMBER) is None


@pytest.mark.parametrize("fault", [faults.RESET, faults.status(500), faults.status(503, {"Retry-After": "1"})], ids=str)
def test_a_read_is_tried_four_times_at_most(
    service: Service, client: Client, clock: FakeClock, fault: faults.Fault
) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(fault, times=99)
    with pytest.raises(Unavailable) as caught:
        client.fetch(record["sid"])
    assert caught.value.exit_code is ExitCode.UNAVAILABLE
    assert service.count("GET") == 4


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("retry_after", [None, "1"])
def test_a_429_which_did_nothing_is_sent_again_until_the_time_is_up(
    service: Service, clock: FakeClock, method: str, retry_after: str | None
) -> None:
    client = Client(Transport(service.url, (ACCOUNT, TOKEN), clock=clock, timeout=20), ACCOUNT)
    service.fail(faults.throttled(retry_after), times=999)
    with pytest.raises(Unavailable) as caught:
        next(client.pages()) if method == "GET" else client.buy(NUMBER, {})
    assert type(caught.value) is Unavailable
    assert caught.value.message == "the service refused: too many requests (code 20429, HTTP 429)"
    assert 18 < sum(clock.slept) <= 20
    assert len(clock.slept) + 1 == service.count(method) < 25
    assert service.state.purchases == []


def test_a_429_after_half_a_minute_of_them_is_got_over(service: Service, client: Client, clock: FakeClock) -> None:
    service.fail(faults.throttled(), times=7)
    assert client.buy(NUMBER, {})["phone_number"] == NUMBER
    assert (service.count("POST"), service.state.purchases) == (8, [NUMBER])
    assert 20 < sum(clock.slept) < 60


def test_refusals_for_too_many_are_not_among_the_four_attempts(service: Service, client: Client) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    for throttled in (faults.throttled(), faults.throttled("1"), faults.throttled()):
        service.fail(throttled).fail(faults.RESET)
    assert client.fetch(record["sid"]) == record
    assert service.count("GET") == 7


ONCE = [faults.throttled(), faults.throttled("1"), faults.status(503), faults.RESET]


@pytest.mark.parametrize("fault", ONCE, ids=str)
def test_what_is_asked_once_is_asked_once(service: Service, clock: FakeClock, fault: faults.Fault) -> None:
    transport = Transport(service.url, (ACCOUNT, TOKEN), clock=clock)
    service.fail(fault, times=9)
    with pytest.raises(Unavailable):
        Client(transport.once(1), ACCOUNT).account(ACCOUNT)
    assert (service.count("GET"), clock.slept) == (1, [])


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_change_is_tried_four_times_at_most(service: Service, client: Client, method: str) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(faults.status(503), times=99)
    with pytest.raises(AnswerLost):
        client.update(record["sid"], {"sms_url": ""}) if method == "POST" else client.release(record["sid"])
    assert service.count(method) == 4


def test_a_purchase_is_not_repeated_when_its_answer_is_lost(service: Service, client: Client) -> None:
    for sent, fault in enumerate([*faults.PASSING, *faults.UNUSABLE], start=1):
        service.fail(fault.before())
        with pytest.raises(AnswerLost):
            client.buy(NUMBER, {})
        assert service.count("POST") == sent, fault


@pytest.mark.parametrize(
    ("fault", "answered", "late"),
    [
        *((faults.status(code), True, False) for code in (500, 503)),
        *((faults.instead(f"HTML {code}", b"<html>", code), False, False) for code in (500, 502, 503)),
        (faults.status(502), False, False),
        (faults.status(504), False, True),
        (faults.RESET, False, False),
        (faults.CUT_SHORT, False, True),
        (faults.EMPTY, False, True),
        (faults.WRONG_SHAPE, False, True),
        (faults.HTML_404, False, False),
    ],
    ids=str,
)
def test_a_lost_answer_says_whether_the_service_answered_or_may_still_be_at_work(
    service: Service, client: Client, fault: faults.Fault, answered: bool, late: bool
) -> None:
    service.fail(fault.before(), on="POST")
    with pytest.raises(AnswerLost) as caught:
        client.buy(NUMBER, {})
    assert (caught.value.answered, caught.value.late) == (answered, late)


def test_what_the_first_of_several_lost_answers_leaves_open_stays_open(service: Service, client: Client) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(faults.status(504), on="POST").fail(faults.status(503), on="POST", times=9)
    with pytest.raises(AnswerLost) as caught:
        client.update(record["sid"], {"sms_url": ""})
    assert (caught.value.answered, caught.value.late, service.count("POST")) == (False, True, 4)


def test_a_refusal_after_a_lost_answer_is_kept_with_it(service: Service, client: Client) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    refusal = problem(400, 21402, "SmsUrl is not valid")
    service.fail(faults.RESET.before(), on="POST").fail(faults.status(400, body=refusal.body), on="POST")
    with pytest.raises(AnswerLost) as caught:
        client.update(record["sid"], {"sms_url": "nonsense"})
    assert caught.value.refusal is not None
    assert (caught.value.refusal.code, service.count("POST")) == (21402, 2)


def test_a_purchase_is_repeated_after_a_429_which_did_nothing(service: Service, client: Client) -> None:
    service.fail(faults.throttled(), times=2)
    assert client.buy(NUMBER, {})["phone_number"] == NUMBER
    assert (service.count("POST"), service.state.purchases) == (3, [NUMBER])


def test_a_purchase_is_repeated_when_the_connection_was_never_made(service: Service) -> None:
    address = service.url
    service.close()
    clock = FakeClock()
    with pytest.raises(Unavailable) as caught:
        Client(Transport(address, (ACCOUNT, TOKEN), clock=clock), ACCOUNT).buy(NUMBER, {})
    assert not isinstance(caught.value, AnswerLost)
    assert caught.value.message == f"no connection could be made; POST {address}"
    assert (len(clock.slept), service.received) == (3, [])


def test_a_server_that_comes_up_meanwhile_is_reached(service: Service) -> None:
    late = LateServer()
    clock = FakeClock(on_sleep=late.start)
    try:
        record = Client(Transport(late.url, (ACCOUNT, TOKEN), clock=clock), ACCOUNT).buy(NUMBER, {})
        assert (record["phone_number"], len(clock.slept)) == (NUMBER, 1)
        assert late.service is not None
        assert late.service.state.purchases == [NUMBER]
    finally:
        late.close()


class LateServer:
    """An address where nothing listens until `start`."""

    def __init__(self) -> None:
        probe = Service()
        self.url, self.port = probe.url, int(probe.url.rpartition(":")[2])
        probe.close()
        self.service: Service | None = None

    def start(self) -> None:
        self.service = self.service or Service(self.port)

    def close(self) -> None:
        if self.service:
            self.service.close()


def tls_failure(reason: Exception) -> Callable[[], Any]:
    def send() -> Any:
        raise requests.exceptions.SSLError(
            urllib3.exceptions.MaxRetryError(
                None,  # type: ignore[arg-type]  # the pool says nothing about the failure
                "/",
                urllib3.exceptions.SSLError(reason),
            )
        )

    return send


def test_a_certificate_that_does_not_hold_means_that_nothing_was_sent() -> None:
    with pytest.raises(NotSent, match="certificate could not be verified"):
        guarded(tls_failure(ssl.SSLCertVerificationError(1, "certificate verify failed")))


def test_a_tls_connection_that_breaks_later_may_have_carried_the_request() -> None:
    with pytest.raises(Broken):
        guarded(tls_failure(ssl.SSLEOFError(8, "EOF occurred in violation of protocol")))


class Unanswering(requests.adapters.BaseAdapter):
    """A network on which no connection is ever made."""

    def __init__(self) -> None:
        super().__init__()
        self.bounds: list[Any] = []

    def send(self, request: Any, stream: bool = False, timeout: Any = None, *args: Any, **more: Any) -> Any:
        self.bounds.append(timeout)
        raise requests.exceptions.ConnectTimeout

    def close(self) -> None: ...


def test_connecting_times_out_before_the_request_so_a_purchase_was_not_sent(
    clock: FakeClock,
) -> None:
    network = Unanswering()
    transport = Transport("https://api.example.com", (ACCOUNT, TOKEN), clock=clock, adapter=network, timeout=5)
    with pytest.raises(Unavailable) as caught:
        Client(transport, ACCOUNT).buy(NUMBER, {})
    assert not isinstance(caught.value, AnswerLost)
    assert len(network.bounds) > 1
    assert all(connect < whole <= 5 for connect, whole in network.bounds)


# How long is waited


@pytest.mark.parametrize(("asked", "waited"), [("1", 1.0), ("30", 30.0), ("0", 0.0)])
def test_retry_after_is_honoured_up_to_thirty_seconds(
    service: Service, client: Client, clock: FakeClock, asked: str, waited: float
) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(faults.status(503, {"Retry-After": asked}))
    assert client.fetch(record["sid"]) == record
    assert (sum(clock.slept), service.count("GET")) == (waited, 2)


@pytest.mark.parametrize("nonsense", ["-5", "soon", "1.5", "", "٣", "9" * 400, "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_retry_after_that_makes_no_sense_is_ignored(
    service: Service, client: Client, clock: FakeClock, nonsense: str
) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(faults.status(503, {"Retry-After": nonsense.encode().decode("latin-1")}))
    assert client.fetch(record["sid"]) == record
    assert service.count("GET") == 2
    assert 0.5 <= sum(clock.slept) <= 0.75


@pytest.mark.parametrize("fault", [faults.throttled("21600"), faults.status(503, {"Retry-After": "21600"})], ids=str)
def test_a_longer_retry_after_is_reported_and_not_slept(
    service: Service, client: Client, clock: FakeClock, fault: faults.Fault
) -> None:
    service.fail(fault, times=9)
    with pytest.raises(Unavailable) as caught:
        listed(client)
    assert "asks to wait 21600 s" in caught.value.message
    assert (clock.slept, service.count("GET")) == ([], 1)


def test_a_longer_retry_after_of_a_change_is_reported_and_not_slept(
    service: Service, client: Client, clock: FakeClock
) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(faults.status(503, {"Retry-After": "31"}), times=9)
    with pytest.raises(AnswerLost, match="asks to wait 31 s"):
        client.update(record["sid"], {"sms_url": ""})
    assert (clock.slept, service.count("POST")) == ([], 1)


def test_no_wait_goes_beyond_the_time_for_the_whole_request(service: Service, clock: FakeClock) -> None:
    service.fail(faults.status(503, {"Retry-After": "29"}), times=9)
    with pytest.raises(Unavailable):
        listed(Client(Transport(service.url, (ACCOUNT, TOKEN), clock=clock, timeout=40), ACCOUNT))
    assert (clock.slept, service.count("GET")) == ([29.0], 2)


SLOW = [faults.HANG, faults.TRICKLED_HEADERS, faults.TRICKLED_BODY, faults.late(2.0)]


@pytest.mark.parametrize("fault", SLOW, ids=str)
def test_the_time_for_a_request_bounds_even_an_answer_that_trickles(
    service: Service, hasty: Client, fault: faults.Fault
) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(fault, times=9)
    with pytest.raises(Unavailable, match=r"no answer|in time"):
        hasty.fetch(record["sid"])
    assert service.count("GET") == 1


@pytest.mark.parametrize("fault", SLOW, ids=str)
def test_a_purchase_without_an_answer_in_time_is_lost_and_late(
    service: Service, hasty: Client, fault: faults.Fault
) -> None:
    service.fail(fault, times=9)
    with pytest.raises(AnswerLost) as caught:
        hasty.buy(NUMBER, {})
    assert caught.value.late
    assert service.count("POST") == 1


def test_the_next_request_does_not_meet_the_answer_to_one_given_up(service: Service, hasty: Client) -> None:
    first, second = service.state.add(ACCOUNT, NUMBER), service.state.add(ACCOUNT, "+14155550100")
    service.fail(faults.late(1.0))
    with pytest.raises(Unavailable):
        hasty.fetch(first["sid"])
    assert hasty.fetch(second["sid"]) == second


# What is read


@pytest.mark.parametrize("fault", faults.UNUSABLE, ids=str)
def test_an_answer_that_cannot_be_used_is_an_error_and_never_an_empty_list(
    service: Service, client: Client, fault: faults.Fault
) -> None:
    fill(service, 1)
    service.fail(fault)
    with pytest.raises(Malformed) as caught:
        listed(client)
    assert caught.value.exit_code is ExitCode.REFUSED
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 200
    assert service.count("GET") == 1


@pytest.mark.parametrize("fault", [*faults.UNUSABLE, faults.HTML_404], ids=str)
def test_an_unusable_answer_to_a_look_at_one_number_is_not_that_it_is_missing(
    service: Service, client: Client, fault: faults.Fault
) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(fault)
    with pytest.raises(Malformed):
        client.fetch(record["sid"])


def test_a_record_is_not_a_list_without_numbers(service: Service, client: Client) -> None:
    service.fail(faults.instead("an empty object", {}))
    with pytest.raises(Malformed, match="has no list of incoming phone numbers"):
        listed(client)


def test_sixteen_mebibytes_decoded_are_the_most_that_is_read(service: Service, client: Client) -> None:
    faults.bomb()
    service.fail(faults.GZIP_BOMB)
    tracemalloc.start()
    try:
        with pytest.raises(Malformed, match="larger than 16 MiB"):
            listed(client)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 << 20
    assert service.count("GET") == 1


def test_an_answer_just_below_the_bound_is_read(service: Service, client: Client) -> None:
    page = b'{"incoming_phone_numbers": [], "next_page_uri": null}'
    service.fail(faults.instead("large", page + b" " * ((16 << 20) - len(page))))
    assert listed(client) == [[]]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(service: Service, client: Client, code: int) -> None:
    with running() as elsewhere:
        for address in (elsewhere.url + LIST, LIST):
            service.fail(faults.status(code, {"Location": address}), times=9)
            with pytest.raises(Malformed, match="redirect"):
                listed(client)
            with pytest.raises(AnswerLost, match="redirect"):
                client.buy(NUMBER, {})
        assert elsewhere.received == []
    assert (service.count("GET"), service.count("POST")) == (2, 2)
    assert service.state.purchases == []


# Refusals


def test_a_refusal_carries_what_the_service_said(service: Service, client: Client) -> None:
    refusal = problem(400, 21421, "PhoneNumber +not-a-number is not a valid phone number")
    service.fail(faults.status(400, body=refusal.body))
    with pytest.raises(Refused) as caught:
        client.buy("+not-a-number", {})
    error = caught.value.as_json()
    assert error["hint"]
    assert {**error, "hint": ""} == {
        "exit_code": 1,
        "message": "the service answered: PhoneNumber +not-a-number is not a valid phone number (code 21421, HTTP 400)",
        "hint": "",
        "status": 400,
        "code": 21421,
        "more_info": "https://www.twilio.com/docs/errors/21421",
    }
    assert service.count("POST") == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_of_500_and_more_carries_what_the_service_said(service: Service, client: Client, method: str) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(faults.status(503, body=problem(503, 20503, "Down for maintenance").body), times=99)
    with pytest.raises(Unavailable) as caught:
        client.fetch(record["sid"]) if method == "GET" else client.buy("+14155552345", {})
    error = caught.value.as_json()
    said = "the service answered 503: Down for maintenance (code 20503)"
    assert said in error["message"]
    assert {**error, "message": "", "hint": ""} == {
        "exit_code": 7,
        "message": "",
        "hint": "",
        "status": 503,
        "code": 20503,
        "more_info": "https://www.twilio.com/docs/errors/20503",
    }
    assert (service.count("GET"), service.count("POST")) == ((4, 0) if method == "GET" else (0, 1))


def test_wrong_credentials_are_an_error_of_their_own_and_sent_once(service: Service, clock: FakeClock) -> None:
    client = Client(Transport(service.url, (ACCOUNT, "wrong"), clock=clock), ACCOUNT)
    with pytest.raises(AuthError) as caught:
        listed(client)
    assert (caught.value.exit_code, caught.value.code, service.count("GET")) == (ExitCode.AUTH, 20003, 1)


def test_a_number_that_is_not_there_is_not_found_and_asked_for_once(service: Service, client: Client) -> None:
    for call in (client.fetch, client.release):
        with pytest.raises(NotFound) as caught:
            call("PN" + "0" * 32)
        assert caught.value.exit_code is ExitCode.NOT_FOUND
    assert (service.count("GET"), service.count("DELETE")) == (1, 1)


def test_a_404_in_html_is_not_a_release(service: Service, client: Client) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    service.fail(faults.HTML_404.before(), on="DELETE", times=9)
    with pytest.raises(AnswerLost, match="did not come from the service"):
        client.release(record["sid"])
    assert service.state.find(NUMBER) == record


# Pages


def test_a_list_has_all_its_pages(service: Service, client: Client) -> None:
    numbers = fill(service, 7)
    assert listed(client, page_size=3) == [numbers[:3], numbers[3:6], numbers[6:]]
    assert service.count("GET") == 3


def test_a_list_asks_for_a_thousand_at_a_time_with_its_filters(service: Service, client: Client) -> None:
    service.state.add(ACCOUNT, NUMBER, friendly_name="Bread & butter", type="mobile")
    fill(service, 1)
    found = listed(
        client, type="mobile", beta=False, friendly_name="Bread & butter", phone_number="+1415555*344", origin="twilio"
    )
    assert found == [[NUMBER]]
    assert [(request.path, request.query) for request in service.received] == [
        (
            f"{ROOT}/{ACCOUNT}/IncomingPhoneNumbers/Mobile.json",
            {
                "Beta": "false",
                "FriendlyName": "Bread & butter",
                "PhoneNumber": "+1415555*344",
                "Origin": "twilio",
                "PageSize": "1000",
            },
        )
    ]


def test_an_empty_page_in_the_middle_does_not_end_the_list(service: Service, client: Client) -> None:
    numbers = fill(service, 6)
    service.fail(faults.altered("as it is", lambda page: page))
    service.fail(faults.altered("empty", lambda page: {**page, "incoming_phone_numbers": []}))
    assert listed(client, page_size=2) == [numbers[:2], [], numbers[4:]]


def test_a_number_repeated_from_the_page_before_is_listed_once(service: Service, client: Client) -> None:
    numbers = fill(service, 4)
    shifted = [service.state.find(numbers[1]), service.state.find(numbers[2])]
    service.fail(faults.altered("as it is", lambda page: page))
    service.fail(faults.altered("shifted", lambda page: {**page, "incoming_phone_numbers": shifted}))
    assert listed(client, page_size=2) == [numbers[:2], [numbers[2]]]


def test_a_number_repeated_on_its_page_is_listed_once(service: Service, client: Client) -> None:
    numbers = fill(service, 2)
    twice = faults.altered("twice", lambda page: {**page, "incoming_phone_numbers": page["incoming_phone_numbers"] * 2})
    service.fail(twice)
    assert listed(client) == [numbers]


def loop_to(page: int) -> faults.Fault:
    address = f"{LIST}?PageSize=2&Page={page}"
    return faults.altered(f"on to page {page}", lambda body: {**body, "next_page_uri": address})


@pytest.mark.parametrize("page", [0, 1])
def test_pages_that_go_round_in_a_circle_end_with_an_error(service: Service, client: Client, page: int) -> None:
    fill(service, 6)
    service.fail(loop_to(1)).fail(loop_to(page), times=99)
    with pytest.raises(Malformed, match="repeat without end"):
        listed(client, page_size=2)
    assert service.count("GET") <= 4


def endless(name: str, change: Callable[[dict[str, Any], int], dict[str, Any]]) -> faults.Fault:
    """A fault that names a new next page each time, and changes the page by its place."""
    places = itertools.count()

    def altered(page: dict[str, Any]) -> dict[str, Any]:
        place, address = next(places), page["next_page_uri"] or page["first_page_uri"]
        return {**change(page, place), "next_page_uri": f"{address}&Place{place}=x"}

    return faults.altered(name, altered)


@pytest.mark.parametrize(
    ("fault", "most"),
    [
        (endless("empty", lambda page, place: {**page, "incoming_phone_numbers": []}), 110),
        (endless("back and forth", lambda page, place: page), 5),
    ],
    ids=str,
)
def test_pages_that_never_end_under_ever_new_addresses_are_an_error(
    service: Service, client: Client, fault: faults.Fault, most: int
) -> None:
    fill(service, 4)
    service.fail(fault, times=999)
    with pytest.raises(Malformed, match="repeat without end"):
        listed(client, page_size=2)
    assert service.count("GET") <= most


def test_a_row_without_a_number_is_passed_over_where_one_is_looked_for(service: Service, client: Client) -> None:
    record = service.state.add(ACCOUNT, NUMBER)
    nameless = {"sid": "PN" + "0" * 32, "phone_number": None}
    service.fail(faults.altered("nameless", lambda page: {**page, "incoming_phone_numbers": [nameless, record]}))
    assert client.owned(NUMBER) == record


@pytest.mark.parametrize("sid", ["../../Accounts/x", "PN" + "1" * 31, "", "PN" + "1" * 32 + "/"])
def test_a_sid_that_is_none_is_not_made_a_part_of_an_address(service: Service, client: Client, sid: str) -> None:
    for call in (client.fetch, client.release, lambda sid: client.update(sid, {})):
        with pytest.raises(Malformed, match="not a SID"):
            call(sid)
    with pytest.raises(Malformed, match="not a SID"):
        client.on(sid)
    assert service.received == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_credentials_that_an_error_page_shows_back_are_not_in_the_error(
    service: Service, client: Client, method: str
) -> None:
    said = f"bad {TOKEN} in {basic(ACCOUNT, TOKEN)}"
    service.fail(faults.instead("echo", {"code": 20001, "message": said, "more_info": said, "status": 400}, 400))
    with pytest.raises(Refused) as caught:
        next(client.pages()) if method == "GET" else client.buy(NUMBER, {})
    error = caught.value.as_json()
    assert error["more_info"] == "bad [redacted] in Basic [redacted]"
    assert error["message"] == "the service answered: bad [redacted] in Basic [redacted] (code 20001, HTTP 400)"


def test_a_bundle_of_certificates_that_is_not_there_is_named_before_anything_is_sent(
    service: Service, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with pytest.raises(AuthError, match="REQUESTS_CA_BUNDLE"):
        next(client.pages())
    assert service.received == []


@pytest.mark.parametrize(
    "uri",
    [
        "//evil.example.com/2010-04-01/Accounts",
        "https://evil.example.com" + LIST,
        "http://127.0.0.1:1" + LIST,
        "@127.0.0.1:1" + LIST,
        ":@127.0.0.1:1" + LIST,
        ".evil.example.com" + LIST,
        "\\\\evil.example.com" + LIST,
        LIST.replace(ACCOUNT, OTHER_ACCOUNT) + "?Page=1",
        f"{ROOT}/{ACCOUNT}/../{OTHER_ACCOUNT}/IncomingPhoneNumbers.json",
        f"{ROOT}/{ACCOUNT}.json",
        LIST + "?Page=1\r\nHost: evil.example.com",
        LIST + "#Page=1",
        "?Page=1",
        7,
        ["a"],
        {},
        True,
    ],
    ids=repr,
)
def test_a_next_page_elsewhere_is_an_error_and_not_asked_for(service: Service, client: Client, uri: Any) -> None:
    fill(service, 1)
    service.fail(faults.altered("elsewhere", lambda page: {**page, "next_page_uri": uri}))
    with pytest.raises(Malformed, match="not complete"):
        listed(client)
    assert len(service.received) == 1


def test_a_next_page_with_the_whole_address_of_the_same_origin_is_followed(service: Service, client: Client) -> None:
    numbers = fill(service, 3)
    service.fail(faults.altered("whole", lambda page: {**page, "next_page_uri": service.url + page["next_page_uri"]}))
    assert listed(client, page_size=2) == [numbers[:2], numbers[2:]]


def test_a_fault_in_the_middle_of_a_list_is_got_over(service: Service, client: Client) -> None:
    numbers = fill(service, 6)
    service.fail(faults.altered("as it is", lambda page: page)).fail(faults.TRUNCATED).fail(faults.RESET)
    assert listed(client, page_size=2) == [numbers[:2], numbers[2:4], numbers[4:]]
    assert service.count("GET") == 5


# Secrets


def test_the_credentials_go_out_as_basic_authentication(service: Service, client: Client) -> None:
    listed(client)
    (request,) = service.received
    assert request.headers["Authorization"] == basic(ACCOUNT, TOKEN)
    assert request.headers["Accept"] == "application/json"
    assert request.headers["User-Agent"].startswith("numctl/")


def test_the_token_in_an_account_is_dropped_at_the_door(service: Service, client: Client) -> None:
    assert client.account(ACCOUNT) == {"sid": ACCOUNT, "friendly_name": "Lighthouse Bakery", "status": "active"}
    assert list(client.accounts()) == [
        [
            {"sid": ACCOUNT, "friendly_name": "Lighthouse Bakery", "status": "active"},
            {"sid": OTHER_ACCOUNT, "friendly_name": "Lighthouse Bakery, harbour branch", "status": "active"},
        ]
    ]


def test_cookies_are_neither_kept_nor_sent(service: Service, client: Client) -> None:
    page: dict[str, Any] = {"incoming_phone_numbers": [], "next_page_uri": None}
    service.fail(faults.instead("cookie", page, headers={"Set-Cookie": "session=gingerbread; Path=/"}), times=2)
    listed(client)
    listed(client)
    assert [request.headers.get("Cookie") for request in service.received] == [None, None]


def test_netrc_is_not_used(service: Service, client: Client, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir(parents=True)
    (home / ".netrc").write_text("machine 127.0.0.1 login marzipan password nougat\n", encoding="utf-8")
    (home / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(home / ".netrc"))
    listed(client)
    assert service.received[0].headers["Authorization"] == basic(ACCOUNT, TOKEN)


def test_a_user_and_password_in_the_address_are_neither_used_nor_shown(service: Service, clock: FakeClock) -> None:
    lines: list[str] = []
    address = service.url.replace("http://", "http://marzipan:nougat@")
    client = Client(Transport(address, (ACCOUNT, TOKEN), clock=clock, log=lines.append), ACCOUNT)
    service.fail(faults.status(500), times=9)
    with pytest.raises(NumctlError) as caught:
        listed(client)
    assert "nougat" not in "".join([*lines, caught.value.message])
    assert {request.headers["Authorization"] for request in service.received} <= {basic(ACCOUNT, TOKEN)}


def test_the_log_shows_requests_and_no_secret(service: Service, clock: FakeClock) -> None:
    lines: list[str] = []
    client = Client(Transport(service.url, (ACCOUNT, TOKEN), clock=clock, log=lines.append), ACCOUNT)
    service.fail(faults.RESET, on="GET")
    listed(client, phone_number="867")
    client.buy(NUMBER, {"friendly_name": "Bread"})
    client.account(ACCOUNT)
    address = service.url + LIST
    assert lines[0] == f"> GET {address} PhoneNumber='867' PageSize='1000' Authorization: [redacted]"
    assert f"> POST {address} Authorization: [redacted] PhoneNumber='{NUMBER}' FriendlyName='Bread'" in lines
    check_no_secret("\n".join(lines))


@pytest.mark.parametrize("fault", [*faults.UNUSABLE, faults.RESET, faults.status(500), faults.HTML_404], ids=str)
def test_no_error_shows_a_secret(service: Service, client: Client, fault: faults.Fault) -> None:
    service.fail(fault, times=9)
    for call in (lambda: listed(client), lambda: client.buy(NUMBER, {}), lambda: client.account(ACCOUNT)):
        with pytest.raises(NumctlError) as caught:
            call()
        check_no_secret(repr(caught.value.as_json()) + repr(caught.value.__cause__))


def test_a_path_cannot_take_the_credentials_elsewhere(service: Service, client: Client) -> None:
    for path in ("//evil.example.com/", "@evil.example.com/", ".evil.example.com/", "/@x", "/\\evil.example.com", ""):
        with pytest.raises(Malformed, match="not its own"):
            client.transport.request(Request("GET", path))
    assert service.received == []


def check_no_secret(text: str) -> None:
    encoded = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    for secret in (TOKEN, encoded, base64.b64encode(TOKEN.encode()).decode(), "f" * 32):
        assert secret not in text


def test_without_credentials_a_request_carries_none_and_says_so(service: Service) -> None:
    lines: list[str] = []
    transport = Transport(service.url, None, clock=FakeClock(), log=lines.append)
    with pytest.raises(AuthError, match="Authenticate"):
        transport.request(Request("GET", f"{ROOT}.json"))
    assert "Authorization" not in service.received[0].headers
    assert lines[0] == f"> GET {service.url}{ROOT}.json"
    assert transport.date is not None
