"""Moving numbers between the accounts of the stand-in's family."""

from __future__ import annotations

import pytest

from numctl.sandbox import ACCOUNT_SID, SUBACCOUNT_SID
from numctl.sandbox.regulation import BUNDLES

from .caller import ROOT, Caller

LIST = "IncomingPhoneNumbers.json"
ADDRESS = "AD" + "c3" * 16


def path(number: dict[str, str]) -> str:
    return f"IncomingPhoneNumbers/{number['sid']}.json"


def test_transfer_moves_a_number_to_the_subaccount_and_back(service: Caller) -> None:
    number = service.post(path(service.number("+14155550100")), AddressSid=ADDRESS)
    moved = service.post(path(number), AccountSid=SUBACCOUNT_SID)
    there = f"{ROOT}/{SUBACCOUNT_SID}/{path(number)}"
    assert moved["account_sid"] == SUBACCOUNT_SID
    assert moved["uri"] == there
    assert SUBACCOUNT_SID in moved["subresource_uris"]["assigned_add_ons"]
    assert moved["address_sid"] is None
    assert moved["voice_url"] == number["voice_url"]
    assert service.get(there) == moved
    assert service.refusal("GET", path(number)) == (404, 20404)
    assert service.get(LIST, PhoneNumber="+14155550100")["incoming_phone_numbers"] == []
    back = service.post(there, AccountSid=ACCOUNT_SID, AddressSid=ADDRESS)
    unmoved = {name: value for name, value in number.items() if name != "date_updated"}
    assert {name: back[name] for name in unmoved} == unmoved


def test_transfer_to_the_own_account_changes_nothing(service: Caller) -> None:
    number = service.number("+14155550100")
    assert service.post(path(number), AccountSid=ACCOUNT_SID) == number


def test_transfer_of_a_regulated_number_wants_address_and_bundle_anew(service: Caller) -> None:
    bundle, address = BUNDLES["london"]
    number = service.post(LIST, PhoneNumber="+442079460001", AddressSid=address, BundleSid=bundle)
    steps: list[tuple[dict[str, str], int]] = [
        ({}, 21613),
        ({"BundleSid": bundle}, 21613),
        ({"AddressSid": address}, 21649),
        ({"AddressSid": ADDRESS, "BundleSid": bundle}, 21651),
    ]
    for form, code in steps:
        assert service.refusal("POST", path(number), AccountSid=SUBACCOUNT_SID, **form) == (400, code), form
    assert service.get(path(number)) == number
    moved = service.post(path(number), AccountSid=SUBACCOUNT_SID, AddressSid=address, BundleSid=bundle)
    assert (moved["address_sid"], moved["bundle_sid"]) == (address, bundle)


def test_hosted_number_is_moved_by_support_only(service: Caller) -> None:
    number = service.number("+13055550108")
    assert service.refusal("POST", path(number), AccountSid=SUBACCOUNT_SID) == (400, 22121)
    assert service.get(path(number)) == number


@pytest.mark.parametrize(("target", "code"), [("nobody", 21470), ("", 21470), ("AC" + "0" * 32, 21471)])
def test_transfer_outside_the_family_is_refused(service: Caller, target: str, code: int) -> None:
    number = service.number("+14155550100")
    assert service.refusal("POST", path(number), AccountSid=target) == (400, code)
