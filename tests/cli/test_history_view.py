"""The history on a terminal: whole screens in colour and without, and the width."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from numctl.history.file import sandbox_history_path
from numctl.history.journal import Journal, RunInfo
from numctl.model.number import Record
from tests.cli.program import BRANCH, FRONT_DESK, MAIN, SANDBOX_LINE, SUPPORT, TRUNKED, Ended
from tests.cli.screen import BOTH, WIDTHS, expected, screen, seeded, too_wide

BEGIN = datetime(2026, 11, 24, 9, 30, 12, tzinfo=UTC)


class Runs:
    """Runs written into the sandbox's history, a minute apart."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.journal = Journal.open(sandbox_history_path(), now=lambda: self.now)

    def add(self, verb: str, command: str, *changes: dict[str, Any], interrupted: bool = False) -> str:
        info = RunInfo("SANDBOX", MAIN, verb, f"numctl {command}", user="ops", host="build-1")
        run_id = self.journal.start(info)
        for change in changes:
            before, after = change.get("before"), change.get("after")
            named: dict[str, str] = before or after or {}
            entry = self.journal.begin(
                run_id,
                phone_number=named["phone_number"],
                sid=named["sid"],
                account_sid=MAIN,
                operation=change.get("operation", "set"),
                before=before,
                wanted=change.get("wanted", {}),
            )
            if change["outcome"]:
                self.journal.end(entry, outcome=change["outcome"], after=after, error=change.get("error"))
        if interrupted:
            self.journal.interrupt(run_id)
        self.now += timedelta(minutes=1)
        return run_id


def changed(record: Record, **wanted: Any) -> dict[str, Any]:
    return {"before": record, "wanted": wanted, "after": record | wanted, "outcome": "changed"}


@pytest.fixture
def runs() -> Iterator[Runs]:
    runs = Runs()
    with runs.journal:
        yield runs


def interrupted_run(runs: Runs) -> str:
    """Record a run over five numbers: done, with a side effect, unchanged, refused, and one without an end."""
    url = "https://calls.fabrikam.com/voice"
    desk, trunked, support = (seeded(number) for number in (FRONT_DESK, TRUNKED, SUPPORT))
    application = "AP" + "1" * 32
    refused = {"message": "+15125550105: not a valid URL (21402)", "exit_code": 1}
    reminders, hotline = seeded("+15125550105"), seeded("+18005550100")
    return runs.add(
        "set",
        f"set - --voice-url {url} --sandbox",
        changed(desk, voice_url=url),
        {
            "before": trunked,
            "wanted": {"voice_application_sid": application},
            "after": trunked | {"voice_application_sid": application, "trunk_sid": None},
            "outcome": "changed",
        },
        {"before": support, "wanted": {"voice_url": support["voice_url"]}, "after": support, "outcome": "unchanged"},
        {"before": reminders, "wanted": {"voice_url": url}, "outcome": "failed", "error": refused},
        {"before": hotline, "wanted": {"voice_url": url}, "outcome": None},
        interrupted=True,
    )


def shop_run(runs: Runs) -> str:
    """Record a run of other operations on four numbers."""
    bought = seeded("+16175550106", friendly_name="Boston")
    desk = seeded(FRONT_DESK)
    password = {"before": "https://ada:old@calls.fabrikam.com/", "after": "https://ada:new@calls.fabrikam.com/"}
    support = seeded(SUPPORT, voice_url=password["before"])
    return runs.add(
        "apply",
        "apply numbers.csv --sandbox",
        {"operation": "buy", "wanted": {"friendly_name": "Boston"}, "after": bought, "outcome": "bought"},
        {"operation": "release", "before": seeded(TRUNKED), "outcome": "released"},
        {
            "operation": "transfer",
            "before": desk,
            "wanted": {"account_sid": BRANCH},
            "after": desk | {"account_sid": BRANCH},
            "outcome": "transferred",
        },
        changed(support, voice_url=password["after"]),
    )


@BOTH
def test_the_history_lists_runs_in_local_time_and_marks_interrupted_ones(runs: Runs, color: bool) -> None:
    ids = {"first": interrupted_run(runs), "second": shop_run(runs)}
    shown = screen("history", columns=100, color=color)
    assert shown == Ended(0, expected("history", color=color, **ids), SANDBOX_LINE)


@BOTH
def test_an_interrupted_run_is_shown_number_by_number(runs: Runs, color: bool) -> None:
    run_id = interrupted_run(runs)
    shown = screen("history", run_id, color=color)
    assert shown == Ended(0, expected("history-interrupted", color=color, run=run_id), SANDBOX_LINE)


@BOTH
def test_purchases_and_releases_are_said_in_words_and_no_password_is_shown(runs: Runs, color: bool) -> None:
    run_id = shop_run(runs)
    shown = screen("history", run_id, color=color)
    assert shown == Ended(0, expected("history-operations", color=color, run=run_id), SANDBOX_LINE)


def test_a_field_that_was_to_be_cleared_and_was_not_set_is_no_change(runs: Runs) -> None:
    refused = {"message": "+14155550100: refused", "exit_code": 1}
    wanted = {"trunk_sid": "", "sms_url": ""}
    run_id = runs.add(
        "set", "set", {"before": seeded(FRONT_DESK), "wanted": wanted, "outcome": "failed", "error": refused}
    )
    assert screen("history", run_id).out.split("Front desk\n")[1] == (
        "  sms_url: https://voice.fabrikam.com/front-desk/messages → (not set)\n  failed: refused\n"
    )


@BOTH
def test_the_history_of_a_number_has_each_change_with_its_run(runs: Runs, color: bool) -> None:
    ids = {"first": interrupted_run(runs), "second": shop_run(runs)}
    shown = screen("history", "--number", FRONT_DESK, color=color)
    assert shown == Ended(0, expected("history-number", color=color, **ids), SANDBOX_LINE)
    latest = screen("history", "--number", FRONT_DESK, "--limit", "1").out
    assert (ids["second"] in latest, ids["first"] in latest) == (True, False)


def test_the_history_of_a_number_that_was_not_changed_is_empty(runs: Runs) -> None:
    interrupted_run(runs)
    shown = screen("history", "--number", "+14155550199")
    assert shown == Ended(0, "", f"{SANDBOX_LINE}numctl: history is empty\n")


def test_for_programs_the_history_of_a_number_is_the_runs_that_touched_it(runs: Runs) -> None:
    first, second = interrupted_run(runs), shop_run(runs)
    assert [run["id"] for run in screen("history", "--number", FRONT_DESK, "--json").json] == [second, first]
    assert screen("history", "--number", SUPPORT, "-q").out.split() == [second, first]
    assert screen("history", "--number", "+15125550105", terminal=False).out.splitlines()[1].split("\t")[0] == first


@pytest.mark.parametrize("columns", WIDTHS)
def test_the_history_is_never_wider_than_the_terminal(runs: Runs, columns: int) -> None:
    ids = [interrupted_run(runs), shop_run(runs)]
    for words in (["--number", FRONT_DESK], *([run_id] for run_id in ids)):
        assert too_wide(screen("history", *words, columns=columns).out, columns) == []
