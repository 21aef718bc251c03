"""A purchase in an area, or a transfer, whose answer is lost: never a second one, and the result says what holds.

The test server makes the change and then breaks the connection, cuts the answer short, or answers with an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.cli.program import Ended
from tests.cli.served import holding
from tests.cli.served import hurried as run
from tests.wire.faults import RESET, TRUNCATED, Fault, altered, status
from tests.wire.reply import Received, Reply, problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

FINE = altered("none", lambda body: body)
LOST = [RESET, TRUNCATED, status(500, applies=True)]
SOLD = [f"+141555501{place:02}" for place in range(20)]
MOVED = "+14155550100"
URL = "https://voice.example.net/in"


class Shop(Service):
    """The test server with numbers for sale."""

    def route(self, request: Received) -> Reply:
        """Answer a search with what nobody has, anything else as the description says."""
        if "/AvailablePhoneNumbers/US/Local.json" not in request.path:
            return super().route(request)
        offers = [{"phone_number": number} for number in SOLD if self.state.find(number) is None]
        return Reply(200, {"available_phone_numbers": offers})


@pytest.fixture
def shop() -> Iterator[Shop]:
    with closing(Shop()) as service:
        yield service


@pytest.fixture
def family() -> Iterator[Service]:
    with holding(MOVED) as service:
        yield service


def posts(service: Service) -> list[dict[str, str]]:
    return [request.form for request in service.received if request.method == "POST"]


def result(record: dict[str, Any] | None, outcome: str, changes: dict[str, Any]) -> dict[str, Any]:
    """What JSON has for a number whose record the server holds."""
    assert record is not None
    named = {name: record[name] for name in ("phone_number", "sid", "account_sid")}
    return {**named, "outcome": outcome, "changes": changes, "number": record, "error": None}


def results(service: Service, ended: Ended) -> list[dict[str, Any]]:
    """The results that JSON has, without their run, which is the one of the history."""
    (made,) = run(service, "history", "--json").json
    rows: list[dict[str, Any]] = ended.json
    assert [row.pop("run") for row in rows] == [made["id"]] * len(rows)
    return rows


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_purchase_in_an_area_whose_answer_is_lost_is_made_once(shop: Shop, fault: Fault) -> None:
    shop.fail(fault, on="POST", times=99)
    words = ("buy", "--area-code", "415", "--count", "2", "--voice-url", URL)
    ended = run(shop, *words, "--yes", "--json")
    assert ended.code == 0
    assert sorted(shop.state.purchases) == SOLD[:2]
    assert sorted(form["PhoneNumber"] for form in posts(shop)) == SOLD[:2]
    for told, number in zip(results(shop, ended), SOLD[:2], strict=True):
        record = shop.state.find(number)
        assert told == result(record, "bought", told["changes"])
        assert told["changes"]["voice_url"] == [None, URL]
    assert f"numctl release {SOLD[0]} {SOLD[1]}\n" in ended.err
    assert "for the rest" not in ended.err


def test_a_purchase_in_an_area_that_was_not_made_is_repeated_by_name(shop: Shop) -> None:
    shop.fail(RESET.before(), on="POST")
    ended = run(shop, "buy", "--area-code", "415", "--yes", "--json")
    assert (ended.code, shop.state.purchases) == (0, [SOLD[0]])
    assert posts(shop) == [{"PhoneNumber": SOLD[0]}] * 2
    (told,) = results(shop, ended)
    assert told == result(shop.state.find(SOLD[0]), "bought", told["changes"])


def test_a_number_that_someone_took_is_replaced_by_the_first_spare_of_the_plan(shop: Shop) -> None:
    shop.state.not_for_sale.add(SOLD[0])
    ended = run(shop, "buy", "--area-code", "415", "--yes", "--json")
    assert f"bought only if one above is gone: {', '.join(SOLD[1:4])}\n" in ended.err
    numbers = [row["phone_number"] for row in ended.json]
    assert (ended.code, numbers, shop.state.purchases) == (0, [SOLD[1]], [SOLD[1]])
    assert [form["PhoneNumber"] for form in posts(shop)] == SOLD[:2]
    assert f"{SOLD[0]}: not for sale any more; {SOLD[1]} bought instead\n" in ended.err


def test_where_all_are_taken_each_number_that_was_tried_is_told(shop: Shop) -> None:
    shop.state.not_for_sale.update(SOLD[:4])
    ended = run(shop, "buy", "--area-code", "415", "--yes", "-q")
    assert (ended.code, ended.out, shop.state.purchases) == (1, "", [])
    assert f"{' '.join(SOLD[:3])}: not for sale any more; {SOLD[3]} tried instead\n" in ended.err
    assert f"not for sale, perhaps someone else has taken it: {SOLD[3]}\n" in ended.err
    assert "for the rest" not in ended.err


def test_a_number_bought_under_another_name_is_bought_and_not_left_to_do(shop: Shop) -> None:
    shop.state.rewrites = lambda record: {**record, "friendly_name": "another"}
    trial = problem(400, 21404, "Trial accounts are allowed only one number")
    shop.fail(FINE, on="POST").fail(status(400, body=trial.body), on="POST")
    words = ("buy", *SOLD[:2], "--friendly-name", "Sales", "--yes", "--json", "--concurrency", "1")
    ended = run(shop, *words)
    assert (ended.code, [row["outcome"] for row in ended.json]) == (6, ["bought", "failed"])
    assert f"bought: {SOLD[0]}\nfor the rest: numctl buy {SOLD[1]} --friendly-name Sales\n" in ended.err


def test_what_may_have_been_bought_is_not_among_the_rest(shop: Shop) -> None:
    trial = problem(400, 21404, "Trial accounts are allowed only one number")
    shop.fail(status(504), on="POST").fail(status(400, body=trial.body), on="POST")
    ended = run(shop, "buy", *SOLD[:2], "--yes", "--json", "--concurrency", "1")
    assert (ended.code, [row["outcome"] for row in ended.json]) == (8, ["unknown", "failed"])
    assert f"not known whether bought: {SOLD[0]}\nbought: none\nfor the rest: numctl buy {SOLD[1]}\n" in ended.err


def test_a_release_of_unknown_outcome_does_not_count_as_made_when_it_is_repeated(family: Service) -> None:
    family.fail(status(504), on="DELETE", times=99)
    assert run(family, "release", MOVED, "--yes", "--json").code == 8
    (record,) = family.state.numbers[ACCOUNT].values()
    family.state.numbers[OTHER_ACCOUNT][record["sid"]] = family.state.numbers[ACCOUNT].pop(record["sid"])
    record["account_sid"] = OTHER_ACCOUNT
    again = run(family, "release", MOVED, "--yes", "--json")
    assert (again.code, again.out) == (4, "")
    assert f"{MOVED} is not in {ACCOUNT}" in again.err
    assert family.state.find(MOVED) == record


@pytest.mark.parametrize("words", [("undo",), ("set", MOVED, "--friendly-name", "Front desk")], ids=["undo", "set"])
def test_what_a_change_of_unknown_outcome_may_still_alter_is_not_called_unchanged(
    family: Service, words: tuple[str, ...]
) -> None:
    assert run(family, "set", MOVED, "--friendly-name", "Front desk", "--yes").code == 0
    family.fail(status(504), on="POST", times=99)
    assert run(family, "set", MOVED, "--friendly-name", "Night", "--yes", "--json").code == 8
    sent = len(posts(family))
    ended = run(family, *words, "--yes", "--json")
    (row,) = ended.json
    assert (ended.code, row["outcome"], len(posts(family))) == (7, "failed", sent)
    assert row["error"]["message"] == f"{MOVED}: its last change may still take effect; nothing was sent"
    assert row["error"]["hint"] == "try again in a minute"


def test_a_transfer_to_an_account_that_is_not_there_sends_nothing(family: Service) -> None:
    nobody = "AC" + "9" * 32
    family.fail(status(404, body=problem(404, 20404, f"{nobody} was not found").body), at=nobody)
    ended = run(family, "transfer", MOVED, "--to", nobody, "--yes", "--json")
    assert (ended.code, ended.out, posts(family)) == (4, "", [])
    assert nobody in json.loads(ended.err)["error"]["message"]


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_transfer_whose_answer_is_lost_is_made_once(family: Service, fault: Fault) -> None:
    family.fail(fault, on="POST", times=99)
    ended = run(family, "transfer", MOVED, "--to", OTHER_ACCOUNT, "--yes", "--json")
    assert (ended.code, posts(family)) == (0, [{"AccountSid": OTHER_ACCOUNT}])
    assert results(family, ended) == [
        result(family.state.find(MOVED), "transferred", {"account_sid": [ACCOUNT, OTHER_ACCOUNT]}),
    ]
    assert [len(numbers) for numbers in family.state.numbers.values()] == [0, 1]
    again = run(family, "transfer", MOVED, "--to", OTHER_ACCOUNT, "--yes", "--json")
    assert (again.code, again.json) == (0, [{**result(family.state.find(MOVED), "unchanged", {}), "run": None}])
    assert len(posts(family)) == 1


class Mute(Service):
    """The test server, which answers a change with nothing, and forbids to look at what became of it."""

    def route(self, request: Received) -> Reply:
        """Answer as ever until the first change."""
        if request.method == "POST":
            return Reply(200)
        return problem(403, 20003, "Permission denied") if self.count("POST") else super().route(request)


@pytest.mark.parametrize(
    ("words", "undo"),
    [(("set", MOVED, "--voice-url", URL), True), (("buy", "+14155550199", "--yes"), False)],
    ids=["set", "buy"],
)
def test_a_run_whose_outcome_is_unknown_is_named_with_its_undo(words: tuple[str, ...], undo: bool) -> None:
    with closing(Mute()) as service:
        service.state.add(ACCOUNT, MOVED)
        ended = run(service, *words, "--json")
        assert (ended.code, [row["outcome"] for row in ended.json]) == (8, ["unknown"])
        (made,) = run(service, "history", "--json").json
        assert made["outcome"] == "unknown"
        told = f"; undo: numctl undo {made['id']}" if undo else ""
        assert ended.err.splitlines()[-1] == f"run {made['id']}{told}"
