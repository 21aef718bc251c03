"""Where the numbers of an area code are searched for."""

from __future__ import annotations

import pytest

from numctl.errors import UsageError
from numctl.model.area_codes import country_of


@pytest.mark.parametrize("area_code", ["415", "212", "907", "808", "983", "205"])
def test_an_area_code_of_the_us(area_code: str) -> None:
    assert country_of(area_code) == "US"


@pytest.mark.parametrize("area_code", ["604", "416", "514", "867", "902", "942"])
def test_an_area_code_of_canada(area_code: str) -> None:
    assert country_of(area_code) == "CA"


def test_toll_free_codes_are_exactly_the_seven_in_service() -> None:
    found = []
    for area_code in map(str, range(800, 900)):
        try:
            if country_of(area_code) == "toll-free":
                found.append(area_code)
        except UsageError:
            continue
    assert found == ["800", "833", "844", "855", "866", "877", "888"]


@pytest.mark.parametrize(("area_code", "country"), [("876", "JM"), ("787", "PR"), ("242", "BS"), ("671", "GU")])
def test_an_area_code_of_another_country_is_refused_and_the_country_named(area_code: str, country: str) -> None:
    with pytest.raises(UsageError) as caught:
        country_of(area_code)
    assert caught.value.message == f"{area_code} is an area code of {country}, not of the US or Canada"
    assert caught.value.hint == f"numctl search {country} shows what is for sale there"


@pytest.mark.parametrize("area_code", ["211", "555", "999", "822"])
def test_a_code_that_was_not_given_out_is_refused(area_code: str) -> None:
    with pytest.raises(UsageError) as caught:
        country_of(area_code)
    assert caught.value.message == f"{area_code} is not an area code in use"
    assert caught.value.hint == "give an area code of the US or Canada, such as 415, or a toll-free one, such as 833"


@pytest.mark.parametrize("area_code", ["500", "600", "622", "900"])
def test_a_code_for_services_is_refused(area_code: str) -> None:
    with pytest.raises(UsageError) as caught:
        country_of(area_code)
    assert caught.value.message == f"{area_code} is a code for services, not for places: no numbers are sold in it"


@pytest.mark.parametrize("text", ["41", "4155", "115", "abc", "", "\u0664\u0661\u0665"])
def test_what_is_not_three_digits_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        country_of(text)
    assert caught.value.message == f"{text!r} is not an area code of the US or Canada: three digits, such as 415"
