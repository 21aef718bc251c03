"""--max and NUMCTL_MAX: a plan of more changes is refused before anything is sent."""

from __future__ import annotations

import pytest

from tests.cli.program import BRANCH, FRONT_DESK, SUPPORT, numctl, sandbox

URL = "https://new.example.net/voice"
NUMBERS = (FRONT_DESK, SUPPORT)
SHEET = "phone_number,voice_url\n" + "".join(f"{number},{URL}\n" for number in NUMBERS)
VERBS = {
    "set": (["set", *NUMBERS, "--voice-url", URL], ""),
    "release": (["release", *NUMBERS], ""),
    "transfer": (["transfer", *NUMBERS, "--to", BRANCH], ""),
    "apply": (["apply", "-"], SHEET),
    "buy": (["buy", "+14155550123", "+14155550124"], ""),
    "buy --area-code": (["buy", "--area-code", "415", "--count", "2"], ""),
}


def run(verb: str, *words: str, most: str = "", **options: str) -> tuple[int, str, str]:
    asked, stdin = VERBS[verb]
    ended = sandbox(*asked, *words, stdin=stdin, env={"NUMCTL_MAX": most})
    return ended.code, ended.out, ended.said


@pytest.mark.parametrize("verb", VERBS)
def test_the_variable_bounds_the_plan_of_every_verb(verb: str) -> None:
    code, out, said = run(verb, "--yes", most="1")
    assert (code, out) == (2, "")
    assert said.splitlines()[-1] == "numctl: the plan has 2 changes, NUMCTL_MAX allows 1; nothing was sent"
    assert sandbox("history", "-q").out == ""
    assert run(verb, "--yes", "-q", most="2")[0] == 0


def test_the_variable_bounds_an_undo() -> None:
    assert run("set", "--yes")[0] == 0
    ended = sandbox("undo", "--yes", env={"NUMCTL_MAX": "1"})
    assert (ended.code, ended.out) == (2, "")
    assert ended.said == "numctl: the plan has 2 changes, NUMCTL_MAX allows 1; nothing was sent\n"


@pytest.mark.parametrize(("option", "variable", "code"), [("2", "1", 0), ("1", "2", 2), ("2", "many", 0)])
def test_the_option_wins(option: str, variable: str, code: int) -> None:
    assert run("set", "--yes", "-q", "--max", option, most=variable)[0] == code


@pytest.mark.parametrize("text", ["many", "-1", "1.5", "٣", " 2"])
def test_a_variable_that_is_no_number_is_named_before_anything_is_asked(text: str) -> None:
    said = f"numctl: NUMCTL_MAX is {text!r}: give a whole number, such as 20\n"
    assert run("set", "--yes", most=text) == (3, "", said)


def test_a_verb_without_the_option_does_not_read_the_variable() -> None:
    assert numctl("history", "-q", env={"NUMCTL_MAX": "many"}).code == 0
