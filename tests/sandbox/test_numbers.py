"""IncomingPhoneNumbers on the stand-in: list, fetch and change."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.model.number import FIELDS
from numctl.sandbox import SUBACCOUNT_SID, records
from numctl.sandbox.numbers import phone_conditions
from numctl.sandbox.stock import offers

from .caller import ROOT, Caller

LIST = "IncomingPhoneNumbers.json"
FREE = "+14155550190"
APPLICATION, TRUNK = "AP" + "a1" * 16, "TK" + "b2" * 16
ADDRESS, BUNDLE, IDENTITY = "AD" + "c3" * 16, "BU" + "d4" * 16, "RI" + "e5" * 16


def path(number: dict[str, str]) -> str:
    return f"IncomingPhoneNumbers/{number['sid']}.json"


def phones(found: list[dict[str, str]]) -> list[str]:
    return [number["phone_number"] for number in found]


def test_fresh_sandbox_has_an_assortment(service: Caller) -> None:
    found = service.every(LIST, "incoming_phone_numbers")
    assert len(found) == 12
    assert {number["type"] for number in found} == {"local", "mobile", "toll-free"}
    assert [number["origin"] for number in found].count("hosted") == 1
    assert [number["beta"] for number in found].count(True) == 1
    assert any(number["trunk_sid"] for number in found)
    assert any(number["voice_application_sid"] for number in found)
    assert any((number["voice_url"] or "").startswith("http://") for number in found)
    assert any(not number["capabilities"]["voice"] for number in found)
    assert any(not number["friendly_name"].isascii() for number in found)
    under = service.every(f"{ROOT}/{SUBACCOUNT_SID}/{LIST}", "incoming_phone_numbers")
    assert phones(under) == ["+14155550120", "+18665550121"]


def test_every_answer_has_all_36_properties(service: Caller) -> None:
    listed = service.every(LIST, "incoming_phone_numbers")
    bought = service.post(LIST, PhoneNumber=FREE)
    fetched = service.get(path(bought))
    changed = service.post(path(bought), VoiceUrl="https://example.com/")
    for number in (*listed, bought, fetched, changed):
        assert sorted(number) == sorted(FIELDS)
        assert len(number) == 36
    assert fetched == bought


SETTINGS = {
    "ApiVersion": ("api_version", "2008-08-01", "2008-08-01"),
    "FriendlyName": ("friendly_name", "Größe 7 ☎", "Größe 7 ☎"),
    "SmsApplicationSid": ("sms_application_sid", APPLICATION, APPLICATION),
    "SmsFallbackMethod": ("sms_fallback_method", "GET", "GET"),
    "SmsFallbackUrl": (
        "sms_fallback_url",
        "https://example.com/a?b=c&d=%20",
        "https://example.com/a?b=c&d=%20",
    ),
    "SmsMethod": ("sms_method", "GET", "GET"),
    "SmsUrl": ("sms_url", "https://example.com/s", "https://example.com/s"),
    "StatusCallback": ("status_callback", "https://example.com/c", "https://example.com/c"),
    "StatusCallbackMethod": ("status_callback_method", "GET", "GET"),
    "VoiceApplicationSid": ("voice_application_sid", APPLICATION, APPLICATION),
    "VoiceCallerIdLookup": ("voice_caller_id_lookup", "true", True),
    "VoiceFallbackMethod": ("voice_fallback_method", "GET", "GET"),
    "VoiceFallbackUrl": ("voice_fallback_url", "http://example.com/f", "http://example.com/f"),
    "VoiceMethod": ("voice_method", "GET", "GET"),
    "VoiceUrl": ("voice_url", "https://example.com/v", "https://example.com/v"),
    "TrunkSid": ("trunk_sid", TRUNK, TRUNK),
    "VoiceReceiveMode": ("voice_receive_mode", "fax", "fax"),
    "IdentitySid": ("identity_sid", IDENTITY, IDENTITY),
    "AddressSid": ("address_sid", ADDRESS, ADDRESS),
    "BundleSid": ("bundle_sid", BUNDLE, BUNDLE),
}


@pytest.mark.parametrize("parameter", SETTINGS)
def test_each_parameter_sets_its_property_at_purchase_and_later(service: Caller, parameter: str) -> None:
    field, sent, kept = SETTINGS[parameter]
    bought = service.post(LIST, PhoneNumber=FREE, **{parameter: sent})
    assert bought[field] == kept
    plain = service.post(LIST, PhoneNumber="+14155550191")
    changed = service.post(path(plain), **{parameter: sent})
    assert changed[field] == kept
    assert changed == plain | {field: kept, "date_updated": changed["date_updated"]}
    assert service.get(path(plain)) == changed


CLEARABLE = {name for name in SETTINGS if name.endswith(("Url", "Sid", "Callback"))} | {"FriendlyName"}


@pytest.mark.parametrize("parameter", sorted(CLEARABLE))
def test_empty_value_clears(service: Caller, parameter: str) -> None:
    field, sent, _ = SETTINGS[parameter]
    number = service.post(LIST, PhoneNumber=FREE, **{parameter: sent})
    assert not service.post(path(number), **{parameter: ""})[field]


@pytest.mark.parametrize("parameter", sorted(set(SETTINGS) - CLEARABLE))
def test_what_cannot_be_cleared_is_refused(service: Caller, parameter: str) -> None:
    number = service.number("+14155550100")
    status, _ = service.refusal("POST", path(number), **{parameter: ""})
    assert status == 400
    assert service.get(path(number)) == number


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("FriendlyName", "x" * 65, 20002),
        ("VoiceUrl", "voice.example.com", 21402),
        ("SmsUrl", "ftp://example.com/", 21402),
        ("VoiceMethod", "PUT", 21403),
        ("VoiceCallerIdLookup", "perhaps", 20001),
        ("VoiceReceiveMode", "telex", 20001),
        ("TrunkSid", "TKnope", 20001),
        ("BundleSid", "AD" + "0" * 32, 20001),
        ("ApiVersion", "v1", 20001),
    ],
)
def test_invalid_value_changes_nothing(service: Caller, parameter: str, value: str, code: int) -> None:
    number = service.number("+14155550100")
    refusal = service.refusal("POST", path(number), SmsMethod="GET", **{parameter: value})
    assert refusal == (400, code)
    assert service.get(path(number)) == number
    assert service.refusal("POST", LIST, PhoneNumber=FREE, **{parameter: value}) == (400, code)
    assert service.get(LIST, PhoneNumber=FREE)["incoming_phone_numbers"] == []


def test_name_of_64_characters_is_kept(service: Caller) -> None:
    number = service.number("+14155550100")
    assert service.post(path(number), FriendlyName="ü" * 64)["friendly_name"] == "ü" * 64


def test_trunk_and_voice_application_delete_each_other(service: Caller) -> None:
    number = service.post(LIST, PhoneNumber=FREE, VoiceUrl="https://example.com/", VoiceApplicationSid=APPLICATION)
    trunked = service.post(path(number), TrunkSid=TRUNK)
    assert (trunked["trunk_sid"], trunked["voice_application_sid"]) == (TRUNK, "")
    back = service.post(path(number), VoiceApplicationSid=APPLICATION)
    assert (back["trunk_sid"], back["voice_application_sid"]) == (None, APPLICATION)
    cleared = service.post(path(number), TrunkSid="")
    assert cleared["voice_application_sid"] == APPLICATION
    assert cleared["voice_url"] == "https://example.com/"


def test_date_updated_moves_on_with_each_change_and_only_then(service: Caller) -> None:
    number = service.number("+14155550100")
    first = service.post(path(number), VoiceMethod="GET")
    second = service.post(path(number), VoiceMethod="POST")
    same = service.post(path(number), VoiceMethod="POST")
    moments = [parsedate_to_datetime(each["date_updated"]) for each in (number, first, second)]
    assert moments[0] < moments[1] < moments[2]
    assert same == second
    assert second["date_created"] == number["date_created"]


def test_timestamp_after_one_that_is_no_date_is_the_present() -> None:
    assert parsedate_to_datetime(records.after("soon")).year >= 2024


@pytest.mark.parametrize("target", ["IncomingPhoneNumbers/PN" + "0" * 32 + ".json", "IncomingPhoneNumbers/x.json"])
def test_unknown_number_is_404(service: Caller, target: str) -> None:
    assert service.refusal("GET", target) == (404, 20404)


def test_number_of_another_account_is_404(service: Caller) -> None:
    number = service.number("+14155550100")
    assert service.refusal("GET", f"{ROOT}/{SUBACCOUNT_SID}/{path(number)}") == (404, 20404)


def test_filters_narrow_a_list(service: Caller) -> None:
    def found(**query: str) -> list[str]:
        return phones(service.every(LIST, "incoming_phone_numbers", **query))

    assert found(FriendlyName="Växeln i Göteborg") == ["+46701740606"]
    assert found(FriendlyName="växeln") == []
    assert found(Origin="hosted") == ["+13055550108"]
    assert len(found(Origin="twilio")) == 11
    assert len(found(Beta="true")) == 12
    assert "+46701740606" not in found(Beta="false")
    assert len(found(Beta="false")) == 11
    assert found(PhoneNumber="+1415") == ["+14155550100"]
    assert found(PhoneNumber="5550100") == ["+14155550100", "+18005550100"]
    assert found(PhoneNumber="+1*1*5550***") == found(PhoneNumber="+1*1*555")
    assert found(PhoneNumber="+1415555010*") == ["+14155550100"]
    assert found(PhoneNumber="+14155550100", Beta="false", Origin="twilio") == ["+14155550100"]
    assert service.refusal("GET", LIST, Beta="perhaps") == (400, 20001)
    assert service.refusal("GET", LIST, PhoneNumber="+1[4]") == (400, 21421)


SOMEWHERE = [offer.phone_number for country in ("US", "GB") for offer in offers(country, "local")]
PATTERNS = st.from_regex(r"\A\+?[0-9*]{1,12}\Z")


@given(pattern=PATTERNS, phone_number=st.sampled_from(SOMEWHERE))
def test_wildcard_pattern_matches_what_a_regular_expression_does(pattern: str, phone_number: str) -> None:
    conditions = list(phone_conditions(pattern))
    query = "SELECT " + " AND ".join(condition.sql for condition in conditions)
    with closing(sqlite3.connect(":memory:")) as connection:
        table = f"{query} FROM (SELECT ? AS phone_number)"
        (found,) = connection.execute(table, (*(c.value for c in conditions), phone_number)).fetchone()
    expected = re.search(pattern.replace("+", r"\+").replace("*", "[0-9]"), phone_number)
    assert bool(found) == bool(expected)
