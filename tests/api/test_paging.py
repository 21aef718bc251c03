"""Lists: each resource says how it is paged, and a list that is cut short is never taken for a whole one."""

from __future__ import annotations

from typing import Any, cast

import pytest

from numctl.api.paging import Collection, Paging, pages
from numctl.api.request import Request
from numctl.api.transport import Transport
from numctl.errors import Malformed

ORIGIN = "https://pricing.dublin.ie1.twilio.com"
ASKED = Request("GET", "/v1/Things", {"PageSize": "2"}, product="pricing")
META = Collection("things", "sid", Paging.META)
NEXT = Collection("things", "sid")
NONE = Collection("things", "sid", Paging.NONE)


class Answers:
    """Gives prepared answers in turn, and keeps what was asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, str], str]] = []

    def origin(self, product: str) -> str:
        return ORIGIN

    def request(self, request: Request) -> dict[str, Any]:
        self.asked.append((request.path, dict(request.params), request.product))
        return self.answers.pop(0)


def things(*sids: str) -> list[dict[str, str]]:
    return [{"sid": sid} for sid in sids]


def meta(url: object, *sids: str, key: str = "things") -> dict[str, Any]:
    return {"things": things(*sids), "meta": {"key": key, "next_page_url": url, "page": 0}}


def read(answers: Answers, collection: Collection) -> list[str]:
    return [row["sid"] for page in pages(cast(Transport, answers), ASKED, collection) for row in page]


@pytest.mark.parametrize("host", [ORIGIN, "https://pricing.twilio.com", ""])
def test_a_list_with_meta_is_read_to_its_end_at_the_origin_in_use(host: str) -> None:
    following = f"{host}/v1/Things?PageSize=2&Page=1&PageToken=T"
    answers = Answers(meta(following, "A", "B"), meta(None, "C"))
    assert read(answers, META) == ["A", "B", "C"]
    assert answers.asked == [
        ("/v1/Things", {"PageSize": "2"}, "pricing"),
        ("/v1/Things?PageSize=2&Page=1&PageToken=T", {}, "pricing"),
    ]


@pytest.mark.parametrize(
    "page",
    [
        {"things": things("A")},
        {"things": things("A"), "meta": None},
        {"things": things("A"), "meta": {"key": "things"}},
        {"things": things("A"), "meta": {"next_page_url": None}},
        meta(None, "A", key="others"),
        {"things": things("A"), "next_page_uri": None},
    ],
)
def test_a_page_without_its_meta_is_not_taken_for_the_last(page: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="the list is not complete"):
        read(Answers(page), META)


@pytest.mark.parametrize("page", [{"things": things("A")}, meta(None, "A")])
def test_a_page_without_next_page_uri_is_not_taken_for_the_last(page: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="the list is not complete"):
        read(Answers(page), NEXT)


@pytest.mark.parametrize(
    "address",
    [
        "https://pricing.twilio.com.example.com/v1/Things?Page=1",
        "https://user@pricing.twilio.com/v1/Things?Page=1",
        "http://pricing.twilio.com/v1/Things?Page=1",
        "https://pricing.twilio.com/v1/Others?Page=1",
        "//pricing.twilio.com/v1/Things?Page=1",
        "v1/Things?Page=1",
        7,
    ],
)
def test_a_next_page_elsewhere_is_not_followed(address: object) -> None:
    answers = Answers(meta(address, "A"))
    with pytest.raises(Malformed, match="not under this account"):
        read(answers, META)
    assert len(answers.asked) == 1


def test_what_is_not_paged_is_one_answer_whatever_else_it_says() -> None:
    answers = Answers({"things": things("A"), "next_page_uri": "/v1/Things?Page=1"})
    assert read(answers, NONE) == ["A"]


def listed(*listing: str) -> list[dict[str, Any]]:
    """Pages, each a word of one-letter SIDs, with addresses of their own."""
    addresses = [f"/v1/Things?Page={place}" for place in range(1, len(listing))]
    return [
        {"things": things(*page), "next_page_uri": address}
        for page, address in zip(listing, [*addresses, None], strict=True)
    ]


@pytest.mark.parametrize(
    ("listing", "rows"),
    [
        (["AB", "", "BC"], "ABC"),
        (["AB", "", "", "B"], "AB"),
        (["A", "", "A", "B"], "AB"),
        (["A", "A", "B"], "AB"),
        (["A", "A", "A", "B"], "AB"),
        (["A", "B", "B"], "AB"),
        (["A", "A"], "A"),
    ],
)
def test_a_row_that_stands_again_on_the_next_page_with_rows_counts_once(listing: list[str], rows: str) -> None:
    assert read(Answers(*listed(*listing)), NEXT) == list(rows)


@pytest.mark.parametrize(
    "listing",
    [["A", "B", "A", "B"], ["AB", "", "AB", ""], ["AB", "AB", "AB"], ["A"] * 200, ["AB", "CD", "", "AB", "CD"]],
)
def test_pages_that_come_again_are_a_circle(listing: list[str]) -> None:
    with pytest.raises(Malformed, match="repeat without end"):
        read(Answers(*listed(*listing)), NEXT)
