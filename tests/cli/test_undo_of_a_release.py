"""A release is not simply undone: what is advertised, what is asked of the service, and what is then bought."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.program import Ended
from tests.cli.served import holding, run
from tests.wire.faults import status
from tests.wire.reply import problem
from tests.wire.service import ACCOUNT, ROOT, Service

FIRST, SECOND = "+14155550100", "+14155550101"
WAY_BACK = (
    "Console > Phone Numbers > Released Numbers may give a number back within 10 days of its release: "
    "https://support.twilio.com/hc/en-us/articles/223183028"
)


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(FIRST, SECOND) as service:
        yield service


def newest(service: Service) -> str:
    return str(run(service, "history", "-q", "--limit", "1").out.strip())


def released(service: Service, *numbers: str) -> str:
    """Release numbers, and return the run's ID."""
    assert run(service, "release", *numbers, "--yes").code == 0
    return newest(service)


def outcomes(ended: Ended) -> list[str]:
    return [row["outcome"] for row in ended.json]


def test_a_release_advertises_no_undo_and_names_the_consoles_way_back(service: Service) -> None:
    ended = run(service, "release", FIRST, "--yes", "-q")
    assert (ended.code, ended.out) == (0, f"{FIRST}\n")
    assert ended.err.splitlines()[-2:] == [f"released by mistake? {WAY_BACK}", f"run {newest(service)}"]


def test_a_number_that_is_not_offered_is_a_failure_and_nothing_is_sent(service: Service) -> None:
    run_id = released(service, FIRST)
    service.state.stock["US", "local"] = [f"{FIRST}9", SECOND]
    ended = run(service, "undo", run_id, "--yes", "--json")
    assert (ended.code, outcomes(ended), service.count("POST")) == (1, ["failed"], 0)
    assert ended.err == f"numctl: {FIRST} is not among the numbers offered for sale\n  {WAY_BACK}\n"
    (asked,) = [request for request in service.received if "AvailablePhoneNumbers" in request.path]
    assert asked.path == f"{ROOT}/{ACCOUNT}/AvailablePhoneNumbers/US/Local.json"
    assert asked.query["Contains"] == FIRST[2:]


def test_a_number_that_is_offered_is_bought_with_what_was_not_the_default(service: Service) -> None:
    run(service, "set", FIRST, "--friendly-name", "Desk", "--sms-method", "GET", "--yes")
    run_id = released(service, FIRST)
    service.state.stock["US", "local"] = [FIRST]
    ended = run(service, "undo", run_id, "--yes", "--json")
    assert (ended.code, outcomes(ended)) == (0, ["bought"])
    assert service.received[-1].form == {"PhoneNumber": FIRST, "FriendlyName": "Desk", "SmsMethod": "GET"}
    plan = ended.err.splitlines()
    assert f"  + {FIRST}" in plan
    assert "      ! this buys it: the service offers it for sale again" in plan
    assert "1 to buy, 1 warning. Cost: 1 number billed monthly." in plan


def test_of_several_only_what_is_offered_is_bought_and_the_command_is_not_repeated(service: Service) -> None:
    run_id = released(service, FIRST, SECOND)
    service.state.stock["US", "local"] = [SECOND]
    ended = run(service, "undo", run_id, "--yes", "--json")
    assert (ended.code, outcomes(ended), service.state.purchases) == (6, ["failed", "bought"], [SECOND])
    assert "for the rest" not in ended.err


def test_a_number_that_is_taken_after_the_look_is_not_tried_again_and_again(service: Service) -> None:
    run_id = released(service, FIRST)
    service.state.stock["US", "local"] = [FIRST]
    service.state.not_for_sale.add(FIRST)
    ended = run(service, "undo", run_id, "--yes", "--json")
    assert (ended.code, outcomes(ended), "for the rest" in ended.err) == (1, ["failed"], False)


def test_a_search_that_the_service_refuses_is_told_with_the_number(service: Service) -> None:
    run_id = released(service, FIRST)
    service.state.stock["US", "local"] = [FIRST]
    refusal = problem(400, 20001, "Invalid Pattern Provided").body
    service.fail(status(200, applies=True, body={"incoming_phone_numbers": [], "next_page_uri": None}), on="GET")
    service.fail(status(400, body=refusal), on="GET")
    ended = run(service, "undo", run_id, "--yes", "--concurrency", "1")
    said = f"numctl: {FIRST}: the service answered: Invalid Pattern Provided (code 20001, HTTP 400)"
    assert (ended.code, ended.err.splitlines()[0], service.count("POST")) == (1, said, 0)


def test_without_an_id_the_newest_release_is_refused_and_the_run_before_is_named(service: Service) -> None:
    run(service, "set", SECOND, "--friendly-name", "Desk", "--yes")
    earlier = newest(service)
    run_id = released(service, FIRST)
    ended = run(service, "undo", "--yes")
    assert (ended.code, ended.out, service.count("POST")) == (1, "", 1)
    assert ended.err.splitlines() == [
        f"numctl: the newest run, {run_id}, released 1 number: a release can't simply be undone",
        f"  {WAY_BACK}",
        f"  to look whether they are for sale, and buy them: numctl undo {run_id}",
        f"  to undo the run before it (set, 1 number): numctl undo {earlier}",
    ]
