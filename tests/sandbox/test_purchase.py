"""Buying on the stand-in, what regulation asks, and giving back."""

from __future__ import annotations

import re
from contextlib import closing
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from numctl.sandbox import ACCOUNT_SID
from numctl.sandbox.app import create_app
from numctl.sandbox.regulation import BUNDLES

from .caller import ROOT, Caller

LIST, LISTED = "IncomingPhoneNumbers.json", "incoming_phone_numbers"
FREE = "+14155550190"
BUNDLE = "BU" + "d4" * 16


def path(number: dict[str, str]) -> str:
    return f"IncomingPhoneNumbers/{number['sid']}.json"


def phones(found: list[dict[str, str]]) -> list[str]:
    return [number["phone_number"] for number in found]


def test_bought_number_has_the_documented_defaults(service: Caller) -> None:
    response = service.send("POST", LIST, data={"PhoneNumber": FREE})
    assert response.status_code == 201
    number = response.get_json()
    assert number["friendly_name"] == "(415) 555-0190"
    assert number["api_version"] == "2010-04-01"
    assert {name: number[name] for name in number if name.endswith("_method")} == {
        "voice_method": "POST",
        "voice_fallback_method": "POST",
        "sms_method": "POST",
        "sms_fallback_method": "POST",
        "status_callback_method": "POST",
    }
    assert number["voice_caller_id_lookup"] is False
    nothing = {name: number[name] for name in number if name.endswith(("_url", "application_sid", "callback"))}
    assert nothing == {
        "voice_url": None,
        "voice_fallback_url": None,
        "voice_application_sid": None,
        "sms_url": "",
        "sms_fallback_url": "",
        "sms_application_sid": "",
        "status_callback": "",
    }
    assert number["uri"] == f"{ROOT}/{ACCOUNT_SID}/IncomingPhoneNumbers/{number['sid']}.json"
    add_ons = number["subresource_uris"]["assigned_add_ons"]
    assert add_ons == f"{ROOT}/{ACCOUNT_SID}/IncomingPhoneNumbers/{number['sid']}/AssignedAddOns.json"
    assert service.get(add_ons)["assigned_add_ons"] == []
    assert re.fullmatch(r"PN[0-9a-f]{32}", number["sid"])
    assert number["date_created"] == number["date_updated"]
    assert parsedate_to_datetime(number["date_created"]).utcoffset() is not None


@pytest.mark.parametrize("phone_number", ["4155550190", "+0415", "hello", "+1415555019x"])
def test_invalid_number_is_21421(service: Caller, phone_number: str) -> None:
    assert service.refusal("POST", LIST, PhoneNumber=phone_number) == (400, 21421)


@pytest.mark.parametrize("phone_number", ["+14155550100", "+14155550120", "+14155552344"])
def test_owned_or_unknown_number_is_21422(service: Caller, phone_number: str) -> None:
    """One is the account's own, one the subaccount's, one is not in the stock."""
    assert service.refusal("POST", LIST, PhoneNumber=phone_number) == (400, 21422)


def test_purchase_needs_a_number_or_an_area_code(service: Caller) -> None:
    assert service.refusal("POST", LIST, VoiceUrl="https://example.com/") == (400, 21421)


def test_area_code_buys_one_of_its_numbers(service: Caller) -> None:
    bought = [service.post(LIST, AreaCode="206", FriendlyName="Seattle") for _ in range(2)]
    assert phones(bought) == ["+12065550100", "+12065550101"]
    assert bought[0]["friendly_name"] == "Seattle"
    assert service.post(LIST, AreaCode="877")["type"] == "toll-free"


def test_area_code_without_numbers_is_21452(service: Caller) -> None:
    assert service.refusal("POST", LIST, AreaCode="999") == (400, 21452)
    assert service.refusal("POST", LIST, AreaCode="99") == (400, 21451)


def without_type(number: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in number.items() if name != "type"}


def test_subresources_list_and_sell_one_type(service: Caller) -> None:
    for resource, kind in (("Local", "local"), ("Mobile", "mobile"), ("TollFree", "toll-free")):
        found = service.every(f"IncomingPhoneNumbers/{resource}.json", "incoming_phone_numbers")
        assert found == [without_type(number) for number in service.every(LIST, LISTED) if number["type"] == kind]
    toll_free = service.post("IncomingPhoneNumbers/TollFree.json", PhoneNumber="+18335550150")
    bought = service.number("+18335550150")
    assert (bought["type"], without_type(bought)) == ("toll-free", toll_free)
    refusal = service.refusal("POST", "IncomingPhoneNumbers/Mobile.json", PhoneNumber=FREE)
    assert refusal == (400, 21458)
    assert service.refusal("POST", "IncomingPhoneNumbers/Local.json", AreaCode="415") == (400, 21457)
    assert service.refusal("POST", "IncomingPhoneNumbers/Local.json", FriendlyName="Neither") == (400, 21421)


def test_each_refusal_of_regulation_hides_the_next(service: Caller) -> None:
    """A mobile number of the UK needs a bundle though its address requirement is none."""
    german, irish = (address_in(service, country) for country in ("DE", "IE"))
    steps: list[tuple[str, dict[str, str], int]] = [
        ("+447700900001", {}, 21649),
        ("+442079460001", {}, 21631),
        ("+442079460001", {"AddressSid": german}, 21649),
        ("+353209100001", {}, 21631),
        ("+353209100001", {"AddressSid": german}, 21615),
        ("+353209100001", {"AddressSid": irish}, 21649),
        ("+353209100001", {"AddressSid": irish, "BundleSid": BUNDLES["london"][0]}, 21651),
        ("+491713920001", {"BundleSid": BUNDLE}, 21631),
    ]
    for phone_number, form, code in steps:
        assert service.refusal("POST", LIST, PhoneNumber=phone_number, **form) == (400, code), (phone_number, form)
    bought = service.post(LIST, PhoneNumber="+353209100001", AddressSid=irish, BundleSid=BUNDLES["dublin"][0])
    assert (bought["address_requirements"], bought["address_sid"]) == ("local", irish)
    mobile = service.post(LIST, PhoneNumber="+447700900001", BundleSid=BUNDLES["london"][0])
    assert (mobile["address_requirements"], mobile["address_sid"]) == ("none", None)


def address_in(service: Caller, country: str) -> str:
    return str(service.get("Addresses.json", IsoCountry=country)["addresses"][0]["sid"])


def test_a_required_address_is_not_cleared_or_set_outside_its_bundle(service: Caller) -> None:
    bundle, address = BUNDLES["london"]
    number = service.post(LIST, PhoneNumber="+442079460001", AddressSid=address, BundleSid=bundle)
    assert service.refusal("POST", path(number), AddressSid="") == (400, 21631)
    assert service.refusal("POST", path(number), BundleSid="") == (400, 21649)
    assert service.refusal("POST", path(number), AddressSid=address_in(service, "DE")) == (400, 21651)
    assert service.get(path(number)) == number


def test_released_number_is_gone_for_good(service: Caller) -> None:
    number = service.number("+14155550100")
    response = service.send("DELETE", path(number))
    assert (response.status_code, response.data) == (204, b"")
    for method in ("GET", "POST", "DELETE"):
        assert service.refusal(method, path(number)) == (404, 20404)
    assert service.refusal("POST", LIST, PhoneNumber="+14155550100") == (400, 21422)
    shown = service.get("AvailablePhoneNumbers/US/Local.json", Contains="4155550100")
    assert shown["available_phone_numbers"] == []


def test_released_number_is_sold_again_where_that_is_asked_for(state_file: Path) -> None:
    with closing(create_app(state_file, resell_released=True)) as app:
        service = Caller(app)
        number = service.number("+14155550100")
        service.send("DELETE", path(number))
        shown = service.get("AvailablePhoneNumbers/US/Local.json", Contains="4155550100")
        assert phones(shown["available_phone_numbers"]) == ["+14155550100"]
        again = service.post(LIST, PhoneNumber="+14155550100")
    assert again["sid"] != number["sid"]
    assert again["voice_url"] is None


def test_released_number_is_not_sold_by_area_code(service: Caller) -> None:
    released = service.post(LIST, AreaCode="206")
    service.send("DELETE", path(released))
    assert service.post(LIST, AreaCode="206")["phone_number"] != released["phone_number"]
