"""Plans and results on a terminal of 80 columns: whole screens, in colour and without."""

from __future__ import annotations

import re
from pathlib import Path

import pexpect
import pytest

from tests.cli.program import BRANCH, FRONT_DESK
from tests.cli.screen import BOTH, expected, screen
from tools.terminal import on_terminal

HOSTED, UNSET, WAREHOUSE = "+13055550108", "+16175550106", "+15035550111"
TOLD = re.compile(r"numctl: sandbox: .*\n(  .*\n)*")
RUN = re.compile(r"\b5[0-9a-z]{10}\b")
TODAY = re.compile(r"(bought +)20\d\d-\d\d-\d\d")
SHEET = f"""\
phone_number,friendly_name,voice_url,sms_url
{FRONT_DESK},Reception,https://voice.fabrikam.com/front-desk,
{UNSET},Mill street,https://voice.fabrikam.com/mill-street,
{WAREHOUSE},"Warehouse, Portland",http://192.168.0.7/voice,
"""


def shown(*words: str, color: bool) -> tuple[int, str]:
    """What standard error and then standard output show, without what varies."""
    ended = screen(*words, color=color, err_terminal=True)
    return ended.code, RUN.sub("577300kq2z9", TOLD.sub("", ended.err, count=1) + ended.out)


@BOTH
def test_the_plan_of_a_sheet(color: bool, tmp_path: Path) -> None:
    sheet = tmp_path / "numbers.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    assert shown("apply", str(sheet), "--dry-run", color=color) == (0, expected("plan-apply", color=color))


@BOTH
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plan-set", ("set", FRONT_DESK, HOSTED, UNSET, "--voice-url", "https://calls.fabrikam.com/in")),
        ("plan-release", ("release", FRONT_DESK, UNSET)),
        ("plan-transfer", ("transfer", FRONT_DESK, "--to", BRANCH)),
        ("plan-buy", ("buy", "+14155550151", "+14155550174", "--friendly-name", "Support")),
    ],
)
def test_the_plan_of_a_command(name: str, words: tuple[str, ...], color: bool) -> None:
    assert shown(*words, "--dry-run", color=color) == (0, expected(name, color=color))


@BOTH
def test_the_results_of_a_run_in_which_one_number_fails(color: bool) -> None:
    words = ("buy", "+14155550151", "+14155550174", "+14155559999", "--yes")
    assert shown(*words, color=color) == (6, expected("results-failed", color=color))


@BOTH
def test_of_many_results_only_those_that_need_attention_are_shown(color: bool) -> None:
    offered = screen("search", "US", "--area-code", "415", "--limit", "11", "-q", terminal=False).out.split()
    words = ("buy", *offered, "+14155559999", "--yes", "--friendly-name", "Desk")
    code, text = shown(*words, color=color)
    told = re.sub(r"\x1b\[\?25l.*\x1b\[1A\x1b\[2K", "", text, flags=re.DOTALL)  # the bar comes and goes
    assert (code, told) == (6, expected("results-many", color=color))


@BOTH
def test_the_results_of_a_release_say_how_to_go_on(color: bool) -> None:
    assert shown("release", FRONT_DESK, UNSET, "--yes", color=color) == (0, expected("results-release", color=color))


@pytest.mark.skipif(not hasattr(pexpect, "spawn"), reason="there are no pseudo-terminals here")
@BOTH
def test_a_plan_its_question_and_its_results_on_a_real_terminal(color: bool, tmp_path: Path) -> None:
    words = f"numctl set {FRONT_DESK} {WAREHOUSE} --voice-url https://calls.fabrikam.com/in"
    text = on_terminal(words, tmp_path, width=80, color=color, answers=("y",))
    assert RUN.sub("577300kq2z9", TOLD.sub("", text, count=1)) == expected("plan-question", color=color)
