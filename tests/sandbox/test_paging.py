"""Pages of the stand-in: sizes, neighbours, and URIs that lead from one to the next."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from numctl.sandbox import ACCOUNT_SID
from numctl.sandbox.app import create_app
from numctl.sandbox.state import load

from .caller import ROOT, Caller

NUMBERS = "IncomingPhoneNumbers.json"
KEY = "incoming_phone_numbers"


def test_page_says_where_it_stands(service: Caller) -> None:
    page = service.get(NUMBERS, PageSize="5", Beta="true")
    assert len(page[KEY]) == 5
    base = f"{ROOT}/{ACCOUNT_SID}/{NUMBERS}?Beta=true&PageSize=5"
    assert page["first_page_uri"] == page["uri"] == f"{base}&Page=0"
    assert page["previous_page_uri"] is None
    assert page["next_page_uri"].startswith(f"{base}&Page=1&PageToken=PA")
    assert (page["page"], page["page_size"], page["start"], page["end"]) == (0, 5, 0, 4)
    last = service.get(service.get(page["next_page_uri"])["next_page_uri"])
    assert (last["page"], last["start"], last["end"]) == (2, 10, 11)
    assert last["next_page_uri"] is None


def test_default_page_has_50(state_file: Path) -> None:
    load(state_file, [numbered(serial) for serial in range(51)])
    with closing(create_app(state_file)) as app:
        page = Caller(app).get(NUMBERS)
    assert (page["page_size"], len(page[KEY]), page["next_page_uri"] is None) == (50, 50, False)


def numbered(serial: int) -> dict[str, str]:
    return {"sid": f"PN{serial:032x}", "account_sid": ACCOUNT_SID, "phone_number": f"+1415555{serial:04}"}


def test_newest_number_comes_first(service: Caller) -> None:
    before = [number["sid"] for number in service.get(NUMBERS)[KEY]]
    bought = [service.post(NUMBERS, PhoneNumber=f"+1415555019{last}")["sid"] for last in (0, 1)]
    assert [number["sid"] for number in service.every(NUMBERS, KEY, PageSize="3")] == [*reversed(bought), *before]


@pytest.mark.parametrize(
    ("path", "key", "size"),
    [(NUMBERS, KEY, "1"), (NUMBERS, KEY, "5"), (NUMBERS, KEY, "12"), ("Addresses.json", "addresses", "2")],
)
def test_pages_forwards_and_backwards_hold_the_same(service: Caller, path: str, key: str, size: str) -> None:
    forwards = [service.get(path, PageSize=size)]
    while forwards[-1]["next_page_uri"]:
        forwards.append(service.get(forwards[-1]["next_page_uri"]))
    assert [each["sid"] for page in forwards for each in page[key]] == [each["sid"] for each in service.get(path)[key]]
    backwards = [forwards[-1]]
    while backwards[-1]["previous_page_uri"]:
        backwards.append(service.get(backwards[-1]["previous_page_uri"]))
    assert len(backwards) == len(forwards)
    held = [each["sid"] for page in reversed(backwards) for each in page[key]]
    assert sorted(held) == sorted(each["sid"] for page in forwards for each in page[key])


def test_pages_neither_skip_nor_repeat_while_numbers_come_and_go(service: Caller) -> None:
    first = service.get(NUMBERS, PageSize="4")
    service.send("DELETE", first[KEY][3]["uri"])
    service.post(NUMBERS, PhoneNumber="+14155550190")
    seen = first[KEY] + service.every(first["next_page_uri"], KEY)
    # The number bought in between is newer than the first page, so that the rest does not have it.
    assert len({number["sid"] for number in seen}) == len(seen) == 12


def test_filters_live_on_in_the_next_page(service: Caller) -> None:
    page = service.get(NUMBERS, PhoneNumber="+1", PageSize="2")
    query = parse_qs(urlsplit(page["next_page_uri"]).query)
    assert query["PhoneNumber"] == ["+1"]
    found = service.every(NUMBERS, KEY, PhoneNumber="+1", PageSize="2")
    assert len(found) == 10
    assert all(number["phone_number"].startswith("+1") for number in found)


def test_empty_list_is_a_page(service: Caller) -> None:
    page = service.get(NUMBERS, FriendlyName="nobody")
    assert page[KEY] == []
    assert (page["start"], page["end"], page["next_page_uri"], page["previous_page_uri"]) == (
        0,
        0,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"PageSize": "0"}, 20007),
        ({"PageSize": "1001"}, 20007),
        ({"PageSize": "many"}, 20007),
        ({"Page": "-1"}, 20001),
        ({"PageToken": "PAnope"}, 21481),
    ],
)
def test_page_that_cannot_be_is_refused(service: Caller, query: dict[str, str], code: int) -> None:
    assert service.refusal("GET", NUMBERS, **query) == (400, code)
