"""What the stand-in sells: numbers that regulators set aside for fiction, always the same ones.

555-0100 to 555-0199 of the North American plan, and the ranges that Ofcom, the Bundesnetzagentur, PTS and
ARCEP name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from numctl.sandbox.places import PLACES, Place

_TOLL_FREE_CODES = ("800", "833", "844", "855", "866", "877", "888")
COUNTRIES = {
    "US": "United States",
    "CA": "Canada",
    "GB": "United Kingdom",
    "DE": "Germany",
    "FR": "France",
    "SE": "Sweden",
}
SOLD = {
    "US": ("local", "toll-free"),
    "CA": ("local", "toll-free"),
    "GB": ("mobile", "national"),
    "DE": ("mobile",),
    "FR": ("mobile",),
    "SE": ("mobile",),
}
"""The types that each country has, in the words of a number's `type`."""

NEEDS_BUNDLE = frozenset({("DE", "mobile")})


class _Range(NamedTuple):
    """Consecutive numbers outside the North American plan, and what regulation asks of their buyer."""

    country: str
    type: str
    prefix: str
    first: int
    last: int
    digits: int
    address_requirements: str
    beta: bool = False


_RANGES = (
    _Range("GB", "mobile", "+447700900", 0, 199, 3, "any"),
    _Range("GB", "national", "+443069990", 0, 49, 3, "none"),
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
    """Return what a number can do, as an owned number's answer writes it."""
    return {"voice": voice, "sms": sms, "mms": mms, "fax": fax}


def _local_offer(place: Place, line: int) -> Offer:
    """Return NXX-555-LINE; the line decides what it can do, so that each filter leaves some out."""
    last = line % 10
    able = capabilities(last != 5, last != 9, last not in (8, 9), last in (7, 9))
    return Offer(f"+1{place.area_code}5550{line}", place.country, "local", able, place, beta=line % 20 == 16)


def _toll_free_offer(country: str, code: str, line: int) -> Offer:
    """Return 8XX-555-LINE, which both countries of the plan sell."""
    return Offer(f"+1{code}5550{line}", country, "toll-free", capabilities(True, line % 10 != 9, False))


def _range_offers(span: _Range) -> Iterable[Offer]:
    """Return the numbers of one range."""
    able = capabilities(True, span.type == "mobile", False)
    for line in range(span.first, span.last + 1):
        number = f"{span.prefix}{line:0{span.digits}}"
        yield Offer(number, span.country, span.type, able, None, span.address_requirements, span.beta)


@cache
def offers(country: str, type: str) -> tuple[Offer, ...]:
    """Return all that a country has of one type, whoever may own it by now.

    The first line of every area code comes before the second of any, so that a short list shows many places.
    """
    lines = range(100, 200)
    if country in ("US", "CA") and type == "local":
        return tuple(_local_offer(place, line) for line in lines for place in PLACES if place.country == country)
    if country in ("US", "CA") and type == "toll-free":
        return tuple(_toll_free_offer(country, code, line) for line in lines for code in _TOLL_FREE_CODES)
    spans = [span for span in _RANGES if (span.country, span.type) == (country, type)]
    return tuple(offer for span in spans for offer in _range_offers(span))


@cache
def by_number() -> dict[str, Offer]:
    """Return each number of the stock; a toll-free number counts as the US's."""
    every = [offer for country, types in SOLD.items() for type in types for offer in offers(country, type)]
    return {offer.phone_number: offer for offer in reversed(every)}


def formatted(phone_number: str) -> str:
    """Return a number as the service names it: `(415) 555-0100` in the North American plan, else E.164."""
    if phone_number.startswith("+1") and len(phone_number) == 12:
        return f"({phone_number[2:5]}) {phone_number[5:8]}-{phone_number[8:]}"
    return phone_number


def describe(offer: Offer) -> dict[str, Any]:
    """Return an offer as AvailablePhoneNumbers answers it: SMS and MMS in capitals, coordinates as text.

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
