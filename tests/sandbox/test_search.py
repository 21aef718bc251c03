"""AvailablePhoneNumbers on the stand-in: every filter finds some and leaves some out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.sandbox import ACCOUNT_SID, seeds
from numctl.sandbox.app import create_app
from numctl.sandbox.places import PLACES
from numctl.sandbox.search import containing, filters
from numctl.sandbox.state import reset
from numctl.sandbox.stock import SOLD, Offer, describe, find, formatted, in_area, offers

from .caller import ROOT, Caller

US = "AvailablePhoneNumbers/US/Local.json"
KEY = "available_phone_numbers"
FICTIONAL = re.compile(
    r"\+1[2-9]\d\d5550\d{3}|\+447700900\d{3}|\+442079460\d{3}|\+443069990\d{3}|\+3532091\d{5}"
    r"|\+49171392\d{4}|\+336399800\d\d|\+4670174\d{4}"
)


SAMPLE = 30
OWNED = {number["phone_number"] for number in seeds.numbers()}


def search(service: Caller, path: str = US, **query: str) -> list[Any]:
    """One answer."""
    found: list[Any] = service.get(path, PageSize="1000", **query)[KEY]
    assert len(found) <= SAMPLE
    return found


def phones(found: list[Any]) -> list[str]:
    return [number["phone_number"] for number in found]


def test_answer_has_the_documented_properties(service: Caller) -> None:
    assert search(service, Contains="8085550100") == [
        {
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
    ]


def test_answer_is_a_sample_of_30_without_pages(service: Caller) -> None:
    answer = service.get(US, AreaCode="415", PageSize="1000")
    path = f"{ROOT}/{ACCOUNT_SID}/{US}"
    assert answer.keys() == {KEY, "uri"}
    assert answer["uri"] == f"{path}?AreaCode=415&PageSize=1000"
    assert len(set(phones(answer[KEY]))) == SAMPLE
    assert len(service.get(US, PageSize="7")[KEY]) == 7
    assert service.refusal("GET", US, PageSize="0") == (400, 20007)


def test_next_answer_is_another_sample_and_together_they_find_the_stock(service: Caller) -> None:
    answers = [phones(search(service, AreaCode="415")) for _ in range(40)]
    assert len({frozenset(answer) for answer in answers}) == 40
    # Two of the 200 have owners.
    assert len({number for answer in answers for number in answer}) == 198


@pytest.mark.parametrize("seed", [0, 7])
def test_samples_of_a_fresh_sandbox_are_the_same_for_the_same_seed(tmp_path: Path, seed: int) -> None:
    def answers(name: str, seed: int) -> list[list[str]]:
        with closing(create_app(tmp_path / name, seed=seed)) as app:
            return [phones(search(Caller(app))) for _ in range(2)]

    first = answers("first", seed)
    assert answers("again", seed) == first
    assert answers("other", seed + 1) != first
    reset(tmp_path / "first")
    assert answers("first", seed) == first


def stock() -> dict[str, Offer]:
    """All that is sold, by number; what two countries sell counts as the first one's."""
    every = [offer for country, types in SOLD.items() for type in types for offer in offers(country, type)]
    return {offer.phone_number: offer for offer in reversed(every)}


def test_what_is_sold_is_found_by_its_number_and_nothing_else_is() -> None:
    assert {number: find(number) for number in stock()} == stock()
    for number in ("+14155550200", "+19075550099", "+14165550200", "+18005550200", "+14155540100", "+19995550100"):
        assert (number in stock(), find(number)) == (False, None)
    for number in ("+442079460100", "+44207946000", "+44207946٠٠٠", "+4671740605", "+", ""):
        assert (number in stock(), find(number)) == (False, None)


@pytest.mark.parametrize("code", ["415", "212", "907", "800", "416", "555", "999"])
def test_an_area_code_has_its_numbers_in_order(code: str) -> None:
    expected = [offer for number, offer in sorted(stock().items()) if number.startswith(f"+1{code}")]
    assert in_area(code) == expected


def test_stock_of_an_area_code_is_large_ordinary_or_small() -> None:
    stock = Counter(code for code in ("213", "212", "415", "206", "907") for _ in in_area(code))
    assert [stock[code] for code in ("213", "212", "415", "206", "907")] == [400, 300, 200, 100, 40]


def test_every_number_of_the_stock_is_fictional() -> None:
    assert len(stock()) > 4000
    assert [number for number in stock() if not FICTIONAL.fullmatch(number)] == []


def test_area_codes_are_unique_and_short_lists_show_many_places(service: Caller) -> None:
    assert len({place.area_code for place in PLACES}) == len(PLACES)
    assert len({number["locality"] for number in search(service)}) > 10


def ability(name: str) -> Callable[[Any], bool]:
    return lambda number: bool(number["capabilities"][name])


FILTERS: list[tuple[dict[str, str], Callable[[Any], bool]]] = [
    ({"AreaCode": "415"}, lambda number: number["phone_number"].startswith("+1415")),
    ({"Contains": "50142"}, lambda number: "50142" in number["phone_number"]),
    ({"Contains": "+1415555****"}, lambda number: number["phone_number"].startswith("+1415555")),
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
    everything = offers("US", "local")
    expected = [offer.phone_number for offer in everything if holds(describe(offer))]
    assert 0 < len(expected) < len(everything)
    assert [offer.phone_number for offer in everything if all(test(offer) for test in filters(query))] == expected
    found = search(service, **query)
    assert len(found) == min(SAMPLE, len(set(expected) - OWNED))
    assert set(phones(found)) <= set(expected) - OWNED


def test_distance_widens_a_search(service: Caller) -> None:
    def localities(**query: str) -> set[str]:
        stock = [describe(offer) for offer in offers("US", "local") if all(test(offer) for test in filters(query))]
        return {number["locality"] for number in stock}

    near, far = localities(NearNumber="+14155550100"), localities(NearNumber="+14155550100", Distance="500")
    assert near == {"San Francisco", "Oakland"}
    assert far > near | {"Los Angeles", "San Diego", "Sacramento"}
    assert {number["locality"] for number in search(service, NearNumber="+14155550100")} == near
    assert search(service, NearNumber="+12425550100") == []


@pytest.mark.parametrize(
    ("country", "requirement", "excluded_by"),
    [
        ("GB/Local", "any", {"All"}),
        ("GB/Mobile", "none", set()),
        ("IE/Local", "local", {"All", "Local"}),
        ("DE/Mobile", "local", {"All", "Local"}),
        ("FR/Mobile", "foreign", {"All", "Foreign"}),
        ("SE/Mobile", "none", set()),
    ],
)
def test_address_requirements_can_be_excluded(
    service: Caller, country: str, requirement: str, excluded_by: set[str]
) -> None:
    path = f"AvailablePhoneNumbers/{country}.json"
    assert {number["address_requirements"] for number in search(service, path)} == {requirement}
    for which in ("All", "Local", "Foreign"):
        found = search(service, path, **{f"Exclude{which}AddressRequired": "true"})
        assert bool(found) == (which not in excluded_by)
        assert search(service, path, **{f"Exclude{which}AddressRequired": "false"})


def test_filters_for_the_north_american_plan_find_nothing_elsewhere(service: Caller) -> None:
    path = "AvailablePhoneNumbers/GB/Mobile.json"
    assert len(search(service, path)) == SAMPLE
    for query in ({"AreaCode": "770"}, {"InRegion": "London"}, {"NearLatLong": "51.5,-0.1"}):
        assert search(service, path, **query) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"AreaCode": "41"}, 21451),
        ({"Contains": "4"}, 22102),
        ({"Contains": "4**"}, 22102),
        ({"Contains": "206*55*"}, 22102),
        ({"Contains": "41%100"}, 22102),
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
        ("415*******", True),
        ("571*******", False),
        ("**5550100", True),
        ("5550100*", False),
        ("%100", True),
        ("+1415%", True),
        ("55", True),
        ("JKL", True),
        ("jkl0100$", True),
        ("0199", False),
    ],
)
def test_contains_reads_wildcards_at_its_ends_letters_and_anchors(pattern: str, found: bool) -> None:
    offer = stock()["+14155550100"]
    assert containing(pattern)(offer) is found


@given(start=st.integers(0, 9), length=st.integers(2, 10), letters=st.booleans())
def test_any_part_of_a_number_finds_it(start: int, length: int, letters: bool) -> None:
    offer = stock()["+14155550100"]
    part = offer.phone_number[1:][start : start + length]
    if len(part) >= 2:
        assert containing(part.replace("5", "k") if letters else part)(offer)


def test_number_is_for_sale_only_while_nobody_has_it(service: Caller) -> None:
    def listed(phone_number: str) -> bool:
        return phone_number in phones(search(service, Contains=phone_number[1:]))

    assert listed("+14155550190")
    sid = service.post("IncomingPhoneNumbers.json", PhoneNumber="+14155550190")["sid"]
    assert not listed("+14155550190")
    service.send("DELETE", f"IncomingPhoneNumbers/{sid}.json")
    assert not listed("+14155550190")
    assert not any(map(listed, OWNED))


def test_countries_name_their_types(service: Caller) -> None:
    answer = service.get("AvailablePhoneNumbers.json")
    assert sorted(answer) == ["countries", "uri"]
    countries = answer["countries"]
    assert [country["country_code"] for country in countries] == ["US", "CA", "GB", "IE", "DE", "FR", "SE"]
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


def test_toll_free_number_takes_pictures_and_faxes(service: Caller) -> None:
    found = search(service, "AvailablePhoneNumbers/US/TollFree.json", SmsEnabled="true")
    able = {"voice": True, "SMS": True, "MMS": True, "fax": True}
    assert [number["capabilities"] for number in found] == [able] * SAMPLE


@pytest.mark.parametrize(
    ("phone_number", "name"),
    [
        ("+14155550100", "(415) 555-0100"),
        ("+4593751435", "(459) 375-1435"),
        ("+447700900123", "+447700900123"),
        ("+12345", "+12345"),
    ],
)
def test_ten_digits_are_named_as_in_north_america_whatever_the_country(phone_number: str, name: str) -> None:
    assert formatted(phone_number) == name


def test_stock_is_the_same_each_time() -> None:
    first = offers("US", "local")
    offers.cache_clear()
    assert offers("US", "local") == first
