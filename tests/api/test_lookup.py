"""From NUMBER… and `-` to records: exactly one number or nothing, at the price of few requests."""

from __future__ import annotations

import threading
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.api import lookup as selection
from numctl.api.lookup import LINES, ONE_BY_ONE, Found, find, joined, refs_of
from numctl.errors import AuthError, Refused, Unavailable, UsageError
from numctl.model.ids import Invalid
from numctl.model.number import Record
from tests.fakes import MAIN, SUB, FakeService, a_record, number_of, sid_of


def never() -> list[str]:
    raise AssertionError("standard input is read only for -")


def a_service(count: int, *, page_size: int = 1000) -> FakeService:
    service = FakeService(*[a_record(index) for index in range(count)])
    service.page_size = page_size
    return service


# --- What was asked for


def test_the_same_number_given_twice_counts_once_however_it_is_written() -> None:
    asked = ["+1 (415) 555-0100", sid_of(1), "+14155550100", sid_of(1), "+14155550101"]
    assert refs_of(asked, never) == ["+14155550100", sid_of(1), "+14155550101"]


def test_a_dash_stands_for_the_lines_of_standard_input_in_its_place() -> None:
    lines = ["", "# the front desk", "  +1 415 555 0101 \r\n", "\t", sid_of(2) + "\n", "+14155550100"]
    assert refs_of(["+14155550100", "-", "+14155550109"], lambda: lines) == [
        "+14155550100",
        "+14155550101",
        sid_of(2),
        "+14155550109",
    ]


def test_no_line_is_no_reference() -> None:
    assert refs_of(["-"], lambda: ["", "# nothing"]) == []


def test_a_bad_argument_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        refs_of(["+14155550100", "415555"], never)
    assert caught.value.message.startswith("'415555' is not an E.164 number")


def test_every_bad_line_is_named_at_once_with_its_place() -> None:
    with pytest.raises(UsageError) as caught:
        refs_of(["-"], lambda: ["+14155550100", "PN1", "", "4155550100"])
    assert caught.value.message == (
        "line 2: 'PN1' is not a number's SID: PN and 32 hexadecimal digits; "
        "line 4: '4155550100' has no leading +: did you mean +14155550100?"
    )
    assert caught.value.hint == LINES


@pytest.mark.parametrize(("count", "more"), [(10, []), (13, ["and 3 more"])])
def test_of_many_bad_lines_ten_are_named_and_the_others_are_counted(count: int, more: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        refs_of(["-"], lambda: [f"PN{place}" for place in range(1, count + 1)])
    named = [f"line {place}: 'PN{place}' is not a number's SID: PN and 32 hexadecimal digits" for place in range(1, 11)]
    assert caught.value.message.split("; ") == [*named, *more]
    assert caught.value.hint == LINES


# --- Finding it, exactly


def test_numbers_come_in_the_order_asked() -> None:
    service = a_service(4)
    assert find([number_of(2), sid_of(0), number_of(1)], [service.client()]) == Found(
        [a_record(2), a_record(0), a_record(1)], []
    )


def test_a_number_that_only_contains_what_was_asked_is_not_it() -> None:
    longer = {**a_record(1), "phone_number": number_of(1) + "9"}
    assert find([number_of(1)], [FakeService(longer).client()]) == Found([], [number_of(1)])


def test_a_number_on_a_later_page_of_partial_matches_is_found() -> None:
    service = FakeService(*[{**a_record(index), "phone_number": f"{number_of(1)}{index}"} for index in range(10, 15)])
    service.records[sid_of(1)] = a_record(1)
    assert find([number_of(1)], [service.client()]) == Found([a_record(1)], [])
    assert service.sent("list") == ["list"] * 3


def test_a_number_asked_for_by_number_and_by_sid_counts_once() -> None:
    assert find([number_of(1), sid_of(1)], [a_service(3).client()]) == Found([a_record(1)], [])


@pytest.mark.parametrize("count", [3, ONE_BY_ONE + 1])
def test_all_that_are_missing_are_listed_in_the_order_asked(count: int) -> None:
    refs = [sid_of(77), *(number_of(index) for index in range(count - 2)), number_of(99)]
    found = find(refs, [a_service(20).client()])
    assert found == Found([a_record(index) for index in range(count - 2)], [sid_of(77), number_of(99)])


def test_the_account_that_holds_a_number_is_found_among_several() -> None:
    service = FakeService(a_record(1), a_record(2, account=SUB))
    found = find([number_of(2), sid_of(1)], [service.client(MAIN), service.client(SUB)])
    assert found == Found([a_record(2, account=SUB), a_record(1)], [])


def test_nothing_asked_sends_nothing() -> None:
    service = a_service(3)
    assert (find([], [service.client()]), service.calls) == (Found([], []), [])


# --- What it costs


def test_up_to_eight_numbers_are_looked_up_with_one_request_each() -> None:
    service = a_service(100, page_size=50)
    refs = [number_of(index) for index in range(4)] + [sid_of(index) for index in range(4, 8)]
    assert find(refs, [service.client()]) == Found([a_record(index) for index in range(8)], [])
    expected = [("list", MAIN, ref) for ref in refs[:4]] + [("fetch", MAIN, ref) for ref in refs[4:]]
    assert sorted(service.calls) == sorted(expected)


def test_a_ninth_is_found_with_whole_pages() -> None:
    service = a_service(100, page_size=50)
    assert len(find([number_of(index) for index in range(60, 69)], [service.client()]).numbers) == 9
    assert service.calls == [("list", MAIN, ""), ("list", MAIN, "page 1")]


def test_pages_are_read_until_everything_is_found_and_no_further() -> None:
    service = a_service(100, page_size=10)
    refs = [number_of(index) for index in range(11, 20)]
    assert find(refs, [service.client()]) == Found([a_record(index) for index in range(11, 20)], [])
    assert service.calls == [("list", MAIN, ""), ("list", MAIN, "page 1")]


def test_the_accounts_count_against_the_limit() -> None:
    service = FakeService(*[a_record(index) for index in range(9)])
    service.page_size = 1000
    clients = [service.client(MAIN), service.client(SUB)]
    find([number_of(index) for index in range(4)], clients)
    assert len(service.calls) == 8
    service.calls.clear()
    find([number_of(index) for index in range(5)], clients)
    assert service.calls == [("list", MAIN, ""), ("list", SUB, "")]


def test_one_page_is_read_of_an_account_with_nothing_to_find_to_see_a_refusal() -> None:
    service = FakeService(*[a_record(index) for index in range(9)])
    service.page_size = 1000
    service.faults["list"] = deque([None, AuthError("no")])
    with pytest.raises(AuthError):
        find([number_of(index) for index in range(5)], [service.client(MAIN), service.client(SUB)])


@given(st.integers(1, 30), st.lists(st.integers(0, 40), max_size=12), st.booleans())
def test_both_ways_of_finding_find_the_same(count: int, asked: list[int], by_sid: bool) -> None:
    service = a_service(count, page_size=7)
    refs = [sid_of(index) if by_sid else number_of(index) for index in dict.fromkeys(asked)]
    clients = [service.client()]
    assert selection.one_by_one(refs, clients)[0] == selection.by_pages(refs, clients)


def test_a_look_up_that_fails_is_not_a_missing_number() -> None:
    service = a_service(3)
    service.faults["list"] = deque([Unavailable("down")])
    with pytest.raises(Unavailable, match="down"):
        find([number_of(1), sid_of(2)], [service.client()])


# --- Several accounts


@pytest.mark.parametrize("count", [2, 20])
def test_a_number_that_two_accounts_show_is_told_with_both(count: int) -> None:
    service = FakeService(*[a_record(index) for index in range(count)])
    twin = FakeService(a_record(1, account=SUB))
    found = find([number_of(index) for index in range(count)], [service.client(MAIN), twin.client(SUB)])
    assert (len(found.numbers), found.missing, found.twice) == (count, [], {number_of(1): [MAIN, SUB]})
    assert found.numbers[1] == a_record(1)


def test_several_accounts_are_read_to_the_end_but_a_single_one_only_as_needed() -> None:
    service = a_service(40, page_size=10)
    refs = [number_of(index) for index in range(9)]
    find(refs, [service.client(MAIN), service.client(SUB)])
    pages = [("list", MAIN, ""), *(("list", MAIN, f"page {page}") for page in (1, 2, 3)), ("list", SUB, "")]
    assert service.calls == pages
    service.calls.clear()
    find(refs, [service.client(MAIN)])
    assert service.calls == [("list", MAIN, "")]


def test_what_a_further_look_found_stands_in_the_order_asked() -> None:
    refs = [number_of(2), number_of(1), number_of(9), sid_of(3)]
    first = Found([a_record(1), a_record(3)], [number_of(2), number_of(9)])
    further = Found([a_record(2, account=SUB)], [number_of(9)])
    found = joined(refs, first, further, instead_of=first.missing)
    assert found == Found([a_record(2, account=SUB), a_record(1), a_record(3)], [number_of(9)])


def test_a_further_look_decides_what_is_missing_and_what_is_seen_twice() -> None:
    refs = [number_of(1), number_of(2), number_of(3)]
    first = Found([a_record(1), a_record(2), a_record(3)], [], twice={number_of(2): [MAIN, SUB]})
    further = Found([a_record(2, account=SUB)], [number_of(1)])
    found = joined(refs, first, further, instead_of=refs[:2])
    assert found == Found([a_record(2, account=SUB), a_record(3)], [number_of(1)])


# --- A few calls at once


def test_calls_are_made_at_once_and_their_results_come_in_order() -> None:
    together = threading.Barrier(4, timeout=10)

    def call(item: int) -> int:
        together.wait()
        return item * 10

    assert selection.at_once(call, [1, 2, 3, 4]) == [10, 20, 30, 40]


def test_the_first_failure_in_order_is_raised() -> None:
    def call(item: int) -> int:
        if item > 1:
            raise Refused(f"no {item}")
        return item

    with pytest.raises(Refused, match="no 2"):
        selection.at_once(call, [1, 2, 3])
    assert selection.at_once(call, []) == []


def test_owned_is_the_exact_number_only() -> None:
    longer = {**a_record(2), "phone_number": number_of(1) + "23"}
    service = FakeService(longer, a_record(1))
    assert service.client().owned(number_of(1)) == a_record(1)
    assert service.client().owned(number_of(1)[:-1]) is None
    assert service.client(SUB).owned(number_of(1)) is None


@pytest.mark.parametrize("ref", [number_of(1), sid_of(1)])
def test_a_record_without_its_account_is_of_the_account_that_it_was_found_in(ref: str) -> None:
    class Silent(FakeService):
        def visible(self) -> dict[str, Record]:
            return {sid_of(1): a_record(1, account=SUB)}

    service = Silent()
    client = service.client(SUB)
    client.fetch = lambda sid: a_record(1, account_sid=None)  # type: ignore[method-assign] # what the service left out
    client.owned = lambda phone_number: a_record(1, account_sid=None)  # type: ignore[method-assign] # the same
    assert [record["account_sid"] for record in find([ref], [client]).numbers] == [SUB]


@pytest.mark.parametrize("count", [1, 20])
def test_an_account_that_cannot_be_read_is_named_among_several(count: int) -> None:
    service = FakeService(a_record(1))
    service.faults["list"] = deque([None, AuthError("Authenticate", code=20003, status=401)] * 20)
    refs = [number_of(index) for index in range(1, count + 1)]
    with pytest.raises(AuthError) as caught:
        find(refs, [service.client(MAIN), service.client(SUB)])
    assert "could not be read: Authenticate" in caught.value.message
    assert caught.value.message.startswith("AC")
    assert (caught.value.code, caught.value.status) == (20003, 401)
