"""The journal: every change written down before it is sent and completed after, in one SQLite file.

An entry without an end is a change whose outcome nobody learned, because the process was ended first.
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
"""What is about to be sent is on the disk first, so that a power cut does not lose it. How it came out waits for the
next of these: where it is lost, the entry has no end and counts as unknown.

On ext4 with 2 ms an fdatasync, 1,000 changes, 8 at once with 100 ms a request, take 13.5 s so, 12.8 s with NORMAL
alone and 14.5 s with FULL alone. What macOS leaves in the drive's own cache is not waited for (PRAGMA fullfsync).
"""
_INTERRUPT_RUN = "UPDATE runs SET interrupted = 1 WHERE number = ?"

_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
_NOT_STORED = ("subresource_uris", "auth_token")
"""Fields of a record that are left out: one follows from the SID, the other is a secret."""


def utc_now() -> datetime:
    """Return the time of day, the journal's only source of it."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC with milliseconds: sorted as text, it is sorted by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def new_id(moment: datetime) -> str:
    """Return a run's ID: 11 letters and digits that are hard to mistake, in the order of time.

    The first 8 count hundredths of a second, the last 3 are random.
    """
    number = (int(moment.timestamp() * 100) << 15) | (int.from_bytes(os.urandom(2), "big") >> 1)
    return "".join(_ID_ALPHABET[number >> shift & 31] for shift in range(50, -1, -5))


def _current_user() -> str:
    """Return who runs numctl, empty where the system does not know."""
    import getpass

    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return ""


def _current_host() -> str:
    """Return the machine's name."""
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
        """Return the values of a row of `runs`."""
        row = (self.user, self.host, self.profile, self.account_sid, self.verb, self.command, self.undoes)
        return [run_id, started, *map(storable, row)]


def storable(text: str | None) -> str | None:
    """Return text that UTF-8 can hold: an argument that is not UTF-8 reaches Python as lone surrogates."""
    return text if text is None or text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _as_json(fields: dict[str, Any] | None) -> str | None:
    """Return fields as compact JSON text in ASCII, without those that are not stored."""
    if fields is None:
        return None
    return _ENCODE({key: value for key, value in fields.items() if key not in _NOT_STORED})


class Journal:
    """Write changes down, from any thread and beside other numctls, in one transaction each begin and end."""

    def __init__(self, path: Path, connection: sqlite3.Connection, now: Callable[[], datetime] = utc_now) -> None:
        self.path = path
        self._connection = connection
        self._now = now
        self._lock = threading.Lock()
        self._waiting: dict[str, list[str | None]] = {}
        self._numbers: dict[str, int] = {}

    @classmethod
    def open(cls, path: Path, *, patience: float = PATIENCE, now: Callable[[], datetime] = utc_now) -> Journal:
        """Open the history at `path`, made if need be.

        Raises Refused where the file is not numctl's own or cannot be written.
        """
        import sqlite3

        try:
            return cls(path, open_for_writing(path, patience), now)
        except sqlite3.Error as error:
            raise unusable(path, error) from error

    def start(self, run: RunInfo) -> str:
        """Return the ID of a new run, which is written together with its first change, or never."""
        moment = self._now()
        run_id = new_id(moment)
        self._waiting[run_id] = run.as_row(run_id, stamp(moment))
        return run_id

    def has(self, run_id: str) -> bool:
        """Say whether a run was written, which it is with its first change."""
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

        Raises Refused where that cannot be done: then the change is not to be sent.
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
        """Complete an entry; raises OutcomeUnknown where that cannot be written."""
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
        """Note that a run was interrupted; raises OutcomeUnknown where that cannot be written."""
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
