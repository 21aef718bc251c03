"""The filters that numctl applies itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.errors import UsageError
from numctl.where import NAMES, all_of, capability, country, equals, where
from tests.fakes import SMS, VOICE

RECORD: dict[str, Any] = {
    "phone_number": "+14155550100",
    "friendly_name": "Front Desk [1] (50% off)",
    "voice_url": VOICE,
    "sms_url": "",
    "status_callback": None,
    "beta": False,
    "voice_caller_id_lookup": True,
    "capabilities": {"voice": True, "sms": False, "MMS": True},
}


@pytest.mark.parametrize(
    "text",
    [
        "friendly_name=Front Desk [1] (50% off)",
        "friendly_name=Front*",
        "friendly_name=*off)",
        "friendly_name=F*[1]*)",
        "friendly_name=*",
        "friendly_name!=front*",
        "friendly_name!=Front",
        "friendly_name~front DESK",
        "friendly_name!~back",
        "sms_url=",
        "status_callback=",
        "trunk_sid=",
        "voice_url!=",
        "voice_url=https://*",
        "sms_url=*",
        "beta=false",
        "beta!=true",
        "voice_caller_id_lookup=true",
        "capabilities_voice=true",
        "capabilities_sms!=true",
        "capabilities_fax=",
        "any_url=*voice.example.com*",
        "any_url~VOICE",
        "any_url!~sms.example",
        "any_url!=" + SMS,
        "any_url=",
        "phone_number=+1415*",
        "voice_url!=a=b",
    ],
)
def test_the_filter_holds(text: str) -> None:
    assert where(text)(RECORD) is True


@pytest.mark.parametrize(
    "text",
    [
        "friendly_name=Front",
        "friendly_name=front*",
        "friendly_name=Front Desk ?1? (50% off)",
        "friendly_name=Front Desk .1. .50% off.",
        "friendly_name!=*Desk*",
        "friendly_name~Front*",
        "friendly_name!~DESK",
        "voice_url=",
        "sms_url!=",
        "beta=true",
        "beta=False",
        "any_url=*sms*",
        "any_url!~voice",
        "any_url!=",
        "phone_number=4155550100",
    ],
)
def test_the_filter_does_not_hold(text: str) -> None:
    assert where(text)(RECORD) is False


@pytest.mark.parametrize("text", ["", "friendly_name", "=x", "Friendly_Name=x", "voice url=x", " voice_url=x", "~x"])
def test_another_form_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        where(text)
    assert caught.value.message == f"--where {text!r}: it is FIELD=GLOB, FIELD!=GLOB, FIELD~TEXT or FIELD!~TEXT"


def test_an_unknown_field_is_a_usage_error_that_lists_the_valid_ones() -> None:
    with pytest.raises(UsageError) as caught:
        where("voice_uri=x")
    assert caught.value.message == "--where 'voice_uri=x': there is no field 'voice_uri'"
    assert caught.value.hint == f"the fields are: {', '.join(NAMES)}"


@given(st.text(st.characters(exclude_characters="*")))
def test_a_value_without_a_star_stands_for_itself_alone(value: str) -> None:
    assert equals(value)(value)
    assert not equals(value)(value + "x")
    assert not equals(value)("x" + value)


@given(st.text(), st.lists(st.text(st.characters(exclude_characters="*")), min_size=1, max_size=4))
def test_a_star_stands_for_anything_line_breaks_too(filling: str, pieces: list[str]) -> None:
    assert equals("*".join(pieces))(filling.join(pieces))


@given(st.text(), st.text(), st.text())
def test_a_glob_of_one_star_is_a_start_and_an_end_that_do_not_overlap(value: str, start: str, end: str) -> None:
    start, end = start.replace("*", ""), end.replace("*", "")
    expected = value.startswith(start) and value.endswith(end) and len(value) >= len(start) + len(end)
    assert equals(f"{start}*{end}")(value) is expected


@given(st.text(), st.sampled_from(["=", "~"]))
def test_a_negated_filter_is_the_opposite(value: str, operator: str) -> None:
    plain, negated = where(f"any_url{operator}{value}"), where(f"any_url!{operator}{value}")
    assert plain(RECORD) is not negated(RECORD)


def test_the_capability_filter_takes_what_the_service_says_and_nothing_unsaid() -> None:
    names = ("voice", "sms", "mms", "fax")
    assert [capability(name)(RECORD) for name in names] == [True, False, True, False]


def test_the_country_is_told_by_the_number_where_codes_are_shared_too() -> None:
    numbers = ["+14155550100", "+14165550100", "+442079460100", "+4915112345678", "not a number"]
    found = [[number for number in numbers if country(code)({"phone_number": number})] for code in ("US", "CA", "GB")]
    assert found == [["+14155550100"], ["+14165550100"], ["+442079460100"]]


@pytest.mark.parametrize("code", ["ZZ", "UK", "EU", "us"])
def test_a_code_that_no_country_has_is_a_usage_error(code: str) -> None:
    with pytest.raises(UsageError) as caught:
        country(code)
    assert caught.value.message == f"--country {code}: no country has this code (ISO 3166-1, such as US or GB)"


def test_all_filters_must_hold() -> None:
    both = all_of([where("beta=false"), where("sms_url=")])
    one = all_of([where("beta=true"), where("sms_url=")])
    assert both is not None
    assert one is not None
    assert (both(RECORD), one(RECORD), all_of([])) == (True, False, None)
