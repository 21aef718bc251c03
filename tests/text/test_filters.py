"""The filters that numctl applies itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.errors import UsageError
from numctl.text.filters import all_of, capability, country, equals, where
from tests.fakes import SMS, VOICE

RECORD: dict[str, Any] = {
    "phone_number": "+14155550100",
    "friendly_name": "Front Desk [1] (50% off)",
    "voice_url": VOICE,
    "sms_url": "",
    "status_callback": None,
    "beta": False,
    "voice_caller_id_lookup": True,
    "date_created": "Mon, 04 Mar 2024 09:30:00 +0000",
    "sms_method": "a\x07b",
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
        "any_url!=",
        "capabilities=voice mms",
        "capabilities!~fax",
        "capabilities~MMS",
        "capabilities_mms=true",
        "date_created=Mon, 04 Mar 2024*",
        "sms_method=ab",
        "phone_number=+1415*",
        "voice_url!=a=b",
    ],
)
def test_the_filter_holds(text: str) -> None:
    assert where(text).holds(RECORD) is True


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
        "any_url=",
        "capabilities~fax",
        "capabilities~sms",
        "capabilities~true",
        "capabilities=",
        "phone_number=4155550100",
    ],
)
def test_the_filter_does_not_hold(text: str) -> None:
    assert where(text).holds(RECORD) is False


def test_any_url_is_unset_only_where_all_five_are() -> None:
    unset, one = RECORD | {"voice_url": ""}, RECORD
    assert [where("any_url=").holds(record) for record in (unset, one)] == [True, False]
    assert [where("any_url!=").holds(record) for record in (unset, one)] == [False, True]


def test_a_url_is_tested_whole() -> None:
    record = {"voice_url": "https://ada:hush@example.com/"}
    assert where("voice_url=https://ada:hush@example.com/").holds(record)
    assert where("any_url~HUSH").holds(record)
    assert not where("voice_url~•••").holds(record)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ({"fax": True, "VOICE": True, "rcs": True, "sms": None}, "voice fax rcs"),
        ({"Voice": False}, ""),
        ({}, ""),
        (None, ""),
        ("voice", ""),
    ],
)
def test_capabilities_are_the_names_that_are_true(found: Any, text: str) -> None:
    assert where(f"capabilities={text}").holds({"capabilities": found})
    assert not where(f"capabilities!={text}").holds({"capabilities": found})


@pytest.mark.parametrize("text", ["voice_url~", "any_url~", "any_url!~", "capabilities!~"])
def test_no_text_is_a_usage_error_since_an_unset_variable_must_not_match_everything(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        where(text)
    name, operator = text.rstrip("~!"), text.lstrip("abcdefghijklmnopqrstuvwxyz_")
    assert caught.value.message == f"--where {text!r}: no text after {operator}"
    assert caught.value.hint == f"{name}= means that it is not set"


@pytest.mark.parametrize(
    ("text", "in_another_case"),
    [
        ("friendly_name=front*", True),
        ("any_url=HTTPS://voice*", True),
        ("friendly_name=front", False),
        ("friendly_name!=Front*", False),
        ("friendly_name~nobody", False),
    ],
)
def test_a_filter_knows_whether_case_alone_is_in_the_way(text: str, in_another_case: bool) -> None:
    assert where(text).holds(RECORD) is False
    assert where(text).in_any_case(RECORD) is in_another_case


class Searched(str):
    """A value that counts how often it is searched."""

    searches = 0

    def find(self, *where: Any) -> int:
        self.searches += 1
        return super().find(*where)


@pytest.mark.parametrize(("stars", "found"), [(20, False), (20, True), (400, False)])
def test_each_star_of_a_glob_costs_one_search_at_most(stars: int, found: bool) -> None:
    value = Searched("a" * 1000 + ("b" if found else ""))
    assert equals("*a" * stars + "*b")(value) is found
    assert value.searches <= stars


@pytest.mark.parametrize("text", ["", "friendly_name", "=x", "~x", "!=x"])
def test_another_form_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        where(text)
    assert caught.value.message == f"--where {text!r}: it is FIELD=GLOB, FIELD!=GLOB, FIELD~TEXT or FIELD!~TEXT"


def test_an_unknown_field_is_a_usage_error_with_the_few_that_may_be_meant() -> None:
    with pytest.raises(UsageError) as caught:
        where("sms_uri=x")
    said = "there is no field 'sms_uri': did you mean sms_url or uri?"
    assert (caught.value.message, caught.value.see) == (f"--where 'sms_uri=x': {said}", "all fields")


@pytest.mark.parametrize("name", ["Voice_URL", "voice-url", " voice_url", "voice url"])
def test_a_field_that_is_nearly_one_is_suggested(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        where(f"{name}=x")
    assert caught.value.message == f"--where {f'{name}=x'!r}: there is no field {name!r}: did you mean voice_url?"


@given(st.text(st.characters(exclude_characters="*")))
def test_a_value_without_a_star_stands_for_itself_alone(value: str) -> None:
    assert equals(value)(value)
    assert not equals(value)(value + "x")
    assert not equals(value)("x" + value)


@given(st.text(), st.lists(st.text(st.characters(exclude_characters="*")), min_size=1, max_size=4))
def test_a_star_stands_for_anything_line_breaks_too(filling: str, pieces: list[str]) -> None:
    assert equals("*".join(pieces))(filling.join(pieces))


@given(st.text("ab\n", max_size=12), st.text("ab*", max_size=8))
def test_a_glob_is_what_the_regular_expression_would_be(value: str, glob: str) -> None:
    form = ".*".join(map(re.escape, glob.split("*")))
    assert equals(glob)(value) is (re.fullmatch(form, value, re.DOTALL) is not None)


@given(st.text(), st.text(), st.text())
def test_a_glob_of_one_star_is_a_start_and_an_end_that_do_not_overlap(value: str, start: str, end: str) -> None:
    start, end = start.replace("*", ""), end.replace("*", "")
    expected = value.startswith(start) and value.endswith(end) and len(value) >= len(start) + len(end)
    assert equals(f"{start}*{end}")(value) is expected


@given(st.text(min_size=1), st.sampled_from(["=", "~"]))
def test_a_negated_filter_is_the_opposite(value: str, operator: str) -> None:
    plain, negated = where(f"any_url{operator}{value}"), where(f"any_url!{operator}{value}")
    assert plain.holds(RECORD) is not negated.holds(RECORD)


def test_the_capability_filter_takes_what_the_service_says_and_nothing_unsaid() -> None:
    names = ("voice", "sms", "mms", "fax")
    assert [capability(name).holds(RECORD) for name in names] == [True, False, True, False]


def test_the_country_is_told_by_the_number_where_codes_are_shared_too() -> None:
    numbers = ["+14155550100", "+14165550100", "+442079460100", "+4915112345678", "not a number"]
    found = [
        [number for number in numbers if country(code).holds({"phone_number": number})] for code in ("US", "CA", "GB")
    ]
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
    assert (both.holds(RECORD), one.holds(RECORD), all_of([])) == (True, False, None)
