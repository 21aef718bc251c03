"""Advised commands: pasted, they reach the account for which they were advised, and nothing else runs."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.advised import command, reached_by
from tests.fakes import MAIN, SUB


def test_the_account_in_force_is_not_named() -> None:
    reached_by((), MAIN)
    assert command("show", "+14155550100", account=MAIN) == command("show", "+14155550100")
    assert command("show", "+14155550100") == "numctl show +14155550100"


def test_another_account_is_named() -> None:
    reached_by((), MAIN)
    assert command("release", "+14155550100", account=SUB) == f"numctl release +14155550100 --account {SUB}"


def test_the_sandbox_and_the_profile_go_along() -> None:
    reached_by(("--sandbox",), MAIN)
    assert command("buy", "+14155550100") == "numctl buy +14155550100 --sandbox"
    reached_by(("--profile", "production"), MAIN)
    assert command("undo", "7k2", account=SUB) == f"numctl undo 7k2 --account {SUB} --profile production"


def test_where_the_environment_leads_to_an_account_every_other_way_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    reached_by((), MAIN)
    monkeypatch.setenv("NUMCTL_ACCOUNT", SUB)
    assert command("set", "+14155550100", account=MAIN) == f"numctl set +14155550100 --account {MAIN}"
    assert command("set", "+14155550100", account=SUB) == f"numctl set +14155550100 --account {SUB}"
    assert command("undo", "7k2") == "numctl undo 7k2"
    monkeypatch.setenv("NUMCTL_ACCOUNT", "")
    assert command("set", "+14155550100", account=MAIN) == "numctl set +14155550100"


@given(st.lists(st.text()), st.text(min_size=1))
def test_a_shell_reads_every_word_as_it_was_meant(words: list[str], profile: str) -> None:
    reached_by(("--profile", profile), None)
    assert shlex.split(command(*words)) == ["numctl", *words, "--profile", profile]
