"""Numbers for sale as the service shows them: samples of 30 without pages, gathered over several answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.program import Ended
from tests.cli.served import run
from tests.wire.faults import status
from tests.wire.reply import problem
from tests.wire.service import Service, running

SAMPLED = "the service shows a sample of what is for sale; search again or narrow the search for others\n"


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as service:
        yield service


def stocked(service: Service, count: int) -> Service:
    service.state.stock["US", "local"] = [f"+1415556{index:04d}" for index in range(count)]
    return service


def searches(service: Service) -> int:
    return sum("AvailablePhoneNumbers" in request.path for request in service.received)


def buy(service: Service, count: int) -> Ended:
    return run(service, "buy", "--area-code", "415", "--count", str(count), "--yes", "-q")


def test_sixty_of_two_hundred_are_bought_once_each_over_samples_of_thirty(service: Service) -> None:
    ended = buy(stocked(service, 200), 60)
    bought = service.state.purchases
    assert (ended.code, len(bought), len(set(bought))) == (0, 60, 60)
    assert set(ended.out.splitlines()) == set(bought)
    assert searches(service) <= 25


def test_where_forty_are_found_none_of_sixty_is_bought(service: Service) -> None:
    ended = buy(stocked(service, 40), 60)
    assert (ended.code, ended.out, service.state.purchases) == (1, "", [])
    assert ended.err == (
        "numctl: found 40 so far with area code 415, not 60; nothing was bought\n"
        "  the service shows a sample at a time: try again, ask for fewer (--count 40), or try another area code\n"
    )
    assert searches(service) <= 25


def test_a_search_without_a_limit_is_one_answer_and_says_that_it_is_a_sample(service: Service) -> None:
    ended = run(stocked(service, 200), "search", "US", "-q")
    assert (ended.code, len(ended.out.splitlines()), searches(service)) == (0, 30, 1)
    assert ended.err == f"numctl: {SAMPLED}"


def test_a_higher_limit_merges_several_answers(service: Service) -> None:
    ended = run(stocked(service, 200), "search", "US", "--limit", "70", "-q")
    numbers = ended.out.splitlines()
    assert (ended.code, len(numbers), len(set(numbers)), ended.err) == (0, 70, 70, f"numctl: {SAMPLED}")


def test_a_limit_that_is_not_reached_is_found_so_far(service: Service) -> None:
    ended = run(stocked(service, 40), "search", "US", "--limit", "50", "-q")
    numbers = ended.out.splitlines()
    assert (ended.code, len(numbers), len(set(numbers))) == (0, 40, 40)
    assert ended.err == f"numctl: found 40 so far, not 50; {SAMPLED}"


def test_a_pattern_that_the_service_does_not_take_gets_advice(service: Service) -> None:
    service.fail(status(400, body=problem(400, 20001, "Invalid Pattern Provided").body), on="GET")
    ended = run(service, "search", "US", "--contains", "206*55*", "-q")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[:2] == [
        "numctl: the service answered: Invalid Pattern Provided (code 20001, HTTP 400)",
        "  write the digits out, all ten of a number of the US or Canada, without * or %",
    ]
    assert service.received[0].query["Contains"] == "206*55*"
