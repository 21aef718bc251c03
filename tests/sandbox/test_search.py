"""AvailablePhoneNumbers on the stand-in: every filter finds some and leaves some out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.sandbox.places import PLACES
from numctl.sandbox.search import containing
from numctl.sandbox.stock import SOLD, by_number, offers

from .caller import Caller

US = "AvailablePhoneNumbers/US/Local.json"
KEY = "available_phone_numbers"
FICTIONAL = re.compile(
    r"\+1[2-9]\d\d55501\d\d|\+447700900\d{3}|\+443069990\d{3}|\+49171392\d{4}|\+336399800\d\d|\+4670174\d{4}"
)


def search(service: Caller, path: str = US, **query: str) -> list[Any]:
    return service.every(path, KEY, PageSize="1000", **query)


def test_answer_has_the_documented_properties(service: Caller) -> None:
    assert search(service, AreaCode="808")[0] == {
        "friendly_name": "(808) 555-0100",
        "phone_number": "+18085550100",
        "lata": "834",
        "locality": "Hilo",
        "rate_center": "HILO",
        "latitude": "19.720000",
        "longitude": "-155.090000",
        "region": "HI",
        "postal_code": "96720",
        "iso_country": "US",
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"voice": True, "SMS": True, "MMS": True, "fax": False},
    }


def test_every_number_of_the_stock_is_fictional() -> None:
    assert len(by_number()) > 4000
    assert [number for number in by_number() if not FICTIONAL.fullmatch(number)] == []


def test_area_codes_are_unique_and_short_lists_show_many_places(service: Caller) -> None:
    assert len({place.area_code for place in PLACES}) == len(PLACES)
    found = service.get(US, PageSize="20")[KEY]
    assert len({number["locality"] for number in found}) == 20


def ability(name: str) -> Callable[[Any], bool]:
    return lambda number: bool(number["capabilities"][name])


EVERYTHING: list[Any] = []
"""All that is for sale, which is the same each time, read once."""

FILTERS: list[tuple[dict[str, str], Callable[[Any], bool]]] = [
    ({"AreaCode": "415"}, lambda number: number["phone_number"].startswith("+1415")),
    ({"Contains": "50142"}, lambda number: "50142" in number["phone_number"]),
    ({"Contains": "415*55"}, lambda number: number["phone_number"].startswith("+1415555")),
    ({"SmsEnabled": "true"}, ability("SMS")),
    ({"SmsEnabled": "false"}, lambda number: not number["capabilities"]["SMS"]),
    ({"MmsEnabled": "true"}, ability("MMS")),
    ({"VoiceEnabled": "true"}, ability("voice")),
    ({"VoiceEnabled": "false"}, lambda number: not number["capabilities"]["voice"]),
    ({"FaxEnabled": "true"}, ability("fax")),
    ({"Beta": "false"}, lambda number: not number["beta"]),
    ({"InRegion": "ca"}, lambda number: number["region"] == "CA"),
    ({"InRegion": "+14155550123"}, lambda number: number["region"] == "CA"),
    ({"InLocality": "New York"}, lambda number: number["locality"] == "New York"),
    ({"InPostalCode": "94102"}, lambda number: number["postal_code"] == "94102"),
    ({"InLata": "132"}, lambda number: number["lata"] == "132"),
    ({"InLata": "722", "InRateCenter": "SAN JOSE W"}, lambda number: number["locality"] == "San Jose"),
    (
        {"NearNumber": "+14155550100", "Distance": "20"},
        lambda n: n["locality"] in ("San Francisco", "Oakland"),
    ),
    ({"NearLatLong": "40.7,-74.0"}, lambda number: number["region"] == "NY"),
    ({"InRegion": "TX", "SmsEnabled": "true"}, lambda n: n["region"] == "TX" and n["capabilities"]["SMS"]),
]


@pytest.mark.parametrize(("query", "holds"), FILTERS, ids=[str(query) for query, _ in FILTERS])
def test_filter_finds_exactly_what_it_says(
    service: Caller, query: dict[str, str], holds: Callable[[Any], bool]
) -> None:
    everything = EVERYTHING or search(service)
    EVERYTHING[:] = everything
    expected = [number for number in everything if holds(number)]
    assert 0 < len(expected) < len(everything)
    assert search(service, **query) == expected


def test_distance_widens_a_search(service: Caller) -> None:
    near = {number["locality"] for number in search(service, NearNumber="+14155550100")}
    far = {number["locality"] for number in search(service, NearNumber="+14155550100", Distance="500")}
    assert near == {"San Francisco", "Oakland"}
    assert far > near | {"Los Angeles", "San Diego", "Sacramento"}
    assert search(service, NearNumber="+12425550100") == []


@pytest.mark.parametrize(
    ("country", "requirement", "excluded_by"),
    [
        ("GB", "any", {"All"}),
        ("DE", "local", {"All", "Local"}),
        ("FR", "foreign", {"All", "Foreign"}),
        ("SE", "none", set()),
    ],
)
def test_address_requirements_can_be_excluded(
    service: Caller, country: str, requirement: str, excluded_by: set[str]
) -> None:
    path = f"AvailablePhoneNumbers/{country}/Mobile.json"
    assert {number["address_requirements"] for number in search(service, path)} == {requirement}
    for which in ("All", "Local", "Foreign"):
        found = search(service, path, **{f"Exclude{which}AddressRequired": "true"})
        assert bool(found) == (which not in excluded_by)
        assert search(service, path, **{f"Exclude{which}AddressRequired": "false"})


def test_filters_for_the_north_american_plan_find_nothing_elsewhere(service: Caller) -> None:
    path = "AvailablePhoneNumbers/GB/Mobile.json"
    assert len(search(service, path)) == 199
    for query in ({"AreaCode": "770"}, {"InRegion": "London"}, {"NearLatLong": "51.5,-0.1"}):
        assert search(service, path, **query) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"AreaCode": "41"}, 21451),
        ({"Contains": "4"}, 22102),
        ({"Contains": "4**"}, 22102),
        ({"Contains": "4" * 17}, 22102),
        ({"Contains": "4-5-6"}, 22102),
        ({"SmsEnabled": "yes"}, 20001),
        ({"NearLatLong": "here"}, 20001),
        ({"NearLatLong": "91,0"}, 20001),
        ({"Distance": "501", "NearNumber": "+14155550100"}, 20001),
        ({"InRateCenter": "HILO"}, 20001),
    ],
)
def test_malformed_filter_is_refused(service: Caller, query: dict[str, str], code: int) -> None:
    assert service.refusal("GET", US, **query) == (400, code)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("+1415", True),
        ("+415", False),
        ("0100$", True),
        ("010$", False),
        ("415*550", True),
        ("41**55", True),
        ("41%100", True),
        ("JKL", True),
        ("jkl0100$", True),
        ("0199", False),
    ],
)
def test_contains_reads_wildcards_letters_and_anchors(pattern: str, found: bool) -> None:
    offer = by_number()["+14155550100"]
    assert containing(pattern)(offer) is found


@given(start=st.integers(0, 9), length=st.integers(2, 10), letters=st.booleans())
def test_any_part_of_a_number_finds_it(start: int, length: int, letters: bool) -> None:
    offer = by_number()["+14155550100"]
    part = offer.phone_number[1:][start : start + length]
    if len(part) >= 2:
        assert containing(part.replace("5", "k") if letters else part)(offer)


def test_number_is_for_sale_only_while_nobody_has_it(service: Caller) -> None:
    def listed() -> bool:
        return "+14155550190" in [number["phone_number"] for number in search(service, AreaCode="415")]

    assert listed()
    sid = service.post("IncomingPhoneNumbers.json", PhoneNumber="+14155550190")["sid"]
    assert not listed()
    service.send("DELETE", f"IncomingPhoneNumbers/{sid}.json")
    assert listed()
    owned = {"+14155550100", "+14155550120"}
    assert owned.isdisjoint(number["phone_number"] for number in search(service, AreaCode="415"))


def test_countries_name_their_types(service: Caller) -> None:
    answer = service.get("AvailablePhoneNumbers.json")
    assert sorted(answer) == ["countries", "uri"]
    countries = answer["countries"]
    assert [country["country_code"] for country in countries] == ["US", "CA", "GB", "DE", "FR", "SE"]
    states = countries[0]
    assert states["country"] == "United States"
    assert sorted(states["subresource_uris"]) == ["local", "toll_free"]
    assert service.get(states["uri"]) == states
    for country in countries:
        assert len(country["subresource_uris"]) == len(SOLD[country["country_code"]])
        for uri in country["subresource_uris"].values():
            found = service.get(uri)[KEY]
            assert {number["iso_country"] for number in found} == {country["country_code"]}


def test_country_or_type_that_is_not_sold_is_404(service: Caller) -> None:
    for path in (
        "AvailablePhoneNumbers/ZZ.json",
        "AvailablePhoneNumbers/US/Voip.json",
        "AvailablePhoneNumbers/ZZ/Local.json",
    ):
        assert service.refusal("GET", path) == (404, 20404)


def test_stock_is_the_same_each_time() -> None:
    first = offers("US", "local")
    offers.cache_clear()
    assert offers("US", "local") == first
