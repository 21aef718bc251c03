"""Which numbers for sale a search finds: every filter of AvailablePhoneNumbers.

https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from numctl.sandbox.parameters import boolean
from numctl.sandbox.places import Place, place_of
from numctl.sandbox.problems import INVALID_AREA_CODE, INVALID_PARAMETER, INVALID_PATTERN, bad
from numctl.sandbox.stock import Offer

_Holds = Callable[[Offer], bool]

_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_CAPABILITIES = {"VoiceEnabled": "voice", "SmsEnabled": "sms", "MmsEnabled": "mms", "FaxEnabled": "fax"}
_EXCLUSIONS = {
    "ExcludeAllAddressRequired": ("any", "local", "foreign"),
    "ExcludeLocalAddressRequired": ("local",),
    "ExcludeForeignAddressRequired": ("foreign",),
}
_PLACES = {
    "InPostalCode": "postal_code",
    "InRegion": "region",
    "InRateCenter": "rate_center",
    "InLata": "lata",
    "InLocality": "locality",
}
_DISTANCE = 25
_FARTHEST = 500


def filters(query: Mapping[str, str]) -> list[_Holds]:
    """A test for each filter in a query; raises Problem. An empty filter is ignored."""
    given = {name: value for name, value in query.items() if value}
    if "InRateCenter" in given and "InLata" not in given:
        raise bad(INVALID_PARAMETER, "InRateCenter requires InLata")
    tests = [*_abilities(given), *_exclusions(given), *_neighbourhood(given)]
    tests += [_located(attribute, given[name]) for name, attribute in _PLACES.items() if name in given]
    if "AreaCode" in given:
        tests.append(_in_area(given["AreaCode"]))
    if "Contains" in given:
        tests.append(containing(given["Contains"]))
    return tests


def _abilities(given: Mapping[str, str]) -> list[_Holds]:
    def test(capability: str, wanted: bool) -> _Holds:
        return lambda offer: offer.capabilities[capability] == wanted

    return [test(able, boolean(name, given[name])) for name, able in _CAPABILITIES.items() if name in given]


def _exclusions(given: Mapping[str, str]) -> list[_Holds]:
    """Tests of address requirements and of Beta: only Beta=false leaves numbers out."""

    def test(unwanted: tuple[str, ...]) -> _Holds:
        return lambda offer: offer.address_requirements not in unwanted

    tests = [test(kinds) for name, kinds in _EXCLUSIONS.items() if name in given and boolean(name, given[name])]
    if "Beta" in given and not boolean("Beta", given["Beta"]):
        tests.append(lambda offer: not offer.beta)
    return tests


def _in_area(text: str) -> _Holds:
    """Only North American numbers have an area code."""
    if not re.fullmatch(r"[0-9]{3}", text):
        raise bad(INVALID_AREA_CODE, f"AreaCode {text} is not valid")
    return lambda offer: offer.phone_number.startswith(f"+1{text}")


def containing(pattern: str) -> _Holds:
    """The test of a pattern.

    It has 2 to 16 digits, letters (as on a keypad) and metacharacters: `*` is one digit, `%` any number of digits,
    both only before or after the digits; a leading `+` is the number's beginning and a final `$` its end. At least
    two are no metacharacters. `206*55*` was seen to be refused, `571*******` to be accepted.
    """
    if not re.fullmatch(r"(?=.{2,16}$)\+?[*%]*[0-9A-Za-z]{2,}[*%]*\$?", pattern):
        raise bad(INVALID_PATTERN, f"Contains {pattern} is not a valid pattern")
    body = pattern.strip("+$").upper().translate(_KEYPAD).replace("*", "[0-9]").replace("%", "[0-9]*")
    start, end = "^" if pattern.startswith("+") else "", "$" if pattern.endswith("$") else ""
    expression = re.compile(start + body + end)
    return lambda offer: expression.search(offer.phone_number[1:]) is not None


def _located(attribute: str, wanted: str) -> _Holds:
    """The attribute's value is given directly, or by a number that belongs there."""
    home = place_of(wanted) if wanted.startswith("+") else None
    value = str(getattr(home, attribute) if home else wanted).casefold()
    return lambda offer: offer.place is not None and str(getattr(offer.place, attribute)).casefold() == value


def _neighbourhood(given: Mapping[str, str]) -> list[_Holds]:
    """Tests of distance; nothing is near a number whose place is not known."""
    text = given.get("Distance", str(_DISTANCE))
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > _FARTHEST:
        raise bad(INVALID_PARAMETER, f"Distance must be a whole number of miles, {_FARTHEST} at most")
    tests = []
    if "NearNumber" in given:
        home = place_of(given["NearNumber"])
        tests.append(_near(home, int(text)) if home else lambda offer: False)
    if "NearLatLong" in given:
        tests.append(_near(_point(given["NearLatLong"]), int(text)))
    return tests


def _near(centre: Place | tuple[float, float], miles: int) -> _Holds:
    latitude, longitude = (centre.latitude, centre.longitude) if isinstance(centre, Place) else centre
    return lambda offer: offer.place is not None and offer.place.miles_to(latitude, longitude) <= miles


def _point(text: str) -> tuple[float, float]:
    found = re.fullmatch(r"\s*(-?[0-9]{1,3}(?:\.[0-9]*)?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]*)?)\s*", text)
    if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        raise bad(INVALID_PARAMETER, f"NearLatLong {text} is not a latitude and a longitude")
    return float(found[1]), float(found[2])
