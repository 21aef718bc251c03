"""The country of an E.164 number, fast enough for every record of a long list.

Calling codes and number ranges are those of phonenumbers (ITU-T E.164, national numbering plans).
"""

from __future__ import annotations

import re
from functools import cache

PLAUSIBLE = "2345678"
"""A subscriber number that is valid in every North American area code."""


def country_of_number(e164: str) -> str | None:
    """The ISO 3166-1 alpha-2 country of a number; None if it has none, such as +800.

    A number that is not assigned (a fictional one, say) counts to the main country of its calling code. North
    American toll-free numbers, which several countries share, count to the US.
    """
    digits = e164[1:]
    if e164[:1] != "+" or not (digits.isascii() and digits.isdigit()):
        return None
    if digits[0] == "1":
        return north_american_region(digits[1:4])
    calling, regions = calling_code(digits[:3])
    if len(regions) < 2:
        return regions[0] if regions else None
    return _shared_region(calling, digits[len(str(calling)) :], regions)


def is_country(code: str) -> bool:
    """Whether a country of this code has phone numbers."""
    from phonenumbers import SUPPORTED_REGIONS

    return code in SUPPORTED_REGIONS


@cache
def north_american_region(area_code: str) -> str | None:
    """The country of a North American area code; its three digits decide."""
    from phonenumbers import PhoneNumber, region_code_for_number

    if len(area_code) < 3:
        return None
    return region_code_for_number(PhoneNumber(country_code=1, national_number=int(area_code + PLAUSIBLE)))


@cache
def calling_code(digits: str) -> tuple[int, tuple[str, ...]]:
    """The calling code that up to three digits begin with, and its countries, the main one first.

    Calling codes are prefix-free and at most three digits long. Codes of no country, or not assigned, have no
    countries.
    """
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, REGION_CODE_FOR_NON_GEO_ENTITY

    for length in range(1, len(digits) + 1):
        calling = int(digits[:length])
        regions = COUNTRY_CODE_TO_REGION_CODE.get(calling, ())
        if regions:
            return calling, tuple(code for code in regions if code != REGION_CODE_FOR_NON_GEO_ENTITY)
    return 0, ()


def _shared_region(calling: int, national: str, regions: tuple[str, ...]) -> str:
    """The country of a number whose calling code several share, such as +44, which is also Jersey's.

    No fixed number of digits tells them apart (+61 needs six), so nothing is cached by prefix. Most are a landline
    or a mobile of the main country, which one match tells; phonenumbers asks that one first, too.
    """
    if any(form.fullmatch(national) for form in _ordinary(regions[0])):
        return regions[0]
    from phonenumbers import PhoneNumber, region_code_for_number

    zeros = len(national) - len(national.lstrip("0"))
    number = PhoneNumber(
        country_code=calling,
        national_number=int(national or "0"),
        italian_leading_zero=zeros > 0,
        number_of_leading_zeros=zeros or None,
    )
    return region_code_for_number(number) or regions[0]


@cache
def _ordinary(region: str) -> tuple[re.Pattern[str], ...]:
    """The forms of a country's landline and mobile numbers, without its calling code."""
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(region)
    kinds = (plan.fixed_line, plan.mobile) if plan else ()
    return tuple(re.compile(kind.national_number_pattern) for kind in kinds if kind and kind.national_number_pattern)
