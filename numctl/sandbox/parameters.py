"""What a request may set on a number, checked as the service does; an empty value clears a URL, SID or name.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#create-an-incomingphonenumber-resource
The table is written from that page and shares nothing with the client's own, which is tried against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from numctl.model.number import Record
from numctl.sandbox.problems import (
    ADDRESS_REQUIRED,
    BUNDLE_REQUIRED,
    INVALID_METHOD,
    INVALID_PARAMETER,
    INVALID_URL,
    LOCAL_ADDRESS_REQUIRED,
    Problem,
    bad,
)
from numctl.sandbox.stock import NEEDS_BUNDLE

NAME_LENGTH = 64
Read = Callable[[str, str], Any]


class Parameter(NamedTuple):
    """One form parameter: the property that it sets, and how its text is read."""

    field: str
    read: Read


def name(parameter: str, text: str) -> str:
    """Return a friendly name of at most 64 characters."""
    if len(text) > NAME_LENGTH:
        raise bad(INVALID_PARAMETER, f"{parameter} must not be longer than {NAME_LENGTH} characters")
    return text


def url(parameter: str, text: str) -> str:
    """Return an absolute http or https URL, or nothing."""
    try:
        parts = urlsplit(text)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        good = False
    if text and not good:
        raise bad(INVALID_URL, f"{parameter} is not a valid URL: {text}")
    return text


def method(parameter: str, text: str) -> str:
    """Return GET or POST."""
    if text.upper() not in ("GET", "POST"):
        raise bad(INVALID_METHOD, f"{parameter} must be GET or POST")
    return text.upper()


def boolean(parameter: str, text: str) -> bool:
    """Return true or false."""
    if text.lower() not in ("true", "false"):
        raise bad(INVALID_PARAMETER, f"{parameter} must be true or false")
    return text.lower() == "true"


def version(parameter: str, text: str) -> str:
    """Return an API version."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise bad(INVALID_PARAMETER, f"{parameter} is not an API version")
    return text


def one_of(*choices: str) -> Read:
    """Return how an enum is read, whatever its case."""
    known = {choice.lower(): choice for choice in choices}

    def read(parameter: str, text: str) -> str:
        if text.lower() not in known:
            raise bad(INVALID_PARAMETER, f"{parameter} must be one of {', '.join(choices)}")
        return known[text.lower()]

    return read


def sid(prefix: str, cleared: str | None = None) -> Read:
    """Return how a SID of one kind is read; `cleared` is what the property holds without one."""

    def read(parameter: str, text: str) -> str | None:
        if text and not re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", text):
            raise bad(INVALID_PARAMETER, f"{parameter} is not a valid {prefix} SID: {text}")
        return text or cleared

    return read


PARAMETERS = {
    "ApiVersion": Parameter("api_version", version),
    "FriendlyName": Parameter("friendly_name", name),
    "SmsApplicationSid": Parameter("sms_application_sid", sid("AP", "")),
    "SmsFallbackMethod": Parameter("sms_fallback_method", method),
    "SmsFallbackUrl": Parameter("sms_fallback_url", url),
    "SmsMethod": Parameter("sms_method", method),
    "SmsUrl": Parameter("sms_url", url),
    "StatusCallback": Parameter("status_callback", url),
    "StatusCallbackMethod": Parameter("status_callback_method", method),
    "VoiceApplicationSid": Parameter("voice_application_sid", sid("AP", "")),
    "VoiceCallerIdLookup": Parameter("voice_caller_id_lookup", boolean),
    "VoiceFallbackMethod": Parameter("voice_fallback_method", method),
    "VoiceFallbackUrl": Parameter("voice_fallback_url", url),
    "VoiceMethod": Parameter("voice_method", method),
    "VoiceUrl": Parameter("voice_url", url),
    "EmergencyStatus": Parameter("emergency_status", one_of("Active", "Inactive")),
    "EmergencyAddressSid": Parameter("emergency_address_sid", sid("AD")),
    "TrunkSid": Parameter("trunk_sid", sid("TK")),
    "VoiceReceiveMode": Parameter("voice_receive_mode", one_of("voice", "fax")),
    "IdentitySid": Parameter("identity_sid", sid("RI")),
    "AddressSid": Parameter("address_sid", sid("AD")),
    "BundleSid": Parameter("bundle_sid", sid("BU")),
}
"""The 22 parameters that create and update share."""

REGULATORY = ("address_sid", "bundle_sid", "identity_sid")


def settings(form: Mapping[str, str]) -> Record:
    """Return the properties that a form sets; raises Problem. Undocumented parameters are passed over."""
    return {
        parameter.field: parameter.read(wire_name, form[wire_name])
        for wire_name, parameter in PARAMETERS.items()
        if wire_name in form
    }


def applied(record: Record, wanted: Record) -> Record:
    """Return the number with the settings, and with what the service changes because of them.

    A trunk and a voice application delete each other; where both are given, the trunk is the one that stays.
    """
    after = record | wanted
    if wanted.get("trunk_sid"):
        after["voice_application_sid"] = ""
    elif wanted.get("voice_application_sid"):
        after["trunk_sid"] = None
    if "emergency_address_sid" in wanted:
        after["emergency_address_status"] = "registered" if wanted["emergency_address_sid"] else "unregistered"
    return after


def regulation(number: Record, country: str, address: Record | None) -> Problem | None:
    """Return what regulation still asks of the buyer; `address` is the one given, where it is known here."""
    requirement, phone_number = number.get("address_requirements", "none"), number["phone_number"]
    if requirement != "none" and not number.get("address_sid"):
        return bad(ADDRESS_REQUIRED, f"{phone_number} requires an Address but the AddressSid parameter was empty")
    if requirement == "local" and address and address["iso_country"] != country:
        return bad(LOCAL_ADDRESS_REQUIRED, f"{phone_number} requires an Address in {country}")
    if (country, number.get("type")) in NEEDS_BUNDLE and not number.get("bundle_sid"):
        what = f"country: [{country}] and numberType: [{str(number['type']).upper()}]"
        return bad(BUNDLE_REQUIRED, f"Bundle required and not provided for {what}")
    return None
