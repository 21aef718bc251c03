"""What keeps a large account light, counted rather than timed: requests, connections, pages under way."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.bench.server import ACCOUNT, ROOT, TOKEN, Connection, Server, record
from tests.cli.program import COMMAND
from tests.surroundings import unmeasured

WAIT = 30
LOADED = """
import atexit, sys
atexit.register(lambda: print(*sys.modules))
from numctl.__main__ import main
main()
"""
FORMATS = ("--json", "-o jsonl", "--csv", "-q", "-o table")


class Counted(Server):
    """A server that counts connections and requests; `before` is called with each path before its answer."""

    def __init__(self, count: int) -> None:
        super().__init__(count, latency=0, limit=0)
        self.connections = 0
        self.requests: list[str] = []
        self.before: Callable[[str], Any] = lambda path: None
        self.RequestHandlerClass = Asked

    def get_request(self) -> Any:
        self.connections += 1
        return super().get_request()

    @property
    def pages(self) -> list[str]:
        """The lists that were asked for, without the part that all of them share."""
        return [request.removeprefix(f"GET {ROOT}.json?") for request in self.requests if ".json?" in request]

    def numctl(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        """Start numctl, with its output in a pipe, pointed here."""
        url = f"http://127.0.0.1:{self.server_address[1]}"
        reach = {"NUMCTL_API_URL": url, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = options.pop("command", COMMAND)
        return subprocess.Popen([*command, *words], env={**unmeasured(), **reach}, text=True, **(pipes | options))


class Asked(Connection):
    """A connection that says what it is asked for."""

    server: Counted

    def found(self, body: bytes) -> bytes:
        self.server.requests.append(f"{self.command} {self.path}")
        self.server.before(self.path)
        return super().found(body)


@contextmanager
def counted(count: int) -> Iterator[Counted]:
    with Counted(count) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def rest_of(listing: subprocess.Popen[str]) -> str:
    """What is left of the output of a list that succeeds in silence."""
    with listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        rest = listing.stdout.read()
        assert (listing.stderr.read(), listing.wait(WAIT)) == ("", 0)
    return rest


@pytest.fixture
def ten_thousand() -> Iterator[Counted]:
    with counted(10_000) as server:
        yield server


def test_ten_thousand_numbers_are_ten_requests_on_one_connection(ten_thousand: Counted) -> None:
    out, err = ten_thousand.numctl("list", "-q").communicate(timeout=WAIT)
    assert (len(set(out.splitlines())), err) == (10_000, "")
    assert ten_thousand.pages == [
        "PageSize=1000" + (f"&Page={number}&PageToken=PA{number - 1}" if number else "") for number in range(10)
    ]
    assert ten_thousand.connections == 1


def test_a_list_loads_requests_and_nothing_that_it_does_not_use() -> None:
    with counted(50) as server:
        out, _ = server.numctl("list", "--json", command=[sys.executable, "-c", LOADED]).communicate(timeout=WAIT)
    listed, _, names = out.rpartition("]\n")
    assert listed.count("+1415") == 50
    unused = {"pydantic", "keyring", "rich", "phonenumbers", "sqlite3", "openpyxl", "werkzeug", "numctl.sandbox"}
    unused |= {"pydantic_core", "charset_normalizer", "idna", "importlib.metadata", "mimetypes", "zipfile"}
    assert (unused & set(names.split()), "requests" in names.split()) == (set(), True)


def test_a_limit_asks_for_no_page_more_than_it_needs(ten_thousand: Counted) -> None:
    out, err = ten_thousand.numctl("list", "-q", "--limit", "2").communicate(timeout=WAIT)
    assert (len(out.splitlines()), err) == (2, "numctl: first 2 shown (--limit); more exist\n")
    assert ten_thousand.pages == ["PageSize=3"]


@pytest.mark.parametrize("form", FORMATS)
def test_the_first_page_is_out_before_the_second_is_answered(ten_thousand: Counted, form: str) -> None:
    written = threading.Event()
    ten_thousand.before = lambda path: "PageToken" in path and written.wait(WAIT)
    listing = ten_thousand.numctl("list", *form.split())
    assert listing.stdout is not None
    lines = [listing.stdout.readline() for _ in range(500)]
    assert all(lines)
    assert not written.is_set()
    written.set()
    assert "".join([*lines, rest_of(listing)]).count("+1415") == 10_000


def test_no_page_is_kept_for_a_reader_that_does_not_read(ten_thousand: Counted) -> None:
    listing = ten_thousand.numctl("list", "--json")
    assert listing.stdout is not None
    first = listing.stdout.readline()
    with pytest.raises(subprocess.TimeoutExpired):
        listing.wait(0.5)
    assert len(ten_thousand.pages) <= 3
    assert ((first + rest_of(listing)).count("+1415"), len(ten_thousand.pages)) == (10_000, 10)


def test_a_hundred_changes_take_one_look_100_requests_and_a_connection_per_worker() -> None:
    wanted = "".join(f"{record(index)['phone_number']}\n" for index in range(100))
    with counted(1000) as server:
        words = ("set", "-", "--voice-url", "https://new.example.com/answer", "--yes", "-q")
        out, _ = server.numctl(*words).communicate(wanted, timeout=WAIT)
    assert out == wanted
    look, *changes = server.requests
    assert look == f"GET {ROOT}.json?PageSize=1000"
    assert sorted(changes) == [f"POST {ROOT}/PN{index:032x}.json" for index in range(100)]
    assert server.connections <= 8


def test_what_is_already_as_wanted_costs_no_request() -> None:
    wanted = "".join(f"{record(index)['phone_number']}\n" for index in range(100))
    with counted(1000) as server:
        words = ("set", "-", "--voice-url", "https://voice.example.com/answer", "--yes", "-q")
        ended = server.numctl(*words)
        out, _ = ended.communicate(wanted, timeout=WAIT)
    assert (ended.returncode, out) == (0, wanted)
    assert len(server.requests) == server.connections == 1
