"""The one table of settings: wire names, parsing and what already holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.model.ids import Invalid
from numctl.model.settings import CLEARABLE, REGULATORY_FIELDS, SETTINGS, URL_FIELDS, Wanted, parse, same, wire

WIRE_NAMES = {
    "friendly_name": "FriendlyName",
    "voice_url": "VoiceUrl",
    "voice_method": "VoiceMethod",
    "voice_fallback_url": "VoiceFallbackUrl",
    "voice_fallback_method": "VoiceFallbackMethod",
    "voice_application_sid": "VoiceApplicationSid",
    "voice_caller_id_lookup": "VoiceCallerIdLookup",
    "voice_receive_mode": "VoiceReceiveMode",
    "trunk_sid": "TrunkSid",
    "status_callback": "StatusCallback",
    "status_callback_method": "StatusCallbackMethod",
    "sms_url": "SmsUrl",
    "sms_method": "SmsMethod",
    "sms_fallback_url": "SmsFallbackUrl",
    "sms_fallback_method": "SmsFallbackMethod",
    "sms_application_sid": "SmsApplicationSid",
    "address_sid": "AddressSid",
    "bundle_sid": "BundleSid",
    "identity_sid": "IdentitySid",
    "emergency_status": "EmergencyStatus",
    "emergency_address_sid": "EmergencyAddressSid",
    "api_version": "ApiVersion",
}


def test_there_is_a_setting_for_each_parameter_that_create_and_update_share() -> None:
    assert {name: row.wire_name for name, row in SETTINGS.items()} == WIRE_NAMES


def test_each_setting_has_its_option() -> None:
    options = {name: row.option for name, row in SETTINGS.items()}
    assert options == {name: "--" + name.replace("_", "-") for name in WIRE_NAMES}


def test_a_method_an_enum_the_boolean_and_the_api_version_cannot_be_cleared() -> None:
    assert set(SETTINGS) - set(CLEARABLE) == {
        "voice_method",
        "voice_fallback_method",
        "voice_caller_id_lookup",
        "voice_receive_mode",
        "status_callback_method",
        "sms_method",
        "sms_fallback_method",
        "emergency_status",
        "api_version",
    }


def test_the_url_and_regulatory_fields_are_those_that_the_interface_names() -> None:
    assert URL_FIELDS == ("voice_url", "voice_fallback_url", "status_callback", "sms_url", "sms_fallback_url")
    assert REGULATORY_FIELDS == ("address_sid", "bundle_sid", "identity_sid")


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("TRUE", True), ("True", True), ("false", False), ("FALSE", False)]
)
def test_the_boolean_is_read_as_spreadsheets_write_it(text: str, value: bool) -> None:
    assert parse("voice_caller_id_lookup", text) is value


@pytest.mark.parametrize("text", ["1", "yes", "on", "t", "", "true ", "ＴＲＵＥ", "truе"])
def test_nothing_else_is_a_boolean(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse("voice_caller_id_lookup", text)
    assert caught.value.message == f"{text!r} is neither true nor false"


@pytest.mark.parametrize("field", CLEARABLE)
def test_an_empty_value_never_clears_by_accident(field: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(field, "")
    expected = "the value is empty; to clear a setting, name it: numctl set --clear FIELD"
    assert caught.value.message == expected


def test_a_value_is_sent_in_the_documented_case() -> None:
    parsed = [parse("voice_method", "get"), parse("voice_receive_mode", "VOICE"), parse("emergency_status", "active")]
    assert parsed == ["GET", "voice", "Active"]


@given(st.sampled_from([name for name in SETTINGS if name not in ("friendly_name", "api_version")]), st.text())
def test_a_bad_value_is_refused_in_words_that_show_it(field: str, text: str) -> None:
    message = refusal(field, text)
    assert message is None or text == "" or repr(text) in message or "password" in message


def refusal(field: str, text: str) -> str | None:
    try:
        parse(field, text)
    except Invalid as error:
        return error.message
    return None


def test_what_is_sent_has_wire_names_and_lower_case_booleans_and_clears_with_nothing() -> None:
    wanted: Wanted = {
        "voice_url": "",
        "voice_caller_id_lookup": True,
        "friendly_name": "Ada & Co",
        "api_version": "2010-04-01",
    }
    assert wire(wanted) == {
        "VoiceUrl": "",
        "VoiceCallerIdLookup": "true",
        "FriendlyName": "Ada & Co",
        "ApiVersion": "2010-04-01",
    }


@pytest.mark.parametrize(
    ("live", "wanted", "holds"),
    [
        (None, "", True),
        ("", "", True),
        ("x", "", False),
        (None, "x", False),
        ("x", "x", True),
        ("X", "x", False),
        (None, False, True),
        (False, False, True),
        (True, False, False),
        (None, True, False),
        (True, True, True),
        (True, "true", True),
        (5, "5", True),
    ],
)
def test_null_and_empty_are_the_same_and_everything_else_is_exact(live: Any, wanted: str | bool, holds: bool) -> None:
    assert same(live, wanted) is holds
