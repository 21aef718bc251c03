"""The country of an E.164 number."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    SUPPORTED_REGIONS,
    PhoneNumberFormat,
    PhoneNumberType,
    example_number_for_type,
    format_number,
    parse,
    region_code_for_number,
)

from numctl.model.countries import calling_code, country_of_number, is_country, north_american_region

SHARED = [calling for calling, regions in COUNTRY_CODE_TO_REGION_CODE.items() if len(regions) > 1 and calling != 1]


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("+14155550100", "US"),
        ("+16045550100", "CA"),
        ("+18765550100", "JM"),
        ("+17875550100", "PR"),
        ("+447412345678", "GB"),
        ("+447797123456", "JE"),
        ("+441481256789", "GG"),
        ("+447624312345", "IM"),
        ("+79161234567", "RU"),
        ("+77011234567", "KZ"),
        ("+393201234567", "IT"),
        ("+390669812345", "VA"),
        ("+61412345678", "AU"),
        ("+61891621234", "CC"),
        ("+61891641234", "CX"),
        ("+4915123456789", "DE"),
        ("+35312345678", "IE"),
    ],
)
def test_a_number_has_the_country_of_its_range(number: str, region: str) -> None:
    assert country_of_number(number) == region


def test_example_numbers_of_every_country_agree_with_phonenumbers() -> None:
    types = [
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.TOLL_FREE,
    ]
    examples = [example_number_for_type(region, kind) for region in sorted(SUPPORTED_REGIONS) for kind in types]
    found = {format_number(one, PhoneNumberFormat.E164): region_code_for_number(one) for one in examples if one}
    assert len(found) > 500
    assert {number: country_of_number(number) for number in found} == found


@pytest.mark.parametrize("calling", SHARED)
def test_no_number_of_a_shared_calling_code_gets_the_country_of_a_neighbour(calling: int) -> None:
    chance = random.Random(calling)
    numbers = [f"+{calling}{chance.randrange(10**7, 10**11)}" for _ in range(2000)]
    # With a national prefix in it (+7 8…) it is no E.164 number; phonenumbers takes the prefix off.
    expected = {
        number: region_code_for_number(parsed) or COUNTRY_CODE_TO_REGION_CODE[calling][0]
        for number in numbers
        if format_number(parsed := parse(number), PhoneNumberFormat.E164) == number
    }
    assert {number: country_of_number(number) for number in expected} == expected


@pytest.mark.parametrize(("number", "region"), [("+447700900123", "GB"), ("+4900000", "DE"), ("+39000", "IT")])
def test_a_number_that_nobody_was_given_counts_to_the_country_of_its_calling_code(number: str, region: str) -> None:
    assert country_of_number(number) == region


def test_a_north_american_toll_free_number_counts_to_the_us() -> None:
    assert country_of_number("+18335550100") == "US"


@pytest.mark.parametrize(
    "text",
    [
        "+80012345678",
        "+88212345678",
        "+21012345678",
        "+12",
        "+",
        "",
        "14155550100",
        "+1415555010x",
        "+\u0661\u0662\u0663",
    ],
)
def test_what_has_no_country_gets_none(text: str) -> None:
    assert country_of_number(text) is None


def test_what_is_kept_does_not_grow_with_the_numbers() -> None:
    for number in range(5000):
        country_of_number(f"+1{200 + number % 800}555{number:04}")
        country_of_number(f"+44{7400000000 + number}")
    assert north_american_region.cache_info().currsize <= 1000
    assert calling_code.cache_info().currsize <= 1110


def test_phonenumbers_is_not_imported_before_a_number_is_looked_up() -> None:
    code = "import sys, numctl.model.countries, numctl.model.area_codes; sys.exit('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_country_that_has_numbers_is_known_by_its_code_alone() -> None:
    assert [is_country(code) for code in ("US", "GB", "VA", "UK", "ZZ", "001", "us", "")] == [True] * 3 + [False] * 5
