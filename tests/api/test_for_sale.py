"""Numbers for sale: found by area code or by name, and told apart by place, abilities and the address they need."""

from __future__ import annotations

from collections import deque
from typing import Any

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from numctl.api.for_sale import in_area, kinds_of, look_up, need, offer_line, samples
from numctl.errors import ExitCode, NumctlError, Refused, Unavailable, UsageError
from numctl.model.number import Record
from tests.fakes import MAIN, FakeService, not_found

GERMAN_MOBILE = "+4917139200011"
GERMAN_LANDLINE = "+493023125000"
BRITISH_FICTION = "+447700900123"
"""The numbering plan gives this one to nobody, so that it is of no type."""


def offer(phone_number: str, **more: Any) -> Record:
    return {"phone_number": phone_number, "address_requirements": "none", **more}


def offers_of(area_code: str, count: int) -> list[Record]:
    return [offer(f"+1{area_code}555{index:04d}") for index in range(count)]


def selling(country: str, kind: str, offers: list[Record], *, sample: int = 1000) -> FakeService:
    service = FakeService()
    service.for_sale[country, kind] = offers
    service.sample = sample
    return service


def asked(service: FakeService) -> list[str]:
    """What was searched for."""
    assert {(operation, account) for operation, account, _ in service.calls} <= {("available", MAIN)}
    return [what for _, _, what in service.calls]


# --- In an area


@pytest.mark.parametrize(
    ("area_code", "country", "kind"), [("415", "US", "local"), ("604", "CA", "local"), ("833", "US", "toll-free")]
)
def test_an_area_code_is_searched_where_it_belongs(area_code: str, country: str, kind: str) -> None:
    service = selling(country, kind, [*offers_of("212", 1), *offers_of(area_code, 2)])
    assert in_area(service.client(), area_code, 2) == offers_of(area_code, 2)
    assert set(asked(service)) == {f"{country} {kind} AreaCode={area_code} PageSize=5"}


@pytest.mark.parametrize(("there", "shown"), [(2, 2), (4, 4), (5, 5), (9, 5)])
def test_the_numbers_asked_for_come_first_and_up_to_three_spares_after_them(there: int, shown: int) -> None:
    service = selling("US", "local", offers_of("415", there))
    assert in_area(service.client(), "415", 2) == offers_of("415", shown)


@pytest.mark.parametrize("there", [0, 2])
def test_too_few_for_sale_is_refused_and_counted(there: int) -> None:
    service = selling("US", "local", offers_of("415", there))
    with pytest.raises(Refused) as caught:
        in_area(service.client(), "415", 3)
    assert caught.value.message == f"found {there} so far with area code 415, not 3; nothing was bought"
    assert caught.value.exit_code == ExitCode.REFUSED
    assert len(asked(service)) == (4 if there else 3)


@pytest.mark.parametrize("area_code", ["441", "900", "999", "41"])
def test_a_code_that_is_not_of_the_us_or_canada_sends_nothing(area_code: str) -> None:
    service = selling("US", "local", offers_of(area_code, 5))
    with pytest.raises(UsageError):
        in_area(service.client(), area_code, 1)
    assert asked(service) == []


def test_one_answer_that_holds_enough_is_enough() -> None:
    service = selling("US", "local", offers_of("415", 4))
    assert in_area(service.client(), "415", 1) == offers_of("415", 4)
    assert len(asked(service)) == 1


def test_samples_are_merged_until_there_are_enough_and_each_number_counts_once() -> None:
    service = selling("US", "local", offers_of("415", 200), sample=30)
    numbers = [offer["phone_number"] for offer in in_area(service.client(), "415", 60)]
    assert (len(numbers), len(set(numbers))) == (63, 63)
    assert len(asked(service)) <= 25


def test_three_samples_in_a_row_that_add_nothing_end_the_search() -> None:
    service = selling("US", "local", offers_of("415", 10), sample=10)
    answers = list(samples(service.client(), "US", "local", {}, wanted=11, page_size=50))
    assert [len(answer) for answer in answers] == [10, 0, 0, 0]


def test_fifty_searches_are_the_most() -> None:
    service = selling("US", "local", offers_of("415", 9999), sample=1)
    answers = list(samples(service.client(), "US", "local", {}, wanted=1000, page_size=50))
    assert len(answers) == len(asked(service)) == 50


def test_an_answer_that_fails_is_not_too_few_for_sale() -> None:
    service = selling("US", "local", offers_of("415", 100), sample=2)
    service.faults["available"] = deque([None, Unavailable("down")])
    with pytest.raises(Unavailable, match="down"):
        in_area(service.client(), "415", 1)


# --- What is said of it


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (
            {
                "locality": "Springfield",
                "region": "IL",
                "capabilities": {"mms": True, "sms": True, "voice": True, "fax": False},
                "address_requirements": "local",
            },
            "Springfield, IL; voice sms mms; needs a local address: --address-sid",
        ),
        (
            {"locality": None, "region": "ON", "capabilities": {"voice": True, "SMS": True, "MMS": False}},
            "ON; voice sms",
        ),
        ({"locality": "Springfield", "region": "", "capabilities": {"fax": True}}, "Springfield; fax"),
        ({"address_requirements": "any"}, "needs an address: --address-sid"),
        ({"capabilities": None}, ""),
    ],
)
def test_place_abilities_and_address_stand_in_a_line_as_far_as_they_are_known(more: Record, line: str) -> None:
    assert offer_line(offer(GERMAN_MOBILE, **more)) == line


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        ("none", ""),
        ("", ""),
        (None, ""),
        ("any", "needs an address: --address-sid"),
        ("local", "needs a local address: --address-sid"),
        ("foreign", "needs a foreign address: --address-sid"),
    ],
)
def test_the_address_that_is_needed_is_named(requirement: str | None, said: str) -> None:
    assert need(offer(GERMAN_MOBILE, address_requirements=requirement)) == said


def test_a_number_that_says_nothing_of_addresses_needs_none() -> None:
    assert need({"phone_number": GERMAN_MOBILE}) == ""


# --- A look at one number


def test_a_number_is_looked_up_in_its_country_under_its_type() -> None:
    service = selling("DE", "mobile", [offer(GERMAN_MOBILE, address_requirements="any")])
    assert look_up(service.client(), GERMAN_MOBILE) == offer(GERMAN_MOBILE, address_requirements="any")
    assert asked(service) == ["DE mobile Contains=4917139200011 PageSize=20"]


def test_a_number_that_only_contains_it_is_not_it() -> None:
    longer = offer(GERMAN_LANDLINE + "1")
    assert look_up(selling("DE", "local", [longer]).client(), GERMAN_LANDLINE) is None
    found = look_up(selling("DE", "local", [longer, offer(GERMAN_LANDLINE)]).client(), GERMAN_LANDLINE)
    assert found == offer(GERMAN_LANDLINE)


@pytest.mark.parametrize("phone_number", ["+14155550100", "+16045550100", "+18335550100", "+80012345678", "+999123"])
def test_a_country_that_needs_no_look_or_none_at_all_sends_nothing(phone_number: str) -> None:
    service = FakeService()
    assert (look_up(service.client(), phone_number), asked(service)) == (None, [])


@pytest.mark.parametrize(
    ("sold_as", "types"), [("mobile", ["mobile"]), ("local", ["mobile", "local"]), ("voip", ["mobile", "local"])]
)
def test_a_number_of_no_known_type_is_looked_for_under_the_likely_ones(sold_as: str, types: list[str]) -> None:
    service = selling("GB", sold_as, [offer(BRITISH_FICTION)])
    assert look_up(service.client(), BRITISH_FICTION) == (None if sold_as == "voip" else offer(BRITISH_FICTION))
    assert asked(service) == [f"GB {kind} Contains=447700900123 PageSize=20" for kind in types]


@pytest.mark.parametrize("error", [not_found("GB/Mobile"), Unavailable("down")])
def test_a_type_that_cannot_be_looked_at_is_passed_over(error: NumctlError) -> None:
    service = selling("GB", "local", [offer(BRITISH_FICTION)])
    service.faults["available"] = deque([error])
    assert look_up(service.client(), BRITISH_FICTION) == offer(BRITISH_FICTION)
    service.faults["available"] = deque([error, error])
    assert look_up(service.client(), BRITISH_FICTION) is None


# --- Under which type it is sold


@pytest.mark.parametrize(
    ("country", "plan", "kinds"),
    [
        ("DE", PhoneNumberType.MOBILE, ("mobile",)),
        ("DE", PhoneNumberType.FIXED_LINE, ("local",)),
        ("DE", PhoneNumberType.TOLL_FREE, ("toll-free",)),
        ("DE", PhoneNumberType.SHARED_COST, ("shared-cost",)),
        ("FR", PhoneNumberType.VOIP, ("voip",)),
        ("DE", PhoneNumberType.PREMIUM_RATE, ("mobile", "local")),
        ("US", PhoneNumberType.FIXED_LINE_OR_MOBILE, ("mobile", "local")),
    ],
)
def test_the_numbering_plan_tells_the_type(country: str, plan: int, kinds: tuple[str, ...]) -> None:
    example = phonenumbers.example_number_for_type(country, plan)
    assert example is not None
    assert kinds_of(phonenumbers.format_number(example, PhoneNumberFormat.E164)) == kinds


@pytest.mark.parametrize(
    ("phone_number", "kinds"), [(BRITISH_FICTION, ("mobile", "local")), ("+44", ()), ("+999123", ()), ("Berlin", ())]
)
def test_what_is_in_no_range_may_be_either_and_what_is_no_number_is_sold_under_none(
    phone_number: str, kinds: tuple[str, ...]
) -> None:
    assert kinds_of(phone_number) == kinds
