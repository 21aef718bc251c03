"""Folders, history and cache: what is wrong with each, how bad that is, and what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from numctl.doctor import machine
from numctl.doctor.examine import CHECKS, examine
from numctl.doctor.finding import Finding, Situation, Status, error, ok, warning
from numctl.history.file import HINT, history_path
from numctl.system import files
from tests.cli.program import FRONT_DESK, sandbox
from tests.doctor.situations import FROM_ENVIRONMENT, situation, with_variables

Check = Callable[[Situation], Iterator[Finding]]
FOLDERS: dict[str, tuple[Check, Status, str]] = {
    "config": (machine.config_folder, Status.WARNING, "until it is writable, login stores no profile"),
    "state": (
        machine.state_folder,
        Status.ERROR,
        "until it is writable, numctl changes nothing; NUMCTL_HISTORY=off does without the history",
    ),
    "cache": (machine.cache_folder, Status.WARNING, "until it is writable, completion offers no numbers"),
}


def place(kind: str) -> Path:
    """One of numctl's folders."""
    folder: Path = getattr(files, f"{kind}_dir")()
    return folder


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Hold paths that may not be written, whoever runs the tests: root may write anywhere."""
    paths: set[Path] = set()
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) not in paths and access(path, mode))
    return paths


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_that_is_there_is_in_order(kind: str) -> None:
    path = place(kind)
    path.mkdir(parents=True, mode=0o700)
    assert list(FOLDERS[kind][0](situation())) == [ok(str(path))]


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_that_is_not_writable_says_what_does_not_work(kind: str, unwritable: set[Path]) -> None:
    check, status, hint = FOLDERS[kind]
    path = place(kind)
    path.mkdir(parents=True)
    unwritable.add(path)
    assert list(check(situation())) == [Finding(status, f"{path} is not readable and writable", hint)]


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_read_only_home_in_which_a_folder_cannot_be_made_is_named(
    kind: str, home: Path, unwritable: set[Path]
) -> None:
    check, status, hint = FOLDERS[kind]
    home.mkdir()
    unwritable.add(home)
    path = place(kind)
    assert list(check(situation())) == [Finding(status, f"{path} cannot be made: {home} is not writable", hint)]


def test_a_file_in_the_place_of_a_folder_is_named(home: Path) -> None:
    home.mkdir()
    above = place("state").parent
    above.touch()
    _, status, hint = FOLDERS["state"]
    assert list(machine.state_folder(situation())) == [Finding(status, f"{above} is not a folder", hint)]


def test_without_a_history_a_state_folder_that_cannot_be_written_is_a_warning(home: Path) -> None:
    home.mkdir()
    place("state").parent.touch()
    (found,) = machine.state_folder(with_variables(NUMCTL_HISTORY="off"))
    assert found.status is Status.WARNING


@pytest.mark.skipif(sys.platform == "win32", reason="the mode says nothing there")
@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_that_is_open_to_others_is_a_warning(kind: str) -> None:
    path = place(kind)
    path.mkdir(parents=True)
    path.chmod(0o777)
    assert list(FOLDERS[kind][0](situation())) == [warning(f"{path}: other users may write to it", f"chmod 700 {path}")]


def test_a_history_that_is_not_numctls_is_an_error() -> None:
    path = history_path()
    path.parent.mkdir(parents=True)
    path.write_text("not a database, and long enough to be none" * 20, encoding="utf-8")
    refused = error(f"{path}: the history cannot be used: it is not a numctl history", HINT)
    assert [row.finding for row in examine(situation()) if row.check == "history"] == [refused]


def test_a_history_that_cannot_be_written_is_an_error(unwritable: set[Path]) -> None:
    sandbox("set", FRONT_DESK, "--voice-caller-id-lookup")
    (run,) = sandbox("history", "--json").json
    path = place("state") / "sandbox-history.sqlite3"
    assert list(machine.history(situation(sandbox=True))) == [ok(f"{path}, newest run {run['id']}")]
    unwritable.add(path)
    assert list(machine.history(situation(sandbox=True))) == [error(f"{path} is not writable", HINT)]


def test_a_history_that_is_not_kept_is_said() -> None:
    assert list(machine.history(with_variables(NUMCTL_HISTORY="off"))) == [
        ok("off (NUMCTL_HISTORY=off): changes cannot be undone")
    ]


def test_a_variable_that_says_neither_whether_the_history_is_kept_is_an_error() -> None:
    found = [row.finding for row in examine(with_variables(NUMCTL_HISTORY="perhaps")) if row.check == "history"]
    assert found == [error("NUMCTL_HISTORY is 'perhaps': use on or off")]


def test_a_cache_that_cannot_be_read_is_a_warning(unwritable: set[Path]) -> None:
    sandbox("list")
    path = place("cache") / "numbers" / "sandbox.tsv"
    (found,) = [row for row in sandbox("doctor", "--json").json if row["check"] == "cache"]
    assert found == {"check": "cache", "status": "ok", "message": f"12 numbers in {path}", "hint": None}
    path.unlink()
    path.mkdir()
    (found,) = [row for row in sandbox("doctor", "--json").json if row["check"] == "cache"]
    assert (found["status"], found["message"]) == ("warning", f"{path} is not readable and writable")
    assert found["hint"] == "remove it; numctl list makes it again"


def test_every_check_gives_a_finding_or_an_error_whatever_the_situation(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(os, "access", broken)
    monkeypatch.setattr("numctl.credentials.profiles.load", broken)
    found = {row.check: row.finding for row in examine(situation(FROM_ENVIRONMENT))}
    unexpected = error("the check failed unexpectedly (ZeroDivisionError)", "this is a bug in numctl")
    assert {check for check, finding in found.items() if finding == unexpected} == {
        *("config-folder", "state-folder", "cache-folder", "configuration")
    }
    assert set(CHECKS) - set(found) == {"account", "numbers"}
