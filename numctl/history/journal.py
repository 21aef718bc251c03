"""The journal: every change is written down before it is sent and completed after, in one SQLite file.

An entry without an end is a change of unknown outcome: the process was ended first.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from numctl.errors import OutcomeUnknown
from numctl.history.file import PATIENCE, open_for_writing, unusable
from numctl.model.number import Record

if TYPE_CHECKING:
    import sqlite3

_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

_ADD_RUN = """INSERT INTO runs (id, time, user, host, profile, account_sid, verb, command, undoes)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_ADD_CHANGE = """INSERT INTO changes (run, phone_number, sid, account_sid, operation, started, wanted, before)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_END_CHANGE = """UPDATE changes SET outcome = ?, sid = coalesce(?, sid), ended = ?, after = ?, error = ?
    WHERE entry = ?"""
_ON_DISK, _IN_THE_LOG = "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"
"""A change is on the disk before it is sent, so that a power cut does not lose it. Its outcome waits for the next
flush: if it is lost, the entry has no end and counts as unknown.

On ext4 with 2 ms an fdatasync, 1,000 changes, 8 at once with 100 ms a request, take 13.5 s so, 12.8 s with NORMAL
alone and 14.5 s with FULL alone. The drive's own cache on macOS is not flushed (PRAGMA fullfsync).
"""
_INTERRUPT_RUN = "UPDATE runs SET interrupted = 1 WHERE number = ?"

_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
_NOT_STORED = ("subresource_uris", "auth_token")
"""Fields of a record that are left out: one follows from the SID, the other is a secret."""


def utc_now() -> datetime:
    """The journal's only clock."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: text in this form sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def new_id(moment: datetime) -> str:
    """A run's ID: 11 letters and digits that are hard to confuse, in the order of time.

    The first 8 count hundredths of a second, the last 3 are random.
    """
    number = (int(moment.timestamp() * 100) << 15) | (int.from_bytes(os.urandom(2), "big") >> 1)
    return "".join(_ID_ALPHABET[number >> shift & 31] for shift in range(50, -1, -5))


def _current_user() -> str:
    """Empty if the system does not know."""
    import getpass

    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return ""


def _current_host() -> str:
    import socket

    return socket.gethostname()


@dataclass(frozen=True)
class RunInfo:
    """What a run is: where it acts (`profile` may be `sandbox` or `environment`), by which verb, by whom."""

    profile: str | None
    account_sid: str
    verb: str
    command: str
    undoes: str | None = None
    user: str = field(default_factory=_current_user)
    host: str = field(default_factory=_current_host)

    def as_row(self, run_id: str, started: str) -> list[str | None]:
        """The values of a row of `runs`."""
        row = (self.user, self.host, self.profile, self.account_sid, self.verb, self.command, self.undoes)
        return [run_id, started, *map(storable, row)]


def storable(text: str | None) -> str | None:
    """Text that UTF-8 can hold: Python gets an argument that is not UTF-8 with lone surrogates."""
    return text if text is None or text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _as_json(fields: dict[str, Any] | None) -> str | None:
    if fields is None:
        return None
    return _ENCODE({key: value for key, value in fields.items() if key not in _NOT_STORED})


class Journal:
    """Write changes down, from any thread and beside other numctl processes, one transaction for each begin and end."""

    def __init__(self, path: Path, connection: sqlite3.Connection, now: Callable[[], datetime] = utc_now) -> None:
        self.path = path
        self._connection = connection
        self._now = now
        self._lock = threading.Lock()
        self._waiting: dict[str, list[str | None]] = {}
        self._numbers: dict[str, int] = {}

    @classmethod
    def open(cls, path: Path, *, patience: float = PATIENCE, now: Callable[[], datetime] = utc_now) -> Journal:
        """Open the history at `path`, created if need be.

        Raises Refused if the file is not numctl's or cannot be written.
        """
        import sqlite3

        try:
            return cls(path, open_for_writing(path, patience), now)
        except sqlite3.Error as error:
            raise unusable(path, error) from error

    def start(self, run: RunInfo) -> str:
        """The ID of a new run, which is written together with its first change, or never."""
        moment = self._now()
        run_id = new_id(moment)
        self._waiting[run_id] = run.as_row(run_id, stamp(moment))
        return run_id

    def has(self, run_id: str) -> bool:
        """Whether a run was written, which happens with its first change."""
        return run_id in self._numbers

    def begin(
        self,
        run_id: str,
        *,
        phone_number: str,
        sid: str | None,
        account_sid: str,
        operation: str,
        before: Record | None,
        wanted: dict[str, Any],
    ) -> int:
        """Write down a change that is about to be sent, and return its entry.

        If that raises Refused, the change must not be sent.
        """
        import sqlite3

        names = map(storable, (phone_number, sid, account_sid, operation))
        row = [*names, stamp(self._now()), _as_json(wanted), _as_json(before)]
        try:
            with self._lock:
                self._connection.execute(_ON_DISK)
                return self._add(run_id, row)
        except sqlite3.Error as error:
            raise unusable(self.path, error) from error

    def _add(self, run_id: str, row: list[str | None]) -> int:
        if run_id in self._numbers:
            return self._connection.execute(_ADD_CHANGE, [self._numbers[run_id], *row]).lastrowid or 0
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            number = self._connection.execute(_ADD_RUN, self._waiting[run_id]).lastrowid or 0
            entry = self._connection.execute(_ADD_CHANGE, [number, *row]).lastrowid or 0
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise
        self._numbers[run_id] = number
        return entry

    def end(
        self,
        entry: int,
        *,
        outcome: str,
        sid: str | None = None,
        after: Record | None = None,
        error: dict[str, Any] | None = None,
    ) -> None:
        """Complete an entry; raises OutcomeUnknown if that cannot be written."""
        import sqlite3

        row = (outcome, storable(sid), stamp(self._now()), _as_json(after), _as_json(error), entry)
        try:
            with self._lock:
                self._connection.execute(_IN_THE_LOG)
                self._connection.execute(_END_CHANGE, row)
        except sqlite3.Error as failure:
            why = unusable(self.path, failure).message
            raise OutcomeUnknown(
                why, hint="the change was sent; its entry in the history stays without an outcome"
            ) from failure

    def interrupt(self, run_id: str) -> None:
        """Note that a run was interrupted; raises OutcomeUnknown if that cannot be written."""
        import sqlite3

        try:
            with self._lock:
                self._connection.execute(_INTERRUPT_RUN, [self._numbers.get(run_id)])
        except sqlite3.Error as failure:
            raise OutcomeUnknown(unusable(self.path, failure).message) from failure

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
