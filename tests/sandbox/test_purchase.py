"""Buying on the stand-in, what regulation asks, and giving back."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from numctl.sandbox import ACCOUNT_SID

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
    assert refusal == (400, 21422)
    assert service.refusal("POST", "IncomingPhoneNumbers/Local.json", AreaCode="415") == (400, 21421)


def test_number_that_needs_an_address_is_refused_without_one(service: Caller) -> None:
    british = service.get("Addresses.json", IsoCountry="GB")["addresses"][0]["sid"]
    german = service.get("Addresses.json", IsoCountry="DE")["addresses"][0]["sid"]
    assert service.refusal("POST", LIST, PhoneNumber="+447700900001") == (400, 21631)
    bought = service.post(LIST, PhoneNumber="+447700900001", AddressSid=german)
    assert (bought["address_requirements"], bought["friendly_name"]) == ("any", "+447700900001")
    mobile = "+491713920001"
    assert service.refusal("POST", LIST, PhoneNumber=mobile) == (400, 21631)
    assert service.refusal("POST", LIST, PhoneNumber=mobile, AddressSid=german) == (400, 21649)
    both = {"AddressSid": british, "BundleSid": BUNDLE}
    assert service.refusal("POST", LIST, PhoneNumber=mobile, **both) == (400, 21615)
    bought = service.post(LIST, PhoneNumber=mobile, AddressSid=german, BundleSid=BUNDLE)
    assert (bought["address_sid"], bought["bundle_sid"]) == (german, BUNDLE)


def test_released_number_is_gone_and_for_sale_again(service: Caller) -> None:
    number = service.number("+14155550100")
    response = service.send("DELETE", path(number))
    assert (response.status_code, response.data) == (204, b"")
    for method in ("GET", "POST", "DELETE"):
        assert service.refusal(method, path(number)) == (404, 20404)
    again = service.post(LIST, PhoneNumber="+14155550100")
    assert again["sid"] != number["sid"]
    assert again["voice_url"] == ""
