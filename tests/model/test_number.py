"""What numctl reads out of a number's record."""

from __future__ import annotations

from typing import Any

import pytest

from numctl.model.number import CAPABILITY_COLUMNS, COLUMNS, FIELDS, abilities, can, column
from numctl.model.routing import Handler, handler
from numctl.model.settings import SETTINGS
from tests.fakes import APPLICATION, SMS, TRUNK, VOICE

FALLBACK = "https://other.example.com/call"

DOCUMENTED = {
    *("account_sid", "address_requirements", "address_sid", "api_version", "beta", "bundle_sid", "capabilities"),
    *("date_created", "date_updated", "emergency_address_sid", "emergency_address_status", "emergency_status"),
    *("friendly_name", "identity_sid", "origin", "phone_number", "sid", "status", "status_callback"),
    *("status_callback_method", "sms_application_sid", "sms_fallback_method", "sms_fallback_url", "sms_method"),
    *("sms_url", "trunk_sid", "uri", "voice_application_sid", "voice_caller_id_lookup", "voice_fallback_method"),
    *("voice_fallback_url", "voice_method", "voice_receive_mode", "voice_url"),
}
"""The 33 properties of the documentation's table, and date_created."""


def test_the_fields_are_the_documented_ones_with_type_and_subresources_each_once() -> None:
    assert sorted(FIELDS) == sorted([*DOCUMENTED, "type", "subresource_uris"])
    assert len(DOCUMENTED) == 34


def test_sheet_columns_split_capabilities_and_leave_out_subresources() -> None:
    split = ["capabilities_voice", "capabilities_sms", "capabilities_mms", "capabilities_fax"]
    at = COLUMNS.index("capabilities_voice")
    assert list(COLUMNS[at : at + 4]) == split
    assert set(COLUMNS) == set(FIELDS) - {"capabilities", "subresource_uris"} | set(split)
    assert len(COLUMNS) == len(set(COLUMNS)) == 38
    assert COLUMNS[:4] == ("phone_number", "friendly_name", "sid", "account_sid")


def test_every_setting_is_a_field() -> None:
    assert set(SETTINGS) <= set(FIELDS)


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        ({}, Handler(None, "", ())),
        ({"voice_url": None, "trunk_sid": ""}, Handler(None, "", ())),
        ({"voice_url": VOICE, "voice_fallback_url": FALLBACK}, Handler("voice_url", VOICE, ())),
        ({"voice_fallback_url": FALLBACK}, Handler(None, "", ())),
        (
            {"voice_application_sid": APPLICATION, "voice_url": VOICE, "voice_fallback_url": FALLBACK},
            Handler("voice_application_sid", APPLICATION, ("voice_url", "voice_fallback_url")),
        ),
        (
            {"trunk_sid": TRUNK, "voice_application_sid": APPLICATION, "voice_url": VOICE, "sms_url": SMS},
            Handler("trunk_sid", TRUNK, ("voice_application_sid", "voice_url")),
        ),
        ({"trunk_sid": TRUNK, "status_callback": VOICE}, Handler("trunk_sid", TRUNK, ())),
    ],
)
def test_a_trunk_answers_before_an_application_and_that_before_a_url(record: dict[str, Any], answer: Handler) -> None:
    assert handler(record, "calls") == answer


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        ({"voice_url": VOICE, "trunk_sid": TRUNK}, Handler(None, "", ())),
        ({"sms_url": SMS, "trunk_sid": TRUNK}, Handler("sms_url", SMS, ())),
        (
            {"sms_application_sid": APPLICATION, "sms_url": SMS, "sms_fallback_url": SMS},
            Handler("sms_application_sid", APPLICATION, ("sms_url", "sms_fallback_url")),
        ),
    ],
)
def test_an_application_gets_a_message_before_a_url(record: dict[str, Any], answer: Handler) -> None:
    assert handler(record, "messages") == answer


@pytest.mark.parametrize(
    ("capabilities", "found"),
    [
        ({"sms": True}, True),
        ({"sms": False}, False),
        ({"SMS": True}, True),
        ({"Sms": True, "VOICE": False}, True),
        ({"sms": False, "SMS": True}, False),
        ({"sms": None}, None),
        ({"voice": True}, None),
        (None, None),
        ("sms", None),
        (["sms"], None),
    ],
)
def test_a_capability_is_read_leniently(capabilities: Any, found: bool | None) -> None:
    assert can({"capabilities": capabilities}, "sms") is found


def test_a_column_is_a_property_a_capability_or_what_answers() -> None:
    record = {"phone_number": "+14155550100", "capabilities": {"sms": True}, "voice_url": VOICE, "novel": [1]}
    names = ["phone_number", "capabilities_sms", "capabilities_fax", "calls", "messages", "novel", "missing"]
    assert [column(record, name) for name in names] == ["+14155550100", True, None, VOICE, "", [1], None]


def test_capabilities_in_capitals_are_read_the_same() -> None:
    records = [
        {"capabilities": capabilities} for capabilities in ({"sms": True, "fax": False}, {"SMS": True, "FAX": False})
    ]
    assert [[column(record, name) for name in CAPABILITY_COLUMNS] for record in records] == [
        [None, True, None, False]
    ] * 2
    assert [abilities(record) for record in records] == ["sms", "sms"]


def test_a_capability_column_of_a_record_without_capabilities_is_empty() -> None:
    assert [column(record, "capabilities_sms") for record in ({}, {"capabilities": None}, {"capabilities": "x"})] == [
        None,
        None,
        None,
    ]
