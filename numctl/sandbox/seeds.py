"""What a new sandbox holds: two accounts, four addresses and an assortment of numbers, all fictional."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from numctl.model.number import Record
from numctl.sandbox import ACCOUNT_SID, SUBACCOUNT_SID, records
from numctl.sandbox.regulation import BUNDLES
from numctl.sandbox.stock import Offer, find

_CREATED = "Mon, 04 Mar 2024 09:30:00 +0000"


def sid(prefix: str, what: str) -> str:
    return prefix + records.hex_of(what)


_MAIN_NUMBERS: dict[str, dict[str, Any]] = {
    "+14155550100": {
        "friendly_name": "Front desk",
        "voice_url": "https://voice.fabrikam.com/front-desk",
        "voice_fallback_url": "https://backup.fabrikam.com/front-desk",
        "sms_url": "https://voice.fabrikam.com/front-desk/messages",
        "status_callback": "https://voice.fabrikam.com/front-desk/status",
    },
    "+12125550101": {
        "friendly_name": "Support line",
        "voice_application_sid": sid("AP", "support"),
        "voice_url": "https://old.example.com/support",
        "sms_url": "https://support.fabrikam.com/messages",
    },
    "+13125550102": {"friendly_name": "Chicago switchboard", "trunk_sid": sid("TK", "chicago")},
    "+15125550105": {
        "friendly_name": "Reminders",
        "sms_url": "https://reminders.fabrikam.com/in",
        "sms_method": "GET",
    },
    "+18005550100": {
        "friendly_name": "Order hotline",
        "voice_url": "https://orders.fabrikam.com/hotline",
        "voice_caller_id_lookup": True,
    },
    "+447700900123": {
        "friendly_name": "London – on call",
        "voice_url": "https://oncall.fabrikam.com/uk",
        "sms_url": "https://oncall.fabrikam.com/uk/messages",
        "bundle_sid": BUNDLES["london"][0],
        "address_sid": BUNDLES["london"][1],
    },
    "+16175550106": {},
    "+12065550107": {
        "friendly_name": "Old web shop",
        "voice_url": "http://shop.example.com/call.php?lang=en",
    },
    "+13055550108": {
        "friendly_name": "Miami clinic (hosted)",
        "origin": "hosted",
        "sms_url": "https://clinic.fabrikam.com/messages",
    },
    "+46701740606": {"friendly_name": "Växeln i Göteborg", "sms_url": "https://vaxel.fabrikam.com/sms"},
    "+15145550110": {
        "friendly_name": "Réception Montréal ☎",
        "voice_url": "https://voice.fabrikam.com/reception?langue=fr",
        "voice_method": "GET",
        "sms_application_sid": sid("AP", "messages"),
        "sms_url": "https://old.example.com/reception",
    },
    "+15035550111": {
        "friendly_name": "Warehouse, Portland",
        "voice_url": "https://localhost:8443/voice",
        "emergency_address_sid": "AD" + records.hex_of("address", "US"),
        "emergency_address_status": "registered",
    },
}
_SUBACCOUNT_NUMBERS: dict[str, dict[str, Any]] = {
    "+14155550120": {"friendly_name": "Branch office", "voice_url": "https://old.example.com/branch"},
    "+18665550121": {"friendly_name": "Branch hotline", "sms_url": "https://branch.fabrikam.com/messages"},
}
_ADDRESSES: tuple[dict[str, str], ...] = (
    {
        "friendly_name": "Headquarters",
        "customer_name": "Fabrikam Fiction Inc.",
        "street": "100 Example Street",
        "city": "San Francisco",
        "region": "CA",
        "postal_code": "94102",
        "iso_country": "US",
    },
    {
        "friendly_name": "London office",
        "customer_name": "Fabrikam Fiction Ltd",
        "street": "1 Imaginary Row",
        "city": "London",
        "region": "London",
        "postal_code": "EC1A 1AA",
        "iso_country": "GB",
    },
    {
        "friendly_name": "Büro Berlin",
        "customer_name": "Fabrikam Fiktion GmbH",
        "street": "Musterstraße 1",
        "city": "Berlin",
        "region": "Berlin",
        "postal_code": "10115",
        "iso_country": "DE",
    },
    {
        "friendly_name": "Dublin office",
        "customer_name": "Fabrikam Fiction Ltd",
        "street": "1 Imaginary Quay",
        "city": "Dublin",
        "region": "Dublin",
        "postal_code": "D01 X2Y3",
        "iso_country": "IE",
    },
)


def numbers() -> Iterator[Record]:
    """The assortment: twelve numbers of the main account, then two of the subaccount."""
    for account_sid, held in ((ACCOUNT_SID, _MAIN_NUMBERS), (SUBACCOUNT_SID, _SUBACCOUNT_NUMBERS)):
        for phone_number, configured in held.items():
            sid = "PN" + records.hex_of("number", phone_number)
            offer = cast("Offer", find(phone_number))  # the stock has every number of the assortment
            yield records.number(offer, account_sid, sid, _CREATED) | configured


def addresses(account_sid: str) -> Iterator[Record]:
    """The addresses, all of the main account."""
    return (records.address(account_sid, _CREATED, **lines) for lines in _ADDRESSES)


def account(sid: str, main: str, token: str) -> Record:
    """The main account or one of its subaccounts, under a fictional name."""
    if sid == main:
        return records.account(sid, "Sandbox", main, token, _CREATED)
    name = "Sandbox branch" if sid == SUBACCOUNT_SID else f"Loaded {sid[:10]}"
    return records.account(sid, name, main, records.hex_of("token", sid), _CREATED)
