"""The history's file: made private, known for numctl's own, and left alone where it is not."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import numctl
from numctl.errors import ExitCode, Refused
from numctl.history import file
from numctl.history.file import APPLICATION_ID, VERSION, history_path, is_kept
from numctl.history.journal import Journal, RunInfo
from numctl.history.pruning import prune
from numctl.history.reader import History
from numctl.system import files
from numctl.system.sqlite import connect

OFF = "NUMCTL_HISTORY=off"
NOBODY = 65534
posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.sqlite3"


def begin_one(journal: Journal, run_id: str) -> None:
    names = {"phone_number": "+14155550100", "sid": "PN1", "account_sid": "AC1", "operation": "set"}
    journal.begin(run_id, **names, before=None, wanted={})


def write_one(path: Path) -> str:
    with Journal.open(path) as journal:
        run_id = journal.start(RunInfo("work", "AC1", "set", "numctl set"))
        begin_one(journal, run_id)
    return run_id


def make_other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE runs (number)")
    connection.commit()
    connection.close()


def make_newer(path: Path) -> None:
    write_one(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()


def make_truncated(path: Path) -> None:
    write_one(path)
    path.write_bytes(path.read_bytes()[:1000])


def make_marked_only(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("CREATE TABLE notes (text)")
    connection.close()


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (
        lambda path: path.write_bytes(b"notes of mine\n"),
        "the history cannot be used: it is not a numctl history",
    ),
    "one byte": (lambda path: path.write_bytes(b" "), "is not a numctl history; it was left as it is"),
    "zeros": (lambda path: path.write_bytes(bytes(8192)), "the history cannot be used: it is not a numctl history"),
    "another program's": (make_other_database, "is not a numctl history; it was left as it is"),
    "newer": (make_newer, "was written by a newer numctl; it was left as it is"),
    "truncated": (make_truncated, "the history cannot be used: it is"),
    "without tables": (make_marked_only, "the history cannot be used: it is damaged"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_not_a_history_is_refused_and_left_as_it_was(path: Path, kind: str) -> None:
    make, why = FILES[kind]
    path.parent.mkdir()
    make(path)
    content = path.read_bytes()
    for use in (Journal.open, lambda path: list(History.open(path).runs()), lambda path: prune(path, 0)):
        with pytest.raises(Refused) as refused:
            use(path)
        assert refused.value.message.startswith(f"{path}: {why}")
        assert refused.value.exit_code == ExitCode.REFUSED
        assert OFF in (refused.value.hint or "")
        assert path.read_bytes() == content


@posix_only
def test_a_link_is_refused_and_what_it_points_to_is_left_alone(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    write_one(target)
    content = target.read_bytes()
    path.parent.mkdir()
    path.symlink_to(target)
    with pytest.raises(Refused) as refused:
        Journal.open(path)
    assert refused.value.message == f"{path}: is a symbolic link, but numctl keeps a file there"
    assert OFF in (refused.value.hint or "")
    assert target.read_bytes() == content


def test_a_folder_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(Refused, match="is a folder") as refused:
        Journal.open(path)
    assert OFF in (refused.value.hint or "")
    assert list(path.iterdir()) == []


def test_a_place_where_no_folder_can_be_made_is_refused(path: Path) -> None:
    path.parent.write_text("a file, where the folder would be")
    with pytest.raises(Refused) as refused:
        Journal.open(path)
    assert str(path.parent) in refused.value.message
    assert OFF in (refused.value.hint or "")


@posix_only
def test_only_the_owner_may_read_it(path: Path) -> None:
    with Journal.open(path):
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


@pytest.fixture
def own_path(path: Path) -> Iterator[Path]:
    """Give a file of a user whom permissions bind: they do not bind root, who becomes nobody for the test."""
    with tempfile.TemporaryDirectory() as folder:
        root = os.geteuid() == 0
        if root:
            load_all(path)
            os.chown(folder, NOBODY, -1)
            os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield Path(folder) / "state" / "history.sqlite3"
        finally:
            if root:
                os.setresuid(0, 0, 0)


def load_all(path: Path) -> None:
    """Load what opening a history loads: a Python in root's home can't be read as nobody."""
    write_one(path)
    prune(path, 0)
    with History.open(path) as history:
        list(history.runs())


@posix_only
@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o400, 0o500), (0o400, 0o700), (0o600, 0o500)])
def test_a_file_that_may_not_be_written_is_refused_and_still_read(
    own_path: Path, file_mode: int, folder_mode: int
) -> None:
    run_id = write_one(own_path)
    content = own_path.read_bytes()
    own_path.chmod(file_mode)
    own_path.parent.chmod(folder_mode)
    try:
        with pytest.raises(Refused, match="the history cannot be used: it is not writable"):
            Journal.open(own_path)
        with pytest.raises(Refused, match="the history cannot be used: it is not writable"):
            prune(own_path, 0)
        with History.open(own_path) as history:
            assert [run["id"] for run in history.runs()] == [run_id]
        assert own_path.read_bytes() == content
    finally:
        own_path.parent.chmod(0o700)


def test_an_empty_file_becomes_a_history(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    run_id = write_one(path)
    with History.open(path) as history:
        assert [run["id"] for run in history.runs()] == [run_id]


KILLED_MAKER = """
import os, sys
from collections.abc import Iterator
from pathlib import Path
from numctl.history import file
from numctl.system.sqlite import connect
paged = [f"CREATE TABLE filler{n} (text)" for n in range(300)]
connection = connect(Path(sys.argv[1]), "rwc", 0)
connection.execute("PRAGMA cache_size = 5")
connection.execute("BEGIN IMMEDIATE")
for statement in (*file.SCHEMA, *paged):
    connection.execute(statement)
os._exit(9)
"""


@pytest.mark.parametrize("reads_first", [True, False])
def test_a_file_whose_maker_was_killed_becomes_a_history(path: Path, reads_first: bool) -> None:
    path.parent.mkdir()
    command = [sys.executable, "-c", KILLED_MAKER, str(path)]
    assert subprocess.run(command, check=False, cwd=Path(numctl.__file__).parents[1]).returncode == 9
    assert path.stat().st_size > 0
    if reads_first:
        with History.open(path) as history:
            assert list(history.runs()) == []
    run_id = write_one(path)
    with History.open(path) as history:
        assert [run["id"] for run in history.runs()] == [run_id]


def test_many_may_make_it_at_once(path: Path) -> None:
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.append(write_one(path))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with History.open(path) as history:
        assert sorted(run["id"] for run in history.runs()) == sorted(ids)
    assert len(ids) == 12


ANOTHER = """
import sys
from collections.abc import Iterator
from pathlib import Path
from numctl.history.journal import Journal
Journal.open(Path(sys.argv[1])).close()
"""


def test_reading_beside_a_writer_does_not_cost_the_writer_its_locks(path: Path) -> None:
    write_one(path)
    with Journal.open(path) as journal:
        run_id = journal.start(RunInfo("work", "AC1", "set", "numctl set"))
        with History.open(path) as history:
            assert len(list(history.runs())) == 1
        Journal.open(path).close()
        # The last to close puts the log away: another process must see that it is not the last.
        command = [sys.executable, "-c", ANOTHER, str(path)]
        subprocess.run(command, check=True, cwd=Path(numctl.__file__).parents[1])
        begin_one(journal, run_id)
        with History.open(path) as history:
            assert len(list(history.runs())) == 2


@pytest.mark.parametrize("value", ["", "on", "ON", "1", "true", "Yes"])
def test_each_word_for_yes_keeps_a_history_as_none_at_all_does(value: str) -> None:
    assert is_kept({"NUMCTL_HISTORY": value}) is is_kept({}) is True


def test_the_real_history_stands_in_the_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "state_dir", lambda: tmp_path)
    assert history_path() == tmp_path / "history.sqlite3"


BEFORE_INTERRUPTS = [statement.replace(",\n        interrupted INTEGER", "") for statement in file.SCHEMA]


def test_a_history_of_an_older_numctl_is_read_as_it_is_and_written_on(path: Path) -> None:
    path.parent.mkdir()
    connection = connect(path, "rwc", 0)
    for statement in BEFORE_INTERRUPTS:
        connection.execute(statement)
    connection.execute("INSERT INTO runs VALUES (1, 'old', '2024-05-31T12:00:00Z', '', '', '', 'AC1', 'set', '', NULL)")
    connection.execute(
        "INSERT INTO changes (run, phone_number, account_sid, operation, outcome, started, wanted)"
        " VALUES (1, '+14155550100', 'AC1', 'set', 'changed', '2024-05-31T12:00:00.000Z', '{}')"
    )
    connection.close()
    with History.open(path) as history:
        assert [(run["id"], run["outcome"]) for run in history.runs()] == [("old", "changed")]
        assert "interrupted" not in history._connection.execute("SELECT sql FROM sqlite_master").fetchone()[0]
    new = write_one(path)
    with History.open(path) as history:
        assert [run["id"] for run in history.runs()] == [new, "old"]
