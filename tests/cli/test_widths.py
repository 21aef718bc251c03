"""No line is wider than the terminal, whatever is shown, but for a single word that fits nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from numctl.cli.tree import describe
from tests.cli.program import BRANCH, FRONT_DESK
from tests.cli.screen import WIDTHS, screen, too_wide

HOSTED, UNSET = "+13055550108", "+16175550106"
URL = "https://calls.fabrikam.com/voice/of/the/front/desk/and/all/others?language=en&queue=support"
NAME = "A friendly name of as many characters as a friendly name has, 64"
MISSING = "+14155550199"

SHOWN = [
    "list",
    "list --all-accounts",
    "list --limit 2",
    "list --fields phone_number,voice_url,sms_url,account_sid",
    "list --where friendly_name=nothing",
    f"show {FRONT_DESK}",
    f"show {HOSTED}",
    "search",
    "search US --area-code 415",
    "search --countries",
    f"buy +14155550151 --voice-url {URL} --yes",
    "buy +14155550151 +14155559999 --yes",
    "buy --area-code 416 --count 12 --yes",
    "buy +442079460000 --dry-run",
    f"set {FRONT_DESK} --voice-url {URL}",
    f"set {FRONT_DESK} {HOSTED} {UNSET} --voice-url {URL} --dry-run",
    f"set {FRONT_DESK} --clear voice_url,sms_url --dry-run",
    f"set {FRONT_DESK} --voice-url http://localhost/ --dry-run",
    f"release {FRONT_DESK} {HOSTED} --dry-run",
    f"release {FRONT_DESK} --yes",
    f"transfer {FRONT_DESK} --to {BRANCH} --dry-run",
    f"transfer {FRONT_DESK} {UNSET} --to {BRANCH} --yes",
    "apply SHEET --dry-run",
    "apply SHEET --yes",
    "apply WRONG",
    "history",
    "history RUN",
    f"history --number {FRONT_DESK}",
    "undo --dry-run",
    "undo --yes",
    "audit",
    "audit --severity error",
    "whoami",
    "accounts",
    "doctor",
    "sandbox reset",
]
"""What every command shows; one run was made before."""

WRONG = [
    "lst",
    "list --filds sid",
    "list --fields voice_ur",
    "list --where friendly=x",
    f"show {MISSING}",
    "show Reception",
    "show 4155550100",
    "search UK",
    f"set {FRONT_DESK}",
    f"set {FRONT_DESK} --voice-url ''",
    f"set {FRONT_DESK} --voice-url ftp://files.example.com/a/path/that/is/long",
    f"set {FRONT_DESK} --clear voice_method",
    f"set {FRONT_DESK} --voice-method PUT",
    f"set {FRONT_DESK} {MISSING} --friendly-name X --yes",
    f"release {FRONT_DESK}",
    f"release {MISSING} --yes",
    f"transfer {FRONT_DESK} --to Nowhere --yes",
    "apply nothing.csv",
    "history 577zzzzzzzz",
    "undo 577zzzzzzzz",
    "audit --rule plain-htp",
    "list --account Nowhere",
    "list --profile nobody --limit 1",
    "buy --area-code 999 --count 3 --yes",
    "login --account-sid AC1",
]

SHEET = f"""\
phone_number,friendly_name,voice_url,status
{FRONT_DESK},{NAME},{URL},in-use
{HOSTED},Clinic,http://192.168.0.1/voice,released
"""
FAULTY = f"phone_number,freindly_name,voice_url\n{FRONT_DESK},x,nowhere\n1.4E+10,y,{URL}\n"


def check(line: str, folder: Path) -> None:
    """Show a command at every width, each time in the same state."""
    run = screen("set", FRONT_DESK, "--friendly-name", NAME, "--json", terminal=False).json[0]["run"]
    paths = {"SHEET": folder / "sheet.csv", "WRONG": folder / "wrong.csv"}
    paths["SHEET"].write_text(SHEET, encoding="utf-8")
    paths["WRONG"].write_text(FAULTY, encoding="utf-8")
    words = [str(paths.get(word, run if word == "RUN" else "" if word == "''" else word)) for word in line.split()]
    for columns in WIDTHS:
        ended = screen(*words, columns=columns, err_terminal=True)
        assert (columns, too_wide(ended.out, columns), too_wide(ended.err, columns)) == (columns, [], [])
        assert ended.out + ended.err


@pytest.mark.parametrize("line", SHOWN)
def test_what_a_command_shows_fits_the_terminal(line: str, tmp_path: Path) -> None:
    check(line, tmp_path)


@pytest.mark.parametrize("line", WRONG)
def test_what_is_said_of_an_error_fits_the_terminal(line: str, tmp_path: Path) -> None:
    check(line, tmp_path)


def test_every_command_is_shown_here_or_is_a_script() -> None:
    shown = {line.split()[0] for line in SHOWN + WRONG}
    assert {command.path[0] for command in describe().commands} - shown == {"completion", "logout"}
