"""A family of accounts: its numbers repointed from a pipe, and ten thousand of them listed as they arrive."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from numctl.sandbox import ACCOUNT_SID, SUBACCOUNT_SID
from numctl.sandbox.state import load
from tests.cli.program import NUMCTL

from .watched import Watched, many, watched

pexpect: Any = pytest.importorskip("pexpect", reason="the package pexpect is not installed")
terminals = pytest.mark.skipif(not hasattr(pexpect, "spawn"), reason="there are no pseudo-terminals here")

NEW = "https://new.example.net/voice"


def subaccount(index: int) -> str:
    return f"AC{index:032x}"


def serving(folder: Path, records: list[dict[str, Any]]) -> Any:
    path = folder / "served" / "sandbox.sqlite3"
    load(path, records)
    return watched(path)


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Watched]:
    """Serve the main account with two numbers and two subaccounts with three each; two of all are elsewhere already."""
    records = [
        record
        for index, account in enumerate((ACCOUNT_SID, subaccount(1), subaccount(2)))
        for record in many(3 if index else 2, account, index * 10)
    ]
    for record in (records[1], records[-1]):
        record["voice_url"] = "https://elsewhere.example.org/"
    with serving(tmp_path, records) as service:
        yield service


@terminals
def test_a_family_is_repointed_from_a_pipe_and_asked_on_the_terminal(family: Watched) -> None:
    before = {record["phone_number"]: record for record in everywhere(family)}
    old = {number for number, record in before.items() if "old.example.com" in record["voice_url"]}
    assert len(old) == 6
    family.forget()
    listed = f"{NUMCTL} list --all-accounts --where 'any_url~old.example.com' -q"
    changed = f"{NUMCTL} set - --all-accounts --voice-url {NEW}"
    child = pexpect.spawn("/bin/sh", ["-c", f"{listed} | {changed}"], env=family.environ, encoding="utf-8", timeout=30)
    child.setwinsize(60, 140)
    child.expect_exact("Change 6 numbers? [y/N]")
    plan = child.before
    assert family.changes == []
    child.sendline("y")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0

    places = [plan.index(account) for account in (ACCOUNT_SID, subaccount(1), subaccount(2))]
    assert places == sorted(places)
    assert [plan.count(f"+{number.lstrip('+')}") for number in sorted(old)] == [1] * 6
    sent = Counter(path.split("/")[3] for _, path in family.changes)
    assert sent == {ACCOUNT_SID: 1, subaccount(1): 3, subaccount(2): 2}
    assert {method for method, _ in family.changes} == {"POST"}
    after = {record["phone_number"]: record for record in everywhere(family)}
    assert {number for number, record in after.items() if record["voice_url"] == NEW} == old
    assert {number: record for number, record in after.items() if number not in old} == {
        number: record for number, record in before.items() if number not in old
    }
    (run,) = family.numctl("history", "--json").json
    assert (run["verb"], run["numbers"], run["outcome"]) == ("set", 6, "changed")


@terminals
def test_a_no_on_the_terminal_changes_nothing(family: Watched) -> None:
    listed = f"{NUMCTL} list --all-accounts -q"
    changed = f"{NUMCTL} set - --all-accounts --voice-url {NEW}"
    child = pexpect.spawn("/bin/sh", ["-c", f"{listed} | {changed}"], env=family.environ, encoding="utf-8", timeout=30)
    child.expect_exact("[y/N]")
    child.sendline("")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, family.changes) == (5, [])


def everywhere(family: Watched) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = family.numctl("list", "--all-accounts", "--json").json
    return found


TEN = [SUBACCOUNT_SID, *map(subaccount, range(1, 10))]


@pytest.fixture
def ten_by_thousand(tmp_path: Path) -> Iterator[Watched]:
    records = [record for index, account in enumerate(TEN) for record in many(1000, account, index * 1000)]
    with serving(tmp_path, [*many(1, ACCOUNT_SID, 20_000), *records]) as service:
        yield service


def test_ten_subaccounts_of_a_thousand_numbers_stream_in_twelve_requests(ten_by_thousand: Watched) -> None:
    service = ten_by_thousand
    written, waited = threading.Event(), []

    def hold_the_last_account(method: str, path: str) -> None:
        if TEN[-1] in path:
            waited.append(written.wait(20))

    service.on_request = hold_the_last_account
    process = service.start("list", "--all-accounts", "--output", "jsonl", stderr=None)
    assert process.stdout is not None
    process.stdout.readline()
    written.set()
    rest = process.stdout.read().splitlines()
    assert (process.wait(30), waited, len(rest)) == (0, [True], 10_000)
    assert len(service.requests) <= 12
    read = [path.split("/")[3] for _, path in service.requests if "IncomingPhoneNumbers" in path]
    assert sorted(read) == sorted([ACCOUNT_SID, *TEN])


def test_an_account_that_cannot_be_read_is_no_silent_gap(family: Watched) -> None:
    family.refused = subaccount(1)
    listed = family.numctl("list", "--all-accounts", "-q")
    assert listed.code == 6
    assert len(listed.out.split()) == 5
    assert f"numctl: {subaccount(1)} could not be read" in listed.err
    changed = family.numctl("set", *listed.out.split(), "--all-accounts", "--voice-url", NEW, "--yes")
    assert (changed.code, changed.out, family.changes) == (3, "", [])
