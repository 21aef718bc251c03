"""What the journal writes: before and after each change, from many hands, and whatever ends the process."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import numctl
from numctl.errors import ExitCode, OutcomeUnknown, Refused
from numctl.history.journal import Journal, RunInfo, new_id, stamp
from numctl.history.reader import History
from tests.examples import fewer_examples
from tests.texts import ANY_TEXT, arrived

ACCOUNT = "AC" + "1" * 32
SID = "PN" + "2" * 32
NUMBER = "+14155550100"
NOON = datetime(2024, 5, 31, 12, tzinfo=UTC)
BEFORE = {"sid": SID, "friendly_name": "Front desk", "voice_url": None, "capabilities": {"voice": True}}


def a_run(**given: Any) -> RunInfo:
    parts = {"profile": "work", "account_sid": ACCOUNT, "verb": "set", "command": "numctl set", "user": "ada"}
    return RunInfo(**{**parts, "host": "desk", **given})


def begin(journal: Journal, run_id: str, number: str = NUMBER, **given: Any) -> int:
    parts = {
        "sid": SID,
        "account_sid": ACCOUNT,
        "operation": "set",
        "before": BEFORE,
        "wanted": {"sms_url": ""},
    }
    return journal.begin(run_id, phone_number=number, **{**parts, **given})


def changes(path: Path, run_id: str) -> list[dict[str, Any]]:
    with History.open(path) as history:
        return list(history.changes(run_id))


def runs(path: Path) -> list[dict[str, Any]]:
    with History.open(path) as history:
        return list(history.runs())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.sqlite3"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.open(path, now=lambda: NOON) as opened:
        yield opened


def test_a_change_is_in_the_history_before_it_has_an_end(journal: Journal, path: Path) -> None:
    run_id = journal.start(a_run())
    begin(journal, run_id)
    assert changes(path, run_id) == [
        {
            "phone_number": NUMBER,
            "sid": SID,
            "operation": "set",
            "before": BEFORE,
            "wanted": {"sms_url": ""},
            "after": None,
            "outcome": "unknown",
            "error": None,
            "started": "2024-05-31T12:00:00.000Z",
            "ended": None,
            "account_sid": ACCOUNT,
        }
    ]


def test_the_end_adds_the_outcome_the_sid_of_a_purchase_and_the_record(journal: Journal, path: Path) -> None:
    run_id = journal.start(a_run(verb="buy"))
    entry = begin(journal, run_id, sid=None, operation="buy", before=None)
    journal.end(entry, outcome="bought", sid=SID, after=BEFORE)
    (change,) = changes(path, run_id)
    assert (change["outcome"], change["sid"], change["before"], change["after"]) == (
        "bought",
        SID,
        None,
        BEFORE,
    )
    assert change["ended"] == "2024-05-31T12:00:00.000Z"


def test_a_failure_keeps_its_error_and_the_sid_that_was_known(journal: Journal, path: Path) -> None:
    run_id = journal.start(a_run())
    error = {"exit_code": 1, "message": "refused", "status": 400, "code": 21212}
    journal.end(begin(journal, run_id), outcome="failed", error=error)
    (change,) = changes(path, run_id)
    assert (change["outcome"], change["error"], change["sid"], change["after"]) == (
        "failed",
        error,
        SID,
        None,
    )


def test_a_run_that_sent_nothing_leaves_no_trace(journal: Journal, path: Path) -> None:
    journal.start(a_run())
    assert runs(path) == []


def test_a_run_is_written_with_who_did_what_and_where(journal: Journal, path: Path) -> None:
    run_id = journal.start(a_run(command="numctl undo 5x", verb="undo", undoes="5x"))
    begin(journal, run_id)
    assert runs(path) == [
        {
            "id": run_id,
            "time": "2024-05-31T12:00:00.000Z",
            "user": "ada",
            "host": "desk",
            "profile": "work",
            "account_sid": ACCOUNT,
            "verb": "undo",
            "command": "numctl undo 5x",
            "outcome": "unknown",
            "numbers": 1,
            "undoes": "5x",
            "undone_by": None,
        }
    ]


def test_user_and_host_are_those_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "grace")
    monkeypatch.setattr("socket.gethostname", lambda: "laptop")
    run = RunInfo(profile=None, account_sid=ACCOUNT, verb="set", command="numctl set")
    assert (run.user, run.host, run.undoes) == ("grace", "laptop", None)


def test_an_unknown_user_does_not_stop_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert RunInfo(profile=None, account_sid=ACCOUNT, verb="set", command="numctl set").user == ""


def test_no_token_reaches_the_file(journal: Journal, path: Path) -> None:
    begin(journal, journal.start(a_run()), before={**BEFORE, "auth_token": "fictional-token-0123"})
    journal.close()
    assert b"fictional-token-0123" not in path.read_bytes()


def test_ids_are_short_typeable_and_in_the_order_of_time() -> None:
    ids = [new_id(NOON + timedelta(milliseconds=10 * step)) for step in range(200)]
    assert ids == sorted(ids)
    assert len({new_id(NOON) for _ in range(20)}) > 1
    assert all(len(id) == 11 and set(id) <= set("0123456789abcdefghjkmnpqrstvwxyz") for id in ids)


def test_times_are_written_in_utc_whatever_the_zone() -> None:
    assert stamp(datetime.fromisoformat("2024-05-31T14:00:00.0019+02:00")) == "2024-05-31T12:00:00.001Z"


def test_one_transaction_for_a_begin_and_one_for_an_end(path: Path) -> None:
    statements: list[str] = []
    with Journal.open(path) as journal:
        journal._connection.set_trace_callback(statements.append)
        run_id = journal.start(a_run())
        entries = [begin(journal, run_id), begin(journal, run_id)]
        for entry in entries:
            journal.end(entry, outcome="changed", after=BEFORE)
    words = [statement.split()[0] for statement in statements]
    assert [word for word in words if word != "PRAGMA"] == [
        *("BEGIN", "INSERT", "INSERT", "COMMIT"),
        *("INSERT", "UPDATE", "UPDATE"),
    ]


NAMES = ANY_TEXT | st.text(st.characters(categories=["Cs", "Cc", "Cf", "So"]), max_size=8).map(arrived)


@fewer_examples(2)
@given(name=NAMES, command=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, name: str, command: str) -> None:
    path = tmp_path_factory.mktemp("any") / "history.sqlite3"
    with Journal.open(path) as journal:
        run_id = journal.start(a_run(command=command, user=command))
        entry = begin(journal, run_id, before={"friendly_name": name}, wanted={"friendly_name": name})
        journal.end(entry, outcome="changed", after={name: name}, error={"message": name})
    (change,) = changes(path, run_id)
    assert (change["before"], change["wanted"]) == ({"friendly_name": name}, {"friendly_name": name})
    assert (change["after"], change["error"]) == ({name: name}, {"message": name})
    assert [(run["command"], run["user"]) for run in runs(path)] == [(command, command)]


def test_an_argument_that_is_not_utf_8_is_written_readably(journal: Journal, path: Path) -> None:
    begin(journal, journal.start(a_run(command="numctl set --friendly-name \udcff")))
    assert [run["command"] for run in runs(path)] == ["numctl set --friendly-name \\udcff"]


def test_threads_share_one_journal(path: Path) -> None:
    with Journal.open(path) as journal:
        run_id = journal.start(a_run())

        def work(lane: int) -> None:
            for step in range(100):
                entry = begin(journal, run_id, f"+1415555{lane}{step:03}")
                journal.end(entry, outcome="changed", after={"friendly_name": f"{lane}-{step}"})

        threads = [threading.Thread(target=work, args=(lane,)) for lane in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = changes(path, run_id)
    assert len(found) == 200
    assert all(c["after"]["friendly_name"] == f"{c['phone_number'][8]}-{int(c['phone_number'][9:])}" for c in found)
    assert [(run["outcome"], run["numbers"]) for run in runs(path)] == [("changed", 200)]


WRITER = """
import sys
from pathlib import Path
from numctl.history.journal import Journal, RunInfo
path, count = Path(sys.argv[1]), int(sys.argv[2])
with Journal.open(path) as journal:
    run_id = journal.start(RunInfo("work", "AC1", "set", "numctl set"))
    for step in range(count):
        entry = journal.begin(run_id, phone_number=f"+1415{step:07}", sid=f"PN{step:032x}", account_sid="AC1",
                              operation="set", before={"friendly_name": "x" * 3000}, wanted={})
        sys.stdout.write(f"{run_id} {step}\\n")
        sys.stdout.flush()
        if step % 2:
            journal.end(entry, outcome="changed", after={"friendly_name": "y" * 3000})
"""


def writer(path: Path, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(numctl.__file__).parents[1])


def test_several_processes_write_at_once_and_none_waits_in_vain(path: Path) -> None:
    processes = [writer(path, 200) for _ in range(4)]
    printed = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    ids = {output.split()[0] for output in printed}
    assert {run["id"] for run in runs(path)} == ids
    for run_id in ids:
        outcomes = [change["outcome"] for change in changes(path, run_id)]
        assert outcomes == ["unknown", "changed"] * 100


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("moment", [1, 2, 40, 333])
def test_a_kill_loses_no_change_that_was_begun(path: Path, moment: int) -> None:
    process = writer(path, 100_000)
    assert process.stdout is not None
    printed = [process.stdout.readline() for _ in range(moment)]
    os.kill(process.pid, signal.SIGKILL)
    printed += process.stdout.read().splitlines()
    process.wait()
    process.stdout.close()
    announced = [int(line.split()[1]) for line in printed if len(line.split()) == 2]
    found = changes(path, printed[0].split()[0])
    begun = [int(change["phone_number"][5:]) for change in found]
    assert begun == list(range(len(begun)))
    assert len(begun) in (announced[-1] + 1, announced[-1] + 2)
    ended = [change["outcome"] == "changed" for change in found]
    assert ended[:-2] == [bool(step % 2) for step in begun[:-2]]
    with Journal.open(path) as journal:
        begin(journal, journal.start(a_run()))
    assert len(runs(path)) == 2


def test_a_begin_that_cannot_be_written_is_refused_and_leaves_no_run(path: Path) -> None:
    with Journal.open(path, patience=0.05) as journal:
        run_id = journal.start(a_run())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Refused) as refused:
            begin(journal, run_id)
        other.execute("ROLLBACK")
        other.close()
        assert refused.value.message == f"{path}: the history cannot be used: another program is using it"
        assert refused.value.hint == "try again when it has finished; NUMCTL_HISTORY=off works without the history"
        assert runs(path) == []
        begin(journal, run_id)
        assert [run["id"] for run in runs(path)] == [run_id]


def test_an_end_that_cannot_be_written_is_an_unknown_outcome(path: Path) -> None:
    journal = Journal.open(path)
    entry = begin(journal, journal.start(a_run()))
    journal.close()
    journal.close()
    with pytest.raises(OutcomeUnknown) as unknown:
        journal.end(entry, outcome="changed")
    assert unknown.value.exit_code == ExitCode.UNKNOWN
    assert unknown.value.message == f"{path}: the history cannot be used: it is closed"


def test_each_change_is_on_the_disk_before_it_is_sent(path: Path) -> None:
    """SQLite writes a transaction to the disk itself (synchronous = FULL, 2) where a change begins."""
    levels: list[tuple[str, int]] = []
    with Journal.open(path) as journal:
        connection = journal._connection

        def note(statement: str) -> None:
            word = statement.split()[0]
            if word in ("INSERT", "UPDATE"):
                connection.set_trace_callback(None)
                levels.append((word, connection.execute("PRAGMA synchronous").fetchone()[0]))
                connection.set_trace_callback(note)

        run_id = journal.start(a_run())
        entries = []
        for number in (NUMBER, "+14155550101"):
            connection.set_trace_callback(note)
            entries.append(begin(journal, run_id, number))
            connection.set_trace_callback(None)
            journal.end(entries[-1], outcome="changed")
    assert set(levels) == {("INSERT", 2)}
    assert len(levels) == 3
