"""What one run writes into the history, and what it does when that is not possible."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from numctl.changes import plan
from numctl.changes.change import Change, Result
from numctl.changes.recorder import JournalRecorder, NoRecorder, open_recorder, record_settled
from numctl.errors import AuthError, OutcomeUnknown, Refused
from numctl.history.journal import RunInfo
from numctl.history.reader import History
from numctl.model.outcome import Outcome
from tests.fakes import ADDRESS, MAIN, SMS, SUB, VOICE, a_record, number_of, sid_of

INFO = RunInfo("work", MAIN, "set", "numctl set", user="ada", host="desk")
SETTING = plan.setting(a_record(1), {"voice_url": SMS})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.sqlite3"


def opened(path: Path) -> JournalRecorder:
    recorder = open_recorder(path, INFO, {})
    assert isinstance(recorder, JournalRecorder)
    return recorder


def written(path: Path, run_id: str | None) -> list[dict[str, Any]]:
    with History.open(path) as history:
        rows = list(history.changes(run_id or ""))
    return [{name: row[name] for name in row if name not in ("started", "ended")} for row in rows]


def recorded(path: Path, change: Change, result: Result | None) -> dict[str, Any]:
    recorder = opened(path)
    entry = recorder.begin(change)
    if result:
        recorder.end(entry, result)
    recorder.close()
    (row,) = written(path, recorder.run_id)
    return row


def test_a_change_is_written_with_before_wanted_and_after(path: Path) -> None:
    after = a_record(1, voice_url=SMS)
    assert recorded(path, SETTING, Result(SETTING, Outcome.CHANGED, after)) == {
        "phone_number": number_of(1),
        "sid": sid_of(1),
        "operation": "set",
        "before": a_record(1),
        "wanted": {"voice_url": SMS},
        "after": after,
        "outcome": "changed",
        "error": None,
        "account_sid": MAIN,
    }


def test_a_purchase_gets_the_sid_that_it_turned_out_to_have(path: Path) -> None:
    change = plan.buying(MAIN, number_of(7), {"voice_url": VOICE})
    row = recorded(path, change, Result(change, Outcome.BOUGHT, a_record(7)))
    assert (row["sid"], row["before"], row["after"]) == (sid_of(7), None, a_record(7))


def test_a_move_is_written_with_its_target_and_marks_beside_what_was_wanted(path: Path) -> None:
    change = plan.transferring(a_record(1), SUB, {"address_sid": ADDRESS})
    change = replace(change, marks={"area_code": "415"})
    row = recorded(path, change, Result(change, Outcome.TRANSFERRED, a_record(1, account=SUB)))
    assert row["wanted"] == {"address_sid": ADDRESS, "account_sid": SUB, "area_code": "415"}
    assert row["account_sid"] == MAIN


def test_a_failure_is_written_with_its_error(path: Path) -> None:
    error = Refused("no", hint="mend it", status=400, code=21402)
    row = recorded(path, SETTING, Result(SETTING, Outcome.FAILED, a_record(1), error))
    assert (row["outcome"], row["error"]) == ("failed", error.as_json())


def test_what_needs_no_request_is_written_with_its_outcome_and_its_reason(path: Path) -> None:
    recorder = opened(path)
    unchanged = plan.setting(a_record(1), {"voice_url": VOICE})
    skipped = replace(SETTING, settled=Outcome.SKIPPED, reason=Refused("changed since"))
    record_settled(recorder, [unchanged, SETTING, skipped])
    recorder.close()
    rows = written(path, recorder.run_id)
    assert [(row["outcome"], row["before"] == row["after"]) for row in rows] == [("unchanged", True), ("skipped", True)]
    assert [row["error"] and row["error"]["message"] for row in rows] == [None, "changed since"]


def test_a_change_without_an_end_is_unknown(path: Path) -> None:
    row = recorded(path, SETTING, None)
    assert (row["outcome"], row["after"], row["error"]) == ("unknown", None, None)


def test_a_run_that_changed_nothing_is_not_written(path: Path) -> None:
    opened(path).close()
    with History.open(path) as history:
        assert list(history.runs()) == []


def test_an_end_that_cannot_be_written_is_kept_as_trouble_and_does_not_stop_the_run(path: Path) -> None:
    recorder = opened(path)
    entry = recorder.begin(SETTING)
    recorder.close()
    recorder.end(entry, Result(SETTING, Outcome.CHANGED, a_record(1)))
    assert isinstance(recorder.trouble, OutcomeUnknown)
    assert str(path) in recorder.trouble.message


def test_a_beginning_that_cannot_be_written_is_refused(path: Path) -> None:
    recorder = opened(path)
    recorder.close()
    with pytest.raises(Refused, match=path.name):
        recorder.begin(SETTING)


def test_a_history_that_cannot_be_opened_is_refused_before_anything_is_sent(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(Refused) as caught:
        open_recorder(path, INFO, {})
    assert str(path) in caught.value.message


@pytest.mark.parametrize("asked", ["", "on"])
def test_the_history_is_kept_unless_it_is_switched_off(path: Path, asked: str) -> None:
    recorder = open_recorder(path, INFO, {"NUMCTL_HISTORY": asked})
    assert isinstance(recorder, JournalRecorder)
    assert recorder.run_id
    recorder.close()


@pytest.mark.parametrize("asked", ["off", "OFF", "no", "0", "false"])
def test_without_a_history_nothing_is_written_and_there_is_no_run_to_undo(path: Path, asked: str) -> None:
    recorder = open_recorder(path, INFO, {"NUMCTL_HISTORY": asked})
    assert isinstance(recorder, NoRecorder)
    recorder.end(recorder.begin(SETTING), Result(SETTING, Outcome.CHANGED))
    record_settled(recorder, [replace(SETTING, settled=Outcome.UNCHANGED)])
    recorder.close()
    assert (recorder.run_id, recorder.trouble, path.parent.exists()) == (None, None, False)


@pytest.mark.parametrize("asked", ["never", "of", "2"])
def test_a_wish_about_the_history_that_says_neither_names_the_variable(path: Path, asked: str) -> None:
    with pytest.raises(AuthError) as caught:
        open_recorder(path, INFO, {"NUMCTL_HISTORY": asked})
    assert caught.value.message == f"NUMCTL_HISTORY is {asked!r}: use on or off"
    assert not path.exists()
