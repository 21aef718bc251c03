"""How the stand-in writes numbers, accounts and addresses, with all of their properties.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#incomingphonenumber-properties
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from numctl.model.number import Record
from numctl.sandbox.stock import Offer, formatted

_API_VERSION = "2010-04-01"
_SUBRESOURCES = {
    "addresses": "Addresses",
    "available_phone_numbers": "AvailablePhoneNumbers",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
}


def account_uri(sid: str) -> str:
    """An account's path, without its `.json`."""
    return f"/{_API_VERSION}/Accounts/{sid}"


def hex_of(*parts: object) -> str:
    """32 hexadecimal digits that look random and are the same for the same parts."""
    return hashlib.sha256(" ".join(["numctl sandbox", *map(str, parts)]).encode()).hexdigest()[:32]


def _timestamp(moment: datetime) -> str:
    """RFC 2822, in GMT."""
    return format_datetime(moment.astimezone(UTC))


def now() -> str:
    """The present in RFC 2822."""
    return _timestamp(datetime.now(UTC))


def after(before: object) -> str:
    """The present, or one second after `before` if that is later, so that every change is visible."""
    present = datetime.now(UTC)
    try:
        earliest = parsedate_to_datetime(str(before)) + timedelta(seconds=1)
    except (ValueError, OverflowError):
        return _timestamp(present)
    return _timestamp(max(present, earliest if earliest.tzinfo else earliest.replace(tzinfo=UTC)))


def belonging(account_sid: str, sid: str) -> Record:
    """The properties of a number that name its account."""
    uri = f"{account_uri(account_sid)}/IncomingPhoneNumbers/{sid}"
    add_ons = {"assigned_add_ons": f"{uri}/AssignedAddOns.json"}
    return {"account_sid": account_sid, "uri": f"{uri}.json", "subresource_uris": add_ons}


def emergency_status(country: str) -> str:
    """The service's own `emergency_status` of a number; it ignores what a client sends."""
    return "Active" if country in ("US", "CA") else "Inactive"


def number(offer: Offer, account_sid: str, sid: str, created: str) -> Record:
    """A number right after its purchase, before any setting: 36 properties."""
    return {
        "sid": sid,
        "account_sid": account_sid,
        "friendly_name": formatted(offer.phone_number),
        "phone_number": offer.phone_number,
        "voice_url": None,
        "voice_method": "POST",
        "voice_fallback_url": None,
        "voice_fallback_method": "POST",
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
        "voice_application_sid": None,
        "trunk_sid": None,
        "date_created": created,
        "date_updated": created,
        "sms_url": "",
        "sms_method": "POST",
        "sms_fallback_url": "",
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
        "address_requirements": offer.address_requirements,
        "address_sid": None,
        "identity_sid": None,
        "bundle_sid": None,
        "beta": offer.beta,
        "capabilities": dict(offer.capabilities),
        "status_callback": "",
        "status_callback_method": "POST",
        "api_version": _API_VERSION,
        "origin": "twilio",
        "type": offer.type,
        "status": "in-use",
        "emergency_status": emergency_status(offer.country),
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        **belonging(account_sid, sid),
    }


def account(sid: str, name: str, owner: str, token: str, created: str) -> Record:
    """See https://www.twilio.com/docs/iam/api/account"""
    uri = account_uri(sid)
    return {
        "sid": sid,
        "friendly_name": name,
        "status": "active",
        "type": "Full",
        "owner_account_sid": owner,
        "auth_token": token,
        "date_created": created,
        "date_updated": created,
        "uri": f"{uri}.json",
        "subresource_uris": {key: f"{uri}/{resource}.json" for key, resource in _SUBRESOURCES.items()},
    }


def address(account_sid: str, created: str, **lines: Any) -> Record:
    """An address; `lines` are its name, street, city, region, postal code and country.

    https://www.twilio.com/docs/usage/api/address
    """
    sid = "AD" + hex_of("address", lines["iso_country"])
    return {
        "sid": sid,
        "account_sid": account_sid,
        **lines,
        "street_secondary": None,
        "emergency_enabled": False,
        "validated": True,
        "verified": True,
        "date_created": created,
        "date_updated": created,
        "uri": f"{account_uri(account_sid)}/Addresses/{sid}.json",
    }
