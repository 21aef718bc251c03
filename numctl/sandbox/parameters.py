"""What a request may set on a number, checked as the service does; an empty value clears a URL, SID or name.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#create-an-incomingphonenumber-resource

The table is written from that page and shares nothing with the client's own, which is tested against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from numctl.model.number import Record
from numctl.sandbox.problems import (
    INVALID_METHOD,
    INVALID_NAME,
    INVALID_PARAMETER,
    INVALID_URL,
    bad,
)

_NAME_LENGTH = 64
_Read = Callable[[str, str], Any]


class _Parameter(NamedTuple):
    """One form parameter: the property that it sets, and how its text is read."""

    field: str
    read: _Read


def _name(parameter: str, text: str) -> str:
    if len(text) > _NAME_LENGTH:
        raise bad(INVALID_NAME, f"{parameter} must not be longer than {_NAME_LENGTH} characters")
    return text


def _url(parameter: str, text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        good = False
    if text and not good:
        raise bad(INVALID_URL, f"{parameter} is not a valid URL: {text}")
    return text


def _method(parameter: str, text: str) -> str:
    if text.upper() not in ("GET", "POST"):
        raise bad(INVALID_METHOD, f"{parameter} must be GET or POST")
    return text.upper()


def boolean(parameter: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise bad(INVALID_PARAMETER, f"{parameter} must be true or false")
    return text.lower() == "true"


def _version(parameter: str, text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise bad(INVALID_PARAMETER, f"{parameter} is not an API version")
    return text


def _one_of(*choices: str) -> _Read:
    known = {choice.lower(): choice for choice in choices}

    def read(parameter: str, text: str) -> str:
        if text.lower() not in known:
            raise bad(INVALID_PARAMETER, f"{parameter} must be one of {', '.join(choices)}")
        return known[text.lower()]

    return read


def _sid(prefix: str, cleared: str | None = None) -> _Read:
    """`cleared` is what the property holds without a SID."""

    def read(parameter: str, text: str) -> str | None:
        if text and not re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", text):
            raise bad(INVALID_PARAMETER, f"{parameter} is not a valid {prefix} SID: {text}")
        return text or cleared

    return read


_PARAMETERS = {
    "ApiVersion": _Parameter("api_version", _version),
    "FriendlyName": _Parameter("friendly_name", _name),
    "SmsApplicationSid": _Parameter("sms_application_sid", _sid("AP", "")),
    "SmsFallbackMethod": _Parameter("sms_fallback_method", _method),
    "SmsFallbackUrl": _Parameter("sms_fallback_url", _url),
    "SmsMethod": _Parameter("sms_method", _method),
    "SmsUrl": _Parameter("sms_url", _url),
    "StatusCallback": _Parameter("status_callback", _url),
    "StatusCallbackMethod": _Parameter("status_callback_method", _method),
    "VoiceApplicationSid": _Parameter("voice_application_sid", _sid("AP", "")),
    "VoiceCallerIdLookup": _Parameter("voice_caller_id_lookup", boolean),
    "VoiceFallbackMethod": _Parameter("voice_fallback_method", _method),
    "VoiceFallbackUrl": _Parameter("voice_fallback_url", _url),
    "VoiceMethod": _Parameter("voice_method", _method),
    "VoiceUrl": _Parameter("voice_url", _url),
    "EmergencyAddressSid": _Parameter("emergency_address_sid", _sid("AD")),
    "TrunkSid": _Parameter("trunk_sid", _sid("TK")),
    "VoiceReceiveMode": _Parameter("voice_receive_mode", _one_of("voice", "fax")),
    "IdentitySid": _Parameter("identity_sid", _sid("RI")),
    "AddressSid": _Parameter("address_sid", _sid("AD")),
    "BundleSid": _Parameter("bundle_sid", _sid("BU")),
}
"""The parameters that create and update share. EmergencyStatus is accepted and ignored."""

REGULATORY = ("address_sid", "bundle_sid", "identity_sid")


def settings(form: Mapping[str, str]) -> Record:
    """The properties that a form sets; raises Problem. Undocumented parameters are ignored."""
    return {
        parameter.field: parameter.read(wire_name, form[wire_name])
        for wire_name, parameter in _PARAMETERS.items()
        if wire_name in form
    }


def applied(record: Record, wanted: Record) -> Record:
    """The number with the settings, and with what the service changes because of them.

    A trunk and a voice application delete each other; if both are given, the trunk stays.
    """
    after = record | wanted
    if wanted.get("trunk_sid"):
        after["voice_application_sid"] = after.get("voice_application_sid") and ""
    elif wanted.get("voice_application_sid"):
        after["trunk_sid"] = None
    return after
