"""Emergency calling on the stand-in: what is ignored, what takes time, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from numctl.sandbox import ACCOUNT_SID
from numctl.sandbox.app import create_app
from numctl.sandbox.state import load

from .caller import Caller

LIST = "IncomingPhoneNumbers.json"
ADDRESS, OTHER = "AD" + "c3" * 16, "AD" + "d4" * 16
REFUSED = (400, 0)


def path(number: dict[str, Any]) -> str:
    return f"IncomingPhoneNumbers/{number['sid']}.json"


def emergency(number: dict[str, Any]) -> tuple[str | None, str]:
    return number["emergency_address_sid"], number["emergency_address_status"]


def reads(service: Caller, number: dict[str, Any], times: int) -> list[tuple[str | None, str]]:
    return [emergency(service.get(path(number))) for _ in range(times)]


def registered(service: Caller) -> dict[str, Any]:
    """A number that has an emergency address, with all waiting over."""
    number: dict[str, Any] = service.post(LIST, PhoneNumber="+14155550190")
    service.post(path(number), EmergencyAddressSid=ADDRESS)
    assert reads(service, number, 3)[-1] == (ADDRESS, "registered")
    return number


@pytest.mark.parametrize(
    ("phone_number", "form", "status"),
    [
        ("+14155550190", {}, "Active"),
        ("+15145550190", {}, "Active"),
        ("+18005550190", {}, "Active"),
        ("+46701740650", {}, "Inactive"),
        ("+442079460001", {"AddressSid": ADDRESS, "BundleSid": "BU" + "e5" * 16}, "Inactive"),
    ],
)
@pytest.mark.parametrize("sent", ["Active", "Inactive", "Maybe", ""])
def test_emergency_status_is_the_services_own(
    service: Caller, phone_number: str, form: dict[str, str], status: str, sent: str
) -> None:
    bought = service.post(LIST, PhoneNumber=phone_number, EmergencyStatus=sent, **form)
    assert bought["emergency_status"] == status
    assert service.post(path(bought), EmergencyStatus=sent) == bought


def test_emergency_address_is_ignored_at_purchase(service: Caller) -> None:
    bought = service.post(LIST, PhoneNumber="+14155550190", EmergencyAddressSid=ADDRESS)
    assert emergency(bought) == (None, "unregistered")


def test_emergency_address_takes_two_reads_to_register_and_two_to_clear(service: Caller) -> None:
    number: dict[str, Any] = service.post(LIST, PhoneNumber="+14155550190")
    waiting = (ADDRESS, "pending-registration")
    assert emergency(service.post(path(number), EmergencyAddressSid=ADDRESS)) == waiting
    assert reads(service, number, 4) == [waiting, waiting, (ADDRESS, "registered"), (ADDRESS, "registered")]
    waiting = (ADDRESS, "pending-unregistration")
    assert emergency(service.post(path(number), EmergencyAddressSid="")) == waiting
    assert reads(service, number, 3) == [waiting, waiting, (None, "unregistered")]


def test_a_list_is_a_read_of_each_of_its_numbers(service: Caller) -> None:
    number: dict[str, Any] = service.post(LIST, PhoneNumber="+14155550190")
    service.post(path(number), EmergencyAddressSid=ADDRESS)
    found = [service.number("+14155550190")["emergency_address_status"] for _ in range(3)]
    assert found == ["pending-registration", "pending-registration", "registered"]


def test_emergency_address_that_is_pending_cannot_be_written(service: Caller) -> None:
    number: dict[str, Any] = service.post(LIST, PhoneNumber="+14155550190")
    service.post(path(number), EmergencyAddressSid=ADDRESS)
    for address in (ADDRESS, OTHER, ""):
        assert service.refusal("POST", path(number), EmergencyAddressSid=address, SmsMethod="GET") == REFUSED
    assert service.post(path(number), SmsMethod="GET")["sms_method"] == "GET"
    assert reads(service, number, 3)[-1] == (ADDRESS, "registered")


def test_emergency_address_is_not_replaced_in_one_request(service: Caller) -> None:
    number = registered(service)
    assert service.refusal("POST", path(number), EmergencyAddressSid=OTHER) == REFUSED
    assert emergency(service.post(path(number), EmergencyAddressSid=ADDRESS)) == (ADDRESS, "registered")


def test_number_with_a_registered_emergency_address_is_not_released(service: Caller) -> None:
    number = registered(service)
    assert service.refusal("DELETE", path(number)) == REFUSED
    service.post(path(number), EmergencyAddressSid="")
    assert service.refusal("DELETE", path(number)) == REFUSED
    assert reads(service, number, 3)[-1] == (None, "unregistered")
    assert service.send("DELETE", path(number)).status_code == 204


def test_refusal_whose_number_is_unknown_has_words_and_code_0(service: Caller) -> None:
    number = service.number("+15035550111")
    body = service.send("DELETE", path(number)).get_json()
    assert body == {
        "code": 0,
        "message": "+15035550111 has a registered emergency address: clear it before the release",
        "more_info": None,
        "status": 400,
    }


def test_address_of_a_country_without_registration_fails_and_blocks_nothing(service: Caller) -> None:
    number: dict[str, Any] = service.post(LIST, PhoneNumber="+46701740650")
    service.post(path(number), EmergencyAddressSid=ADDRESS)
    assert reads(service, number, 3)[-1] == (ADDRESS, "registration-failure")
    assert service.send("DELETE", path(number)).status_code == 204


def test_loaded_number_that_is_pending_is_settled_too(state_file: Path) -> None:
    number = {
        "sid": "PN" + "1" * 32,
        "account_sid": ACCOUNT_SID,
        "phone_number": "+447700900001",
        "emergency_address_sid": ADDRESS,
        "emergency_address_status": "pending-registration",
    }
    load(state_file, [number])
    app = create_app(state_file)
    assert reads(Caller(app), number, 3)[-1] == (ADDRESS, "registered")
    app.close()
