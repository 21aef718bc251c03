"""list, history and audit on a terminal: what a narrow one leaves out, what is never cut, and what nothing says."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from numctl.text.paint import render
from tests.cli.program import FRONT_DESK, NUMCTL, SANDBOX_LINE, Ended, sandbox
from tests.cli.screen import expected
from tests.cli.test_prompts import ended, spawn

COLUMNS = ("id", "time", "user", "profile", "verb", "outcome", "numbers", "undone_by")


def screen(words: str, columns: int = 80) -> tuple[int, str]:
    """The exit code and what a terminal shows, without the line of the sandbox, which comes first."""
    child = spawn(f"{NUMCTL} {words}", columns)
    code, shown = ended(child), child.before.replace("\r\n", "\n")
    first = render([SANDBOX_LINE.rstrip()], width=columns)
    assert shown.startswith(first)
    return code, shown.removeprefix(first)


def one_run() -> dict[str, Any]:
    """Make a change, and return its run with the time as a table shows it."""
    sandbox("set", FRONT_DESK, "--voice-caller-id-lookup")
    (run,) = sandbox("history", "--json").json
    time = f"{run['time'][:10]} {run['time'][11:16]}Z"
    return {**run, "time": time, "began": run["time"][:19], "undone_by": ""}


def test_the_table_of_the_history_has_the_time_to_the_minute() -> None:
    run = one_run()
    row = "\t".join(str(run[name]) for name in COLUMNS)
    assert sandbox("history") == Ended(0, "\t".join(COLUMNS) + f"\n{row}\n", SANDBOX_LINE)


def test_the_history_of_a_run_shows_values_as_its_plan_did() -> None:
    run = one_run()
    (change,) = sandbox("history", run["id"], "--json").json
    fields = ("--fields", "phone_number,outcome,wanted")
    row = f"{FRONT_DESK}\tchanged\tvoice_caller_id_lookup: false → true"
    assert sandbox("history", run["id"], *fields) == Ended(0, f"phone_number\toutcome\twanted\n{row}\n", SANDBOX_LINE)
    values = [change[when]["voice_caller_id_lookup"] for when in ("before", "wanted")]
    assert values == [False, True]


def test_the_history_names_the_columns_that_a_narrow_terminal_has_no_room_for() -> None:
    run = one_run()
    assert screen("history", 70) == (
        0,
        "id           time                 verb  outcome  numbers  undone_by\n"
        f"{run['id']}  {run['began'].replace('T', ' ')}  set   changed  1        —\n"
        "numctl: hidden at this width: user, profile (choose with --fields)\n",
    )


def test_columns_that_were_asked_for_are_not_left_out_of_a_narrow_terminal() -> None:
    run = one_run()
    shown = f"id           profile\n{run['id']}  SANDBOX\n"
    assert screen("history --fields id,profile", 30) == (0, shown)


def test_a_list_names_the_columns_that_a_narrow_terminal_has_no_room_for() -> None:
    code, shown = screen("list", 60)
    header, *rows, said, more = shown.splitlines()
    assert (code, header.split(), len(rows)) == (0, ["phone_number", "friendly_name", "capabilities"], 12)
    assert (said, more) == ("numctl: hidden at this width: calls, messages (choose with", "  --fields)")


@pytest.mark.parametrize(
    ("words", "said", "header"),
    [
        ("history", "history is empty", COLUMNS),
        ("history --since 1h", "history is empty", COLUMNS),
        ("list --friendly-name nobody --fields sid", "no numbers match", ("sid",)),
        ("list --where trunk_sid=x --fields sid", "no numbers match", ("sid",)),
    ],
)
def test_where_there_is_nothing_a_terminal_is_told_and_a_pipe_is_not(
    words: str, said: str, header: tuple[str, ...]
) -> None:
    assert screen(words) == (0, f"numctl: {said}\n")
    assert sandbox(*words.split()) == Ended(0, "\t".join(header) + "\n", SANDBOX_LINE)


def test_an_account_without_numbers_is_told_on_a_terminal_and_not_in_a_pipe() -> None:
    sandbox("sandbox", "load", "-", stdin=json.dumps([]))
    assert screen("list") == (0, "numctl: no numbers\n")
    assert sandbox("list", "--fields", "sid") == Ended(0, "sid\n", SANDBOX_LINE)


def test_an_audit_fits_a_terminal_of_eighty_columns() -> None:
    assert screen("audit") == (0, expected("audit"))


def test_a_terminal_shows_the_history_in_the_local_time_zone() -> None:
    run = one_run()
    began = datetime.fromisoformat(run["began"]) + timedelta(hours=5, minutes=30)
    child = spawn(f"TZ=IST-5:30 {NUMCTL} history {run['id']}")
    child.expect_exact(f"run {run['id']}: set, changed\r\n  time:      {began:%Y-%m-%d %H:%M:%S}\r\n")
    assert ended(child) == 0
