"""Questions, asked and answered on a real terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import FRONT_DESK, NUMCTL, SUPPORT, sandbox

pexpect: Any = pytest.importorskip("pexpect", reason="the package pexpect is not installed")
if not hasattr(pexpect, "spawn"):
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)


def spawn(command: str, columns: int = 200) -> Any:
    """Start a command line on a terminal of so many columns."""
    env = {**os.environ, "NUMCTL_SANDBOX": "1", "NO_COLOR": "1"}
    return pexpect.spawn("/bin/sh", ["-c", command], env=env, encoding="utf-8", timeout=30, dimensions=(40, columns))


def ended(child: Any) -> int:
    """Wait for the end and return the exit code."""
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus)


def exists(number: str) -> bool:
    return sandbox("show", number).code == 0


@pytest.mark.parametrize(("answer", "code"), [("", 5), ("n", 5), ("maybe", 5), ("y", 0), ("YES", 0)])
def test_a_purchase_asks_and_the_default_is_no(answer: str, code: int) -> None:
    child = spawn(f"{NUMCTL} buy +14155550123")
    child.expect_exact("Buy +14155550123? [y/N]")
    child.sendline(answer)
    assert ended(child) == code
    assert exists("+14155550123") == (code == 0)


@pytest.mark.parametrize(
    ("answer", "code"), [("y", 5), (SUPPORT, 5), ("+1 (415) 555-0101", 5), (FRONT_DESK, 0), ("+1 (415) 555-0100", 0)]
)
def test_a_release_wants_the_number_typed(answer: str, code: int) -> None:
    child = spawn(f"{NUMCTL} release {FRONT_DESK}")
    child.expect_exact(f"Type the number to release {FRONT_DESK}:")
    child.sendline(answer)
    assert ended(child) == code
    assert exists(FRONT_DESK) == (code == 5)


def test_a_release_of_piped_numbers_asks_for_their_count_on_the_terminal() -> None:
    child = spawn(f"{NUMCTL} list -q --limit 2 2>/dev/null | {NUMCTL} release -")
    child.expect_exact("Type their count (2) to release 2 numbers:")
    child.sendline("2")
    assert ended(child) == 0
    assert not exists(FRONT_DESK)


def test_one_number_is_set_without_a_question_but_not_silenced_without_one() -> None:
    child = spawn(f"{NUMCTL} set {FRONT_DESK} --voice-url https://new.example.net/")
    assert ended(child) == 0
    child = spawn(f"{NUMCTL} set {FRONT_DESK} --clear voice_url")
    child.expect_exact(f"Change {FRONT_DESK}? [y/N]")
    child.sendline("")
    assert ended(child) == 5


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("buy +14155550123", "Buy +14155550123? [y/N] "),
        ("buy --area-code 415", "Choose 1 (for example 2, Enter = 1): "),
        (f"release {FRONT_DESK}", f"Type the number to release {FRONT_DESK}: "),
    ],
)
def test_an_interrupt_at_a_question_ends_its_line_and_says_that_nothing_was_changed(words: str, question: str) -> None:
    child = spawn(f"exec {NUMCTL} {words}")
    child.expect_exact(question)
    child.sendintr()
    assert ended(child) == 130
    assert child.before.removeprefix("^C") == "\r\nnumctl: interrupted: nothing was changed\r\n"
    assert sandbox("history", "--json").json == []


def test_an_end_of_input_at_the_hidden_prompt_stores_nothing(home: Path) -> None:
    child = spawn(f"NUMCTL_SANDBOX= {NUMCTL} login --account-sid AC{'1' * 32}")
    child.expect_exact("Auth token (hidden): ")
    child.sendeof()
    child.expect_exact("numctl: nothing was given; nothing was stored")
    assert ended(child) == 5
    assert not (home / "config").exists()


def test_no_input_never_asks() -> None:
    child = spawn(f"{NUMCTL} buy +14155550123 --no-input")
    child.expect_exact("not confirmed: --no-input was given")
    assert ended(child) == 5


def test_candidates_of_an_area_are_chosen_from() -> None:
    child = spawn(f"{NUMCTL} buy --area-code 415")
    child.expect_exact("Choose 1 (for example 2, Enter = 1):")
    first, second = (line.split()[1] for line in child.before.splitlines() if line.startswith(("  1", "  2")))
    child.sendline("2")
    child.expect_exact(f"Buy {second}? [y/N]")
    child.sendline("y")
    assert ended(child) == 0
    assert exists(second)
    assert not exists(first)


def test_a_workbook_is_not_written_to_a_terminal() -> None:
    child = spawn(f"{NUMCTL} list -o xlsx")
    child.expect_exact("XLSX is not text for a terminal")
    assert ended(child) == 2


def test_what_a_name_holds_reaches_no_terminal_as_a_command() -> None:
    sandbox("set", FRONT_DESK, "--friendly-name", "\x1b]0;owned\x07 [red]x[/] \u202eabc")
    child = spawn(f"{NUMCTL} list")
    assert ended(child) == 0
    child = spawn(f"{NUMCTL} show {FRONT_DESK}; true")
    child.expect(pexpect.EOF)
    assert "\x1b]0" not in child.before
    assert "\u202e" not in child.before
    assert "[red]x[/]" in child.before


def test_old_runs_are_forgotten_once_it_was_confirmed() -> None:
    for name in ("One", "Two"):
        sandbox("set", FRONT_DESK, "--friendly-name", name)
    prune = f"{NUMCTL} history prune --older-than 0"
    for answer, code, left in (("", 5, 2), ("y", 0, 0)):
        child = spawn(prune)
        child.expect_exact("Delete 2 runs older than 0 days for good? They can't be undone then. [y/N]")
        child.sendline(answer)
        assert ended(child) == code
        assert len(sandbox("history", "--json").json) == left
    assert ended(spawn(prune)) == 0  # there is nothing to ask about


@pytest.mark.parametrize("silent", ["--no-input", "--yes"])
def test_old_runs_are_forgotten_without_a_question_where_none_is_wanted(silent: str) -> None:
    sandbox("set", FRONT_DESK, "--friendly-name", "One")
    child = spawn(f"{NUMCTL} history {silent if silent != '--yes' else ''} prune --older-than 0 {silent}")
    child.expect_exact("numctl: 1 run older than 0 days is deleted")
    assert ended(child) == 0


def test_old_runs_are_forgotten_without_a_terminal_as_their_age_is_consent_enough() -> None:
    sandbox("set", FRONT_DESK, "--friendly-name", "One")
    found = sandbox("history", "prune", "--older-than", "0")
    assert (found.code, found.out, found.said) == (0, "", "numctl: 1 run older than 0 days is deleted\n")
    bare = sandbox("history", "prune")
    assert (bare.code, bare.out) == (2, "")
    assert bare.err.startswith("numctl: missing option '--older-than'\n")


def test_a_question_that_cannot_be_seen_is_answered_no() -> None:
    child = spawn(f"{NUMCTL} buy +14155550123 2>/dev/full")
    child.sendline("y")
    assert ended(child) == 5
    assert not exists("+14155550123")
