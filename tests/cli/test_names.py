"""The account's name in a plan: it is asked for beside the look-up, once, and nothing waits or fails for it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from numctl.api.client import Client
from numctl.cli import names
from numctl.cli.names import Names
from numctl.errors import AuthError, NotFound, Unavailable
from numctl.model.number import Record
from tests.cli.served import run
from tests.wire.fake_clock import FakeClock
from tests.wire.faults import HANG, Fault
from tests.wire.reply import Received, Reply, problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, ROOT, Service

NUMBER, OTHER, URL = "+14155552344", "+14155552345", "https://voice.example.net/in"
SET = ("set", NUMBER, "--voice-url", URL, "--yes")


class Registry(Service):
    """The test server, which answers requests for one account's record as it is told to, and may hold others back.

    Where it `holds`, a look-up is answered only once an account's record was asked for.
    """

    trouble: Fault | Reply | None = None
    holds = False

    def __init__(self) -> None:
        super().__init__()
        self.state.add(ACCOUNT, NUMBER)
        self.asked = threading.Event()
        self.together: list[bool] = []

    def answer(self, request: Received) -> tuple[Reply, Fault | None]:
        """Answer, with trouble where an account's record is asked for."""
        if re.fullmatch(rf"{ROOT}/AC\w+\.json", request.path):
            self.asked.set()
            if isinstance(self.trouble, Fault):
                self.received.append(request)
                return Reply(200), self.trouble
        elif self.holds and request.method == "GET":
            self.together.append(self.asked.wait(10))
        return super().answer(request)

    def route(self, request: Received) -> Reply:
        """Answer as the description says, or with the trouble."""
        if isinstance(self.trouble, Reply) and re.fullmatch(rf"{ROOT}/AC\w+\.json", request.path):
            return self.trouble
        return super().route(request)

    @property
    def names_asked(self) -> list[str]:
        """The accounts whose record was asked for."""
        found = (re.fullmatch(rf"{ROOT}/(AC\w+)\.json", request.path) for request in self.received)
        return [match[1] for match in found if match]


@pytest.fixture
def service() -> Iterator[Registry]:
    with closing(Registry()) as service:
        yield service


def test_the_name_is_asked_for_while_the_number_is_looked_up(service: Registry) -> None:
    service.holds = True
    ended = run(service, *SET)
    assert (ended.code, service.together, service.names_asked) == (0, [True], [ACCOUNT])
    assert ended.err.startswith(f"Lighthouse Bakery ({ACCOUNT}), environment\n")


@pytest.mark.parametrize(
    "trouble",
    [
        problem(500, 20500, "Internal Server Error"),
        problem(429, 20429, "Too Many Requests"),
        problem(401, 20003, "Authenticate"),
        problem(404, 20404, "Not found"),
        Reply(200, {"sid": 7}),
        Reply(200, {"sid": ACCOUNT, "friendly_name": ["odd"]}),
        HANG,
    ],
    ids=["500", "429", "401", "404", "no record", "odd name", "hang"],
)
def test_a_name_that_cannot_be_read_is_asked_for_once_and_left_out(service: Registry, trouble: Fault | Reply) -> None:
    service.trouble = trouble
    ended = run(service, *SET)
    assert (ended.code, service.names_asked, service.count("POST")) == (0, [ACCOUNT], 1)
    assert ended.err.startswith(f"{ACCOUNT}, environment\n")


def test_a_name_cannot_forge_a_line_of_the_plan(service: Registry) -> None:
    service.trouble = Reply(200, {"sid": ACCOUNT, "friendly_name": "Shop)\n  change +1\x1b[2J"})
    assert run(service, *SET).err.startswith(f"Shop)   change +1\\x1b[2J ({ACCOUNT}), environment\n")


@pytest.mark.parametrize(
    "words",
    [
        (*SET[:-1], "--dry-run", "--json"),
        (*SET, "-q"),
        (*SET, "--all-accounts"),
        (*SET, "--account", "Lighthouse Bakery"),
        ("release", OTHER, NUMBER, "--all-accounts", "--dry-run"),
        ("show", NUMBER),
        ("list",),
        ("transfer", NUMBER, "--to", "Lighthouse Bakery, harbour branch", "--account", "Lighthouse Bakery", "--yes"),
    ],
    ids=" ".join,
)
def test_a_name_that_is_known_or_not_shown_is_not_asked_for(service: Registry, words: tuple[str, ...]) -> None:
    ended = run(service, *words)
    assert (ended.code in (0, 4), service.names_asked) == (True, [])


def test_of_one_request_at_once_the_number_comes_first(service: Registry) -> None:
    assert run(service, *SET, "--concurrency", "1").code == 0
    kinds = ["POST" if request.method == "POST" else request.path.rpartition("/")[2] for request in service.received]
    assert kinds == ["IncomingPhoneNumbers.json", f"{ACCOUNT}.json", "POST"]


def test_a_transfer_names_its_target_whose_name_does_not_hold_it_up(service: Registry) -> None:
    moved = run(service, "transfer", NUMBER, "--to", OTHER_ACCOUNT, "--dry-run")
    assert f"to: Lighthouse Bakery, harbour branch ({OTHER_ACCOUNT})" in moved.out.splitlines()
    assert sorted(service.names_asked) == [ACCOUNT, OTHER_ACCOUNT]
    service.trouble = problem(503, 20503, "Down")
    moved = run(service, "transfer", NUMBER, "--to", OTHER_ACCOUNT, "--yes")
    assert (moved.code, len(service.names_asked)) == (0, 4)
    assert f"to: {OTHER_ACCOUNT}" in moved.err.splitlines()


def test_a_target_that_is_not_there_is_not_found_with_the_services_code(service: Registry) -> None:
    service.trouble = problem(404, 20404, "Not found")
    ended = run(service, "transfer", NUMBER, "--to", "AC" + "9" * 32, "--yes", "--json")
    error = json.loads(ended.err.splitlines()[-1])["error"]
    assert (ended.code, error["status"], error["code"], service.count("POST")) == (4, 404, 20404, 0)


# The names themselves


class Silent(Client):
    """A client that answers when it is told to."""

    def __init__(self, answer: Record | Exception) -> None:
        self.reply, self.go_on, self.asked = answer, threading.Event(), list[str]()

    def once(self, seconds: float) -> Silent:
        return self

    def account(self, sid: str) -> Record:
        self.asked.append(sid)
        self.go_on.wait(10)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


def test_a_name_that_does_not_come_in_time_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "LONGEST", 0.0)
    client = Silent({"friendly_name": "Shop"})
    found = Names(client, FakeClock())
    found.ask(ACCOUNT)
    assert [found.of(ACCOUNT), found.of(ACCOUNT)] == [None, None]
    client.go_on.set()
    assert found.of(ACCOUNT) is None
    assert client.asked == [ACCOUNT]


def test_the_second_counts_from_when_the_name_was_asked_for() -> None:
    clock, client = FakeClock(), Silent({"friendly_name": "Shop"})
    found = Names(client, clock)
    found.ask(ACCOUNT)
    clock.sleep(1.0)
    assert found.of(ACCOUNT) is None
    client.go_on.set()


def test_a_name_is_asked_for_once_and_one_that_was_told_never() -> None:
    client = Silent({"friendly_name": "Shop"})
    client.go_on.set()
    found = Names(client, FakeClock())
    found.learn({OTHER_ACCOUNT: "School"})
    found.ask(ACCOUNT, OTHER_ACCOUNT)
    found.ask(ACCOUNT)
    assert [found.of(ACCOUNT), found.of(OTHER_ACCOUNT), client.asked] == ["Shop", "School", [ACCOUNT]]


@pytest.mark.parametrize(
    ("failure", "is_raised"), [(NotFound("no"), True), (AuthError("no"), True), (Unavailable("down"), False)]
)
def test_only_a_missing_or_unreachable_account_is_an_error_if_it_must_exist(
    failure: Exception, is_raised: bool
) -> None:
    client = Silent(failure)
    client.go_on.set()
    found = Names(client, FakeClock())
    assert found.of(ACCOUNT) is None
    if is_raised:
        with pytest.raises(type(failure)):
            found.of_existing(ACCOUNT)
    else:
        assert found.of_existing(ACCOUNT) is None
