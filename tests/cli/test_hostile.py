"""The whole program against answers, files and a locale that are hostile: one short error, nothing harmed, in time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import COMMAND, numctl, sandbox
from tests.cli.served import ended, holding, pointed_at, run, start
from tests.wire import faults
from tests.wire.reply import problem
from tests.wire.service import ACCOUNT, ROOT, TOKEN, Service, basic

NUMBER, OTHER = "+14155552344", "+14155552345"
URL = "https://voice.example.com/answer"
NAME = "Bäckerei 東京 🥐"
LIST = f"{ROOT}/{ACCOUNT}/IncomingPhoneNumbers.json"

posix = pytest.mark.skipif(os.name != "posix", reason="links, modes and resource limits are POSIX's")


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(NUMBER, OTHER) as service:
        yield service


# What cannot be used


@pytest.mark.parametrize("fault", faults.UNUSABLE, ids=str)
def test_an_unusable_answer_is_one_short_error_and_never_an_empty_list(service: Service, fault: faults.Fault) -> None:
    service.fail(fault, times=99)
    found = run(service, "list", "--json")
    assert (found.code, found.out, service.count("GET")) == (1, "", 1)
    (line,) = found.err.splitlines()
    assert len(json.loads(line)["error"]["message"]) < 200


def page(unit: bytes) -> bytes:
    """A page of 16 MiB in which one value stands again and again."""
    head, tail = b'{"incoming_phone_numbers": [', b"]}"
    count = ((16 << 20) - len(head) - len(tail)) // (len(unit) + 1)
    return head + b",".join([unit] * count) + tail


LARGE, NO_JSON, ELSEWHERE = "larger than 16 MiB", "not the JSON that the service documents", "not under this account"
HEAVY: dict[str, tuple[Callable[[], faults.Fault], str]] = {
    "gzip bomb": (lambda: faults.GZIP_BOMB, LARGE),
    "a hundred mebibytes": (lambda: faults.instead("large", b" " * (100 << 20)), LARGE),
    "objects of two letters": (lambda: faults.instead("objects", page(b"{}")), NO_JSON),
    "lists in lists": (lambda: faults.instead("lists", page(b"[" * 50 + b"]" * 50)), NO_JSON),
    "an endless next page": (
        lambda: faults.altered("next", lambda body: {**body, "next_page_uri": endless()}),
        ELSEWHERE,
    ),
}
MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""
"""A process between, since a child counts the memory of whom it was forked from as its own."""


def endless() -> str:
    return f"{LIST}?Page=1&Filler=" + "x" * (15 << 20)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other units")
@pytest.mark.parametrize("kind", HEAVY)
def test_memory_stays_under_300_mb_whatever_arrives(service: Service, kind: str) -> None:
    fault, why = HEAVY[kind]
    service.fail(fault(), times=99)
    found = run(service, "list", "--json", command=[sys.executable, "-c", MEASURE, *COMMAND])
    error, kibibytes = found.err.splitlines()
    assert why in json.loads(error)["error"]["message"]
    assert (found.code, service.count("GET"), len(error) < 500) == (1, 1, True)
    assert int(kibibytes) < 300 * 1000


def test_what_the_service_says_reaches_the_terminal_as_text(service: Service) -> None:
    said = "no\x1b]0;owned\x07 \x9b31m\u202eegassem [bold]"
    service.fail(faults.status(400, body=problem(400, 21452, said).body), on="POST")
    found = run(service, "set", NUMBER, "--voice-url", URL)
    assert found.code == 1
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(found.err)
    assert "[bold] (code 21452, HTTP 400)" in found.err
    assert "\n  try another area code" in found.err


def test_what_an_account_or_a_setting_is_called_stays_in_its_line_of_the_plan(service: Service) -> None:
    forged = "Bakery\n  release +14155550000\x1b[2J\u202e"
    service.state.accounts[ACCOUNT]["friendly_name"] = forged
    service.state.add(ACCOUNT, "+14155552346", friendly_name=forged)
    found = run(service, "set", "+14155552346", "--friendly-name", "Harbour", "-q")
    shown = "Bakery   release +14155550000\\x1b[2J\\u202e"
    *plan, last = found.err.splitlines()
    assert (found.code, found.out, plan) == (
        0,
        "+14155552346\n",
        [
            f"{shown} ({ACCOUNT}), environment",
            f"  ~ +14155552346  {shown}",
            f"      friendly_name  {shown} → Harbour",
            "1 to change.",
        ],
    )
    assert last.startswith("run ")


# Time


@pytest.mark.parametrize("fault", [faults.HANG, faults.TRICKLED_HEADERS, faults.TRICKLED_BODY], ids=str)
def test_the_timeout_ends_the_process_though_its_worker_hangs(service: Service, fault: faults.Fault) -> None:
    service.fail(fault, times=99)
    found = ended(start(service, "list", "--timeout", "1"), timeout=faults.LONGEST - 5)
    assert (found.code, found.out, service.count("GET")) == (7, "", 1)
    assert "in time" in found.err or "no answer within 1 s" in found.err


def test_a_purchase_that_hangs_is_unknown_and_the_process_ends(service: Service) -> None:
    service.fail(faults.HANG.before(), on="POST", times=99)
    found = ended(
        start(service, "buy", "+14155550199", "--yes", "--json", "--timeout", "1"), timeout=faults.LONGEST - 5
    )
    (row,) = found.json
    assert (found.code, row["outcome"], service.count("POST"), service.state.purchases) == (8, "unknown", 1, [])
    assert row["error"]["hint"] == "look before repeating: numctl show +14155550199"


# Locale


@pytest.mark.parametrize("form", ["--json", "--csv", "--output=table", "--output=jsonl"])
def test_output_is_utf_8_whatever_the_locale_says(service: Service, form: str) -> None:
    service.state.add(ACCOUNT, "+14155552346", friendly_name=NAME)
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    found = run(service, "list", form, env=narrow)
    assert (found.code, found.err) == (0, "")
    assert NAME in found.out


def test_a_name_is_sent_as_it_was_typed_under_the_c_locale(service: Service) -> None:
    found = run(service, "set", NUMBER, "--friendly-name", NAME, "--json", env={"LC_ALL": "C"})
    assert (found.code, found.json[0]["number"]["friendly_name"]) == (0, NAME)
    assert [request.form for request in service.received if request.method == "POST"] == [{"FriendlyName": NAME}]


# Where the credentials go


def test_neither_netrc_nor_a_cookie_nor_the_address_changes_who_asks(service: Service, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / ".netrc").write_text("machine 127.0.0.1 login marzipan password nougat\n", encoding="utf-8")
    (home / ".netrc").chmod(0o600)
    cookie = {"Set-Cookie": "session=gingerbread; Path=/"}
    service.fail(faults.Fault("cookie", lambda connection, reply: with_headers(connection, reply, cookie)), times=9)
    assert run(service, "list", "--page-size", "1", "-q").out.split() == [NUMBER, OTHER]
    assert {request.headers["Authorization"] for request in service.received} == {basic(ACCOUNT, TOKEN)}
    assert [request.headers.get("Cookie") for request in service.received] == [None, None]
    address = service.url.replace("http://", "http://marzipan:nougat@")
    found = run(service, "list", env={"NUMCTL_API_URL": address})
    assert (found.code, found.out, len(service.received)) == (3, "", 2)
    assert found.err.startswith("numctl: NUMCTL_API_URL is malformed: it carries a user name or password")
    assert "nougat" not in found.err


def with_headers(connection: Any, reply: Any, headers: dict[str, str]) -> None:
    reply.headers.update(headers)
    connection.write(reply)


# Files

FILES = {
    "history": ("state/numctl/history.sqlite3", ("set", NUMBER, "--voice-url", URL)),
    "config.toml": ("config/numctl/config.toml", ("whoami", "--profile", "work")),
    "login": ("config/numctl/config.toml", ("login", "--account-sid", ACCOUNT)),
    "sandbox": ("state/numctl/sandbox.sqlite3", ("list", "--sandbox")),
    "sandbox load": ("state/numctl/sandbox.sqlite3", ("sandbox", "load", "-")),
    "sandbox reset": ("state/numctl/sandbox.sqlite3", ("sandbox", "reset")),
    "sandbox's history": (
        "state/numctl/sandbox-history.sqlite3",
        ("set", "+14155550100", "--sms-url", URL, "--sandbox"),
    ),
}


def occupy(path: Path, kind: str, elsewhere: Path) -> None:
    """Put a link or a folder where numctl keeps a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "folder":
        path.mkdir()
        return
    if kind == "link":
        elsewhere.write_bytes(b"somebody's")
    path.symlink_to(elsewhere)


def look(path: Path, elsewhere: Path) -> tuple[object, ...]:
    """All that could have become of it."""
    there = elsewhere.read_bytes() if elsewhere.exists() else None
    return path.is_symlink(), os.readlink(path) if path.is_symlink() else os.listdir(path), there


@posix
@pytest.mark.parametrize("kind", ["link", "dangling link", "folder"])
@pytest.mark.parametrize("file", FILES)
def test_what_stands_in_a_file_s_place_is_refused_and_left_alone(
    service: Service, home: Path, tmp_path: Path, file: str, kind: str
) -> None:
    name, words = FILES[file]
    path, elsewhere = home / name, tmp_path / "elsewhere"
    occupy(path, kind, elsewhere)
    before = look(path, elsewhere)
    found = numctl(*words, stdin="[]", env=pointed_at(service) if "history" in name else {})
    assert found.code in (1, 3)
    assert f"{path}: is {'a folder' if kind == 'folder' else 'a symbolic link'}, but numctl keeps a file" in found.err
    assert (look(path, elsewhere), service.count("POST")) == (before, 0)


@posix
@pytest.mark.parametrize("kind", ["link", "dangling link", "folder"])
def test_a_cache_that_is_not_a_file_is_left_alone_and_the_list_is_whole(
    service: Service, home: Path, tmp_path: Path, kind: str
) -> None:
    path, elsewhere = home / f"cache/numctl/numbers/account-{ACCOUNT}.tsv", tmp_path / "elsewhere"
    occupy(path, kind, elsewhere)
    before = look(path, elsewhere)
    assert run(service, "list", "-q").out.split() == [NUMBER, OTHER]
    assert run(service, "set", NUMBER, "--voice-url", URL).code == 0
    assert look(path, elsewhere) == before


@posix
def test_the_sandbox_s_cache_that_is_a_link_is_left_alone_by_a_reset(home: Path, tmp_path: Path) -> None:
    path, elsewhere = home / "cache/numctl/numbers/sandbox.tsv", tmp_path / "elsewhere"
    occupy(path, "link", elsewhere)
    before = look(path, elsewhere)
    assert sandbox("sandbox", "reset").code == 0
    assert look(path, elsewhere) == before
