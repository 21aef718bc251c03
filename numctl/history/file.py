"""The history file: its schema, how numctl recognises it, and how it is opened.

SQLite with a write-ahead log: what was committed survives the process, however it ends
(https://www.sqlite.org/wal.html).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from numctl.errors import AuthError, Refused
from numctl.system import files
from numctl.system.sqlite import connect
from numctl.wording import quoted

if TYPE_CHECKING:
    import sqlite3

APPLICATION_ID = 0x6E756D63
VERSION = 1
PATIENCE = 10.0
"""Seconds to wait while another numctl writes."""

HINT = "move the file away or make it writable; NUMCTL_HISTORY=off works without the history"

# The wide columns come last: a list of runs then reads only the first page of a row.
SCHEMA = (
    """CREATE TABLE runs (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time TEXT NOT NULL, user TEXT, host TEXT,
        profile TEXT, account_sid TEXT NOT NULL, verb TEXT NOT NULL, command TEXT NOT NULL, undoes TEXT,
        interrupted INTEGER)""",
    """CREATE TABLE changes (
        entry INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, phone_number TEXT, sid TEXT,
        account_sid TEXT NOT NULL, operation TEXT NOT NULL, outcome TEXT, started TEXT NOT NULL, ended TEXT,
        wanted TEXT NOT NULL, error TEXT, before TEXT, after TEXT)""",
    "CREATE INDEX runs_undoes ON runs (undoes) WHERE undoes IS NOT NULL",
    "CREATE INDEX changes_run ON changes (run)",
    "CREATE INDEX changes_phone_number ON changes (phone_number)",
    "CREATE INDEX changes_sid ON changes (sid)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
)
_BUSY = "another program is using it"
_BUSY_HINT = "try again when it has finished; NUMCTL_HISTORY=off works without the history"
_REASONS = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_READONLY": "it is not writable",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_NOTADB": "it is not a numctl history",
    "SQLITE": "it is damaged",
}


def is_kept(environ: Mapping[str, str]) -> bool:
    """Whether a history is kept: not if NUMCTL_HISTORY is off; raises AuthError for other values."""
    value = environ.get("NUMCTL_HISTORY", "").lower()
    if value not in ("", "on", "off", "1", "0", "true", "false", "yes", "no"):
        raise AuthError(f"NUMCTL_HISTORY is {quoted(value)}: use on or off")
    return value not in ("off", "0", "false", "no")


def history_path() -> Path:
    """The history of the real service; the sandbox has its own file."""
    try:
        return files.state_dir() / "history.sqlite3"
    except Refused as error:
        raise Refused(error.message, hint=f"{error.hint}; NUMCTL_HISTORY=off works without the history") from error


def sandbox_history_path() -> Path:
    """The history of the sandbox, which is deleted when the sandbox is reset."""
    return files.state_dir() / "sandbox-history.sqlite3"


def unusable(path: Path, error: sqlite3.Error) -> Refused:
    """The error that says why the history cannot be used, without the library's words."""
    name: str = getattr(error, "sqlite_errorname", "")
    why = next((words for start, words in _REASONS.items() if name.startswith(start)), "it is closed")
    return Refused(f"{path}: the history cannot be used: {why}", hint=_BUSY_HINT if why == _BUSY else HINT)


def _connect_to_ours(path: Path, modes: tuple[str, ...], patience: float = PATIENCE) -> sqlite3.Connection:
    """Open the file in the first mode that can read it; raises Refused if it is not numctl's.

    The file's header is read only through SQLite: opening and closing a file by other means drops the locks that
    this process holds on it (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    import sqlite3

    failure: sqlite3.Error | None = None
    for mode in modes:
        connection = connect(path, mode, patience)
        try:
            _check_ours(path, connection)
            return connection
        except sqlite3.OperationalError as error:
            failure = failure or error
            connection.close()
        except BaseException:
            connection.close()
            raise
    raise failure or Refused(f"{path}: the history cannot be used", hint=HINT)


def _check_ours(path: Path, connection: sqlite3.Connection) -> None:
    """Raise Refused unless the file has numctl's mark and a known version, or is empty.

    It is empty if a writer was killed while it created the tables, and SQLite has just rolled that back.
    """
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if mark == 0 and not path.stat().st_size:
        return
    if mark != APPLICATION_ID or version < 1:
        raise Refused(f"{path}: is not a numctl history; it was left as it is", hint=HINT)
    if version > VERSION:
        raise Refused(
            f"{path}: was written by a newer numctl; it was left as it is",
            hint="update numctl; NUMCTL_HISTORY=off works without the history",
        )


def open_for_writing(path: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open the history, create it if need be, and check that it is writable; raises Refused or sqlite3.Error."""
    try:
        files.touch_private(path)
    except Refused as error:
        raise Refused(error.message, hint=HINT) from error
    if not os.access(path, os.W_OK):
        # SQLite would open the file and refuse only the first change.
        raise Refused(f"{path}: the history cannot be used: {_REASONS['SQLITE_READONLY']}", hint=HINT)
    if path.stat().st_size:
        _connect_to_ours(path, ("ro", "rw"), patience).close()
    connection = connect(path, "rw", patience)
    try:
        _prepare(connection)
        _check_ours(path, connection)
        _log_ahead(connection, patience)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Create the tables in a new file; in an existing one, check that it is writable.

    It is one transaction, before there is a write-ahead log, so that numctl's mark is in the file itself from the
    first moment.
    """
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        for statement in SCHEMA:
            connection.execute(statement)
    connection.execute("SELECT 1 FROM runs JOIN changes ON run = number LIMIT 0")
    if not knows_interrupts(connection):
        connection.execute("ALTER TABLE runs ADD COLUMN interrupted INTEGER")
    connection.execute("COMMIT")


def knows_interrupts(connection: sqlite3.Connection) -> bool:
    """Whether the file can record that a run was interrupted; files of an older numctl cannot.

    The column is not a new version of the file: an older numctl reads and writes one that has it.
    """
    return any(name == "interrupted" for _, name, *_ in connection.execute("PRAGMA table_info(runs)"))


def _log_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Switch to the write-ahead log; SQLite refuses that without waiting while others have the file open."""
    import sqlite3

    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)
    connection.execute("PRAGMA synchronous = NORMAL")


def holds_runs(path: Path) -> bool:
    """Whether there is a history to read; raises Refused for a link, a folder or anything else."""
    return files.check_regular(path) and path.stat().st_size > 0


def open_for_reading(path: Path, patience: float) -> sqlite3.Connection:
    """Open the history, or an empty one in memory if there is none; raises Refused or sqlite3.Error.

    The second mode finishes what a killed writer left half done. The third reads from a folder that is not
    writable, and only if no write-ahead log is left, which it would not see.
    """
    if not holds_runs(path):
        return _empty_history()
    log = path.with_name(f"{path.name}-wal")
    alone = not log.exists() or not log.stat().st_size
    modes = ("ro", "rw", "ro&immutable=1") if alone else ("ro", "rw")
    connection = _connect_to_ours(path, modes, patience)
    if holds_runs(path):
        return connection
    connection.close()
    return _empty_history()


def _empty_history() -> sqlite3.Connection:
    import sqlite3

    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in SCHEMA:
        connection.execute(statement)
    return connection


def delete_runs(path: Path, before: str, patience: float) -> int:
    """Delete the runs that started before a moment and rewrite the file without them, under an exclusive lock.

    Only a connection that has read nothing yet can get that lock, hence the second one.
    """
    open_for_writing(path, patience).close()
    connection = connect(path, "rw", patience)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM changes WHERE run IN (SELECT number FROM runs WHERE time < ?)", [before])
        deleted = connection.execute("DELETE FROM runs WHERE time < ?", [before]).rowcount
        connection.execute("COMMIT")
        connection.execute("VACUUM")
        return deleted
    finally:
        connection.close()
