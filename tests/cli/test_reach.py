"""Commands that numctl prints: pasted, they reach the account that they were meant for, and nothing else runs."""

from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from numctl.cli.reach import Reach, reach_by
from numctl.errors import Command
from tests.fakes import MAIN, SUB

SHOW = ("show", "+14155550100")


def test_the_account_in_force_is_not_named() -> None:
    reach = Reach((), MAIN)
    assert reach.line(Command(SHOW, MAIN)) == reach.line(Command(SHOW)) == "numctl show +14155550100"


def test_another_account_is_named() -> None:
    line = Reach((), MAIN).line(Command(("release", "+14155550100"), SUB))
    assert line == f"numctl release +14155550100 --account {SUB}"


def test_the_sandbox_and_the_profile_go_along() -> None:
    assert Reach(("--sandbox",), MAIN).line(Command(SHOW)) == "numctl show +14155550100 --sandbox"
    line = Reach(("--profile", "production"), MAIN).line(Command(("undo", "7k2"), SUB))
    assert line == f"numctl undo 7k2 --account {SUB} --profile production"


def test_where_the_environment_leads_to_an_account_every_account_is_named() -> None:
    reach = reach_by((), MAIN, {"NUMCTL_ACCOUNT": SUB})
    assert reach.line(Command(SHOW, MAIN)) == f"numctl show +14155550100 --account {MAIN}"
    assert reach.line(Command(SHOW, SUB)) == f"numctl show +14155550100 --account {SUB}"
    assert reach.line(Command(("undo", "7k2"))) == "numctl undo 7k2"
    assert reach_by((), MAIN, {"NUMCTL_ACCOUNT": ""}).line(Command(SHOW, MAIN)) == "numctl show +14155550100"


@given(st.lists(st.text()), st.text(min_size=1))
def test_a_shell_reads_every_word_as_it_was_meant(words: list[str], profile: str) -> None:
    line = Reach(("--profile", profile)).line(Command(tuple(words)))
    assert shlex.split(line, comments=True) == ["numctl", *words, "--profile", profile]
