"""The stand-in judged by a client that we did not write: the service's own, `twilio` from PyPI."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN, SUBACCOUNT_SID
from numctl.sandbox.app import create_app
from numctl.sandbox.server import Server

pytest.importorskip("twilio", reason="the package twilio is not installed")

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

SERVICE = "https://api.twilio.com"
FREE = "+14155550190"


class Loopback:
    """The official client's own transport, sent to the stand-in."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.transport = TwilioHttpClient(timeout=10)

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
        """Send to the stand-in what was meant for the service."""
        assert url.startswith(SERVICE)
        return self.transport.request(method, self.origin + url.removeprefix(SERVICE), *args, **options)


@contextmanager
def serving(path: Path, limit: int | None = None) -> Iterator[str]:
    with closing(create_app(path, concurrency_limit=limit)) as app, Server(app, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join(10)


@pytest.fixture
def url(state_file: Path) -> Iterator[str]:
    with serving(state_file) as url:
        yield url


@pytest.fixture
def client(url: str) -> Client:
    return Client(ACCOUNT_SID, AUTH_TOKEN, http_client=Loopback(url))


def refusal(call: Callable[[], object]) -> tuple[int, int | None]:
    with pytest.raises(TwilioRestException) as refused:
        call()
    return refused.value.status, refused.value.code


def test_list_follows_the_pages(client: Client) -> None:
    paged = client.incoming_phone_numbers.list(page_size=5)
    assert len(paged) == 12
    assert [number.sid for number in paged] == [number.sid for number in client.incoming_phone_numbers.list()]
    assert len(client.incoming_phone_numbers.list(limit=7, page_size=3)) == 7
    page = client.incoming_phone_numbers.page(page_size=5)
    second = page.next_page()
    assert second is not None
    first_again = second.previous_page()
    assert first_again is not None
    assert [number.sid for number in first_again] == [number.sid for number in paged[:5]]


def test_list_filters(client: Client) -> None:
    numbers = client.incoming_phone_numbers
    assert [each.phone_number for each in numbers.list(phone_number="+1*1*5551***")] == []
    assert [each.phone_number for each in numbers.list(phone_number="+1415***0100")] == ["+14155550100"]
    assert [each.phone_number for each in numbers.list(friendly_name="Front desk")] == ["+14155550100"]
    assert [each.phone_number for each in numbers.list(origin="hosted")] == ["+13055550108"]
    assert len(numbers.list(beta=False)) == 11
    assert [each.phone_number for each in numbers.toll_free.list()] == ["+18005550100"]
    assert len(numbers.local.list()) == 9
    assert len(numbers.mobile.list()) == 2


def test_number_from_purchase_to_release(client: Client) -> None:
    bought = client.incoming_phone_numbers.create(phone_number=FREE, voice_url="https://example.com/v")
    assert (bought.phone_number, bought.friendly_name, bought.voice_url) == (
        FREE,
        "(415) 555-0190",
        "https://example.com/v",
    )
    assert bought.capabilities == {"voice": True, "sms": True, "mms": True, "fax": False}
    fetched = client.incoming_phone_numbers(bought.sid).fetch()
    assert fetched.date_created == bought.date_created
    assert fetched.date_created.tzinfo is not None
    changed = bought.update(friendly_name="Umbenannt", sms_method="GET", voice_url="")
    assert (changed.friendly_name, changed.sms_method, changed.voice_url) == ("Umbenannt", "GET", "")
    assert client.incoming_phone_numbers(bought.sid).fetch().friendly_name == "Umbenannt"
    assert bought.delete() is True
    assert refusal(lambda: client.incoming_phone_numbers(bought.sid).fetch()) == (404, 20404)
    assert refusal(bought.delete) == (404, 20404)


def test_numbers_for_sale_are_found_and_bought(client: Client) -> None:
    sold = client.available_phone_numbers
    found = sold("US").local.list(area_code=212, sms_enabled=True, contains="5550***", limit=5)
    assert len(found) == 5
    assert {(number.locality, number.region, number.lata) for number in found} == {("New York", "NY", "132")}
    assert all(number.phone_number.startswith("+1212") and number.capabilities["SMS"] for number in found)
    bought = client.incoming_phone_numbers.create(phone_number=found[0].phone_number)
    assert sold("US").local.list(contains=found[0].phone_number[1:]) == []
    assert bought.phone_number == found[0].phone_number
    assert sold("US").local.list(near_number="+14155550100", distance=10, in_locality="Oakland", limit=1)
    assert sold("US").local.list(near_lat_long="45.5,-122.6", in_region="OR", in_postal_code="97204", limit=1)
    assert sold("US").local.list(in_lata="722", in_rate_center="OKLD MN-PD", mms_enabled=True, limit=1)
    assert sold("US").toll_free.list(contains="866", beta=False, limit=1)
    assert sold("GB").local.list(exclude_all_address_required=True) == []
    assert sold("GB").national.list(voice_enabled=True, fax_enabled=False, limit=1)
    assert sold("CA").local.list(in_region="QC", limit=1)[0].locality == "Montréal"
    assert [country.country_code for country in sold.list()] == ["US", "CA", "GB", "IE", "DE", "FR", "SE"]
    assert sold("SE").fetch().country == "Sweden"
    assert len(sold("US").local.list(area_code=212, page_size=40)) == 30


def test_accounts_and_transfer(client: Client) -> None:
    accounts = client.api.accounts.list()
    assert [account.sid for account in accounts] == [ACCOUNT_SID, SUBACCOUNT_SID]
    below = client.api.accounts(SUBACCOUNT_SID)
    assert below.fetch().owner_account_sid == ACCOUNT_SID
    assert len(below.incoming_phone_numbers.list()) == 2
    number = client.incoming_phone_numbers.list(phone_number="+14155550100")[0]
    assert number.update(account_sid=SUBACCOUNT_SID).account_sid == SUBACCOUNT_SID
    assert len(below.incoming_phone_numbers.list()) == 3
    assert below.incoming_phone_numbers(number.sid).fetch().phone_number == "+14155550100"
    assert client.addresses.list(iso_country="GB")[0].city == "London"
    assert client.incoming_phone_numbers.list()[0].assigned_add_ons.list() == []


def test_refusals_carry_the_services_codes(client: Client, url: str) -> None:
    numbers = client.incoming_phone_numbers
    assert refusal(lambda: numbers.create(phone_number="5550100")) == (400, 21421)
    assert refusal(lambda: numbers.create(phone_number="+14155550100")) == (400, 21422)
    assert refusal(lambda: numbers.create(area_code="999")) == (400, 21452)
    assert refusal(lambda: numbers.create(phone_number="+447700900001")) == (400, 21649)
    assert refusal(numbers.list(phone_number="+15035550111")[0].delete) == (400, 0)
    assert refusal(client.api.accounts("AC" + "0" * 32).fetch) == (401, 20003)
    assert refusal(lambda: numbers("PN" + "0" * 32).update(voice_url="https://example.com/")) == (404, 20404)
    stranger = Client(ACCOUNT_SID, "wrong", http_client=Loopback(url))
    assert refusal(stranger.incoming_phone_numbers("PN" + "0" * 32).fetch) == (401, 20003)


def test_too_many_at_once_is_20429(state_file: Path) -> None:
    with serving(state_file, limit=0) as url:
        client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=Loopback(url))
        assert refusal(lambda: client.incoming_phone_numbers.create(phone_number=FREE)) == (429, 20429)
