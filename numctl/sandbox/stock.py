"""What the stand-in sells: numbers that regulators reserve for fiction, always the same ones.

555-0100 to 555-0199 of the North American plan, and the ranges that Ofcom, ComReg, the Bundesnetzagentur, PTS and ARCEP
reserve. If an area code sells more, they are other lines of the exchange 555, which are not assigned.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from numctl.sandbox.places import PLACES, Place, place_of

_TOLL_FREE_CODES = ("800", "833", "844", "855", "866", "877", "888")
COUNTRIES = {
    "US": "United States",
    "CA": "Canada",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "DE": "Germany",
    "FR": "France",
    "SE": "Sweden",
}
SOLD = {
    "US": ("local", "toll-free"),
    "CA": ("local", "toll-free"),
    "GB": ("local", "mobile", "national"),
    "IE": ("local",),
    "DE": ("mobile",),
    "FR": ("mobile",),
    "SE": ("mobile",),
}
"""The types that each country has, as in a number's `type`."""

_LINES = {"212": range(300), "213": range(400), "415": range(200), "907": range(100, 140)}
_ORDINARY_LINES = range(100, 200)
"""The lines of the exchange 555 that each area code sells."""

_LINE_OF_555 = re.compile("[+]1([0-9]{3})555([0-9]{4})")


class _Range(NamedTuple):
    """Consecutive numbers outside the North American plan, and what regulation requires of their buyer."""

    country: str
    type: str
    prefix: str
    first: int
    last: int
    digits: int
    address_requirements: str
    beta: bool = False


_RANGES = (
    _Range("GB", "local", "+442079460", 0, 99, 3, "any"),
    _Range("GB", "mobile", "+447700900", 0, 199, 3, "none"),
    _Range("GB", "national", "+443069990", 0, 49, 3, "none"),
    _Range("IE", "local", "+353209100", 0, 49, 3, "local"),
    _Range("DE", "mobile", "+4917139200", 0, 99, 2, "local"),
    _Range("FR", "mobile", "+3363998", 0, 99, 4, "foreign"),
    _Range("SE", "mobile", "+467017406", 5, 99, 2, "none", beta=True),
)


class Offer(NamedTuple):
    """One number for sale."""

    phone_number: str
    country: str
    type: str
    capabilities: dict[str, bool]
    place: Place | None = None
    address_requirements: str = "none"
    beta: bool = False


def capabilities(voice: bool, sms: bool, mms: bool, fax: bool = False) -> dict[str, bool]:
    """A number's `capabilities` as the service writes them for owned numbers."""
    return {"voice": voice, "sms": sms, "mms": mms, "fax": fax}


def _lines_of(area_code: str) -> range:
    return _LINES.get(area_code, _ORDINARY_LINES)


def _local_offer(place: Place, line: int) -> Offer:
    """NXX-555-LINE; the line decides what it can do, so that each filter leaves some out."""
    last = line % 10
    able = capabilities(last != 5, last != 9, last not in (8, 9), last in (7, 9))
    return Offer(f"+1{place.area_code}555{line:04}", place.country, "local", able, place, beta=line % 20 == 16)


def _toll_free_offer(country: str, code: str, line: int) -> Offer:
    """8XX-555-LINE, which both the US and Canada sell."""
    return Offer(f"+1{code}5550{line}", country, "toll-free", capabilities(True, line % 10 != 9, True, True))


def _range_offer(span: _Range, line: int) -> Offer:
    able = capabilities(True, span.type == "mobile", False)
    number = f"{span.prefix}{line:0{span.digits}}"
    return Offer(number, span.country, span.type, able, None, span.address_requirements, span.beta)


@cache
def offers(country: str, type: str) -> tuple[Offer, ...]:
    """All that a country has of one type, owned or not."""
    if country in ("US", "CA") and type == "local":
        places = [place for place in PLACES if place.country == country]
        return tuple(_local_offer(place, line) for place in places for line in _lines_of(place.area_code))
    if country in ("US", "CA") and type == "toll-free":
        return tuple(_toll_free_offer(country, code, line) for code in _TOLL_FREE_CODES for line in _ORDINARY_LINES)
    spans = [span for span in _RANGES if (span.country, span.type) == (country, type)]
    return tuple(_range_offer(span, line) for span in spans for line in range(span.first, span.last + 1))


def find(phone_number: str) -> Offer | None:
    """The number's offer; a toll-free number counts as the US's."""
    if match := _LINE_OF_555.fullmatch(phone_number):
        code, line, place = match[1], int(match[2]), place_of(phone_number)
        if place:
            return _local_offer(place, line) if line in _lines_of(code) else None
        return _toll_free_offer("US", code, line) if code in _TOLL_FREE_CODES and line in _ORDINARY_LINES else None
    for span in _RANGES:
        line_digits = phone_number.removeprefix(span.prefix)
        if re.fullmatch(f"[0-9]{{{span.digits}}}", line_digits) and span.first <= int(line_digits) <= span.last:
            return _range_offer(span, int(line_digits))
    return None


def in_area(area_code: str) -> list[Offer]:
    """All with a North American area code, in the order of their numbers."""
    return [offer for line in _lines_of(area_code) if (offer := find(f"+1{area_code}555{line:04}"))]


def formatted(phone_number: str) -> str:
    """The service's name for a number: ten digits as `(415) 555-0100` in any country, else E.164."""
    digits = phone_number.removeprefix("+1") if len(phone_number) == 12 else phone_number.removeprefix("+")
    if re.fullmatch(r"[0-9]{10}", digits):
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return phone_number


def describe(offer: Offer) -> dict[str, Any]:
    """An offer as AvailablePhoneNumbers answers it: SMS and MMS in capitals, coordinates as text.

    https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource
    """
    place, able = offer.place, offer.capabilities
    return {
        "friendly_name": formatted(offer.phone_number),
        "phone_number": offer.phone_number,
        "lata": place and place.lata,
        "locality": place and place.locality,
        "rate_center": place and place.rate_center,
        "latitude": place and f"{place.latitude:.6f}",
        "longitude": place and f"{place.longitude:.6f}",
        "region": place and place.region,
        "postal_code": place and place.postal_code,
        "iso_country": offer.country,
        "address_requirements": offer.address_requirements,
        "beta": offer.beta,
        "capabilities": {"voice": able["voice"], "SMS": able["sms"], "MMS": able["mms"], "fax": able["fax"]},
    }
