"""Create, recognise and open the sandbox's file, and never touch a file that is not numctl's.

The file has an application_id and a user_version in its SQLite header (https://www.sqlite.org/fileformat.html); they
are read as bytes before SQLite opens the file, since opening alone may roll a foreign journal back.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from numctl.errors import Refused
from numctl.system import files
from numctl.system.sqlite import connect

APPLICATION_ID = 0x6E756D53
_VERSION = 2
_BUSY_SECONDS = 30.0
_MAGIC = b"SQLite format 3\x00"

_SCHEMA = (
    "CREATE TABLE accounts (id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, record TEXT NOT NULL)",
    "CREATE TABLE addresses (id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, record TEXT NOT NULL)",
    """CREATE TABLE numbers (
        id INTEGER PRIMARY KEY AUTOINCREMENT, account_sid TEXT NOT NULL, sid TEXT NOT NULL UNIQUE,
        phone_number TEXT NOT NULL UNIQUE, friendly_name TEXT, origin TEXT, type TEXT, beta INTEGER NOT NULL,
        record TEXT NOT NULL)""",
    "CREATE INDEX numbers_of_account ON numbers (account_sid, id)",
    "CREATE TABLE released (phone_number TEXT PRIMARY KEY, record TEXT NOT NULL)",
)
_SCHEMA_SINCE_2 = (
    "CREATE TABLE pending (sid TEXT PRIMARY KEY, reads INTEGER NOT NULL)",
    "CREATE TABLE answers (count INTEGER NOT NULL)",
    "INSERT INTO answers VALUES (0)",
)
TABLES = ("accounts", "addresses", "numbers", "released", "pending")
"""The tables with the sandbox's contents; `answers` counts the searches that were answered."""

_Fill = Callable[[sqlite3.Connection], None]


class Database:
    """Lend connections to the file; each is used by one thread at a time and reused."""

    def __init__(self, path: Path, fill: _Fill, upgrade: _Fill) -> None:
        """Open the file: create and fill a missing one, upgrade one of version 1.

        Raises Refused, and leaves files that are not numctl's alone.
        """
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._writer = threading.Lock()
        files.touch_private(path)
        _check_ours(path)
        try:
            with explained(path), self.reading() as connection:
                if _pragma(connection, "application_id") != APPLICATION_ID:
                    _create(connection, fill)
                elif _pragma(connection, "user_version") < _VERSION:
                    _upgrade(connection, upgrade)
                connection.execute("SELECT count(*) FROM accounts").fetchone()
        except Refused:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection to one thread; each statement is a transaction of its own."""
        connection = self._take() or _connect(self.path)
        try:
            yield connection
        finally:
            self._idle.append(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the one connection that may write now, in a transaction.

        Threads of one process queue on a lock, since SQLite's own waiting sleeps longer than a change takes.
        """
        with self._writer, self.reading() as connection, _transaction(connection):
            yield connection

    def close(self) -> None:
        """Close the idle connections; the next request opens another."""
        while connection := self._take():
            connection.close()

    def _take(self) -> sqlite3.Connection | None:
        # Checking the length first would let another thread take the last one in between.
        try:
            return self._idle.pop()
        except IndexError:
            return None


def _connect(path: Path) -> sqlite3.Connection:
    """Open an existing file in autocommit mode."""
    connection = connect(path, "rw", _BUSY_SECONDS)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself; doing it again would hide the reason.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _create(connection: sqlite3.Connection, fill: _Fill) -> None:
    """Create the tables and fill them in one commit, unless another process was first."""
    with _transaction(connection):
        if _pragma(connection, "application_id") != APPLICATION_ID:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {_VERSION}")
            for statement in _SCHEMA + _SCHEMA_SINCE_2:
                connection.execute(statement)
            fill(connection)
    # Another process may block the switch; then that process makes it.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


def _upgrade(connection: sqlite3.Connection, upgrade: _Fill) -> None:
    """Upgrade tables and records of version 1 in one commit, unless another process was first."""
    with _transaction(connection):
        if _pragma(connection, "user_version") < _VERSION:
            connection.execute(f"PRAGMA user_version = {_VERSION}")
            for statement in _SCHEMA_SINCE_2:
                connection.execute(statement)
            upgrade(connection)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _check_ours(path: Path) -> None:
    """Raise Refused unless the file is empty or has numctl's marks; only its header is read."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {files.reason(error)}") from error
    if not header:
        return
    if len(header) < 100 or not header.startswith(_MAGIC) or _number_at(header, 68) != APPLICATION_ID:
        raise Refused(f"{path}: is not a numctl sandbox", hint="move it away; it was left as it is")
    if not 1 <= _number_at(header, 60) <= _VERSION:
        hint = "move it away to start over; it was left as it is"
        raise Refused(f"{path}: was written by another version of numctl", hint=hint)
    if not os.access(path, os.W_OK):
        raise Refused(f"{path}: cannot be written", hint="the sandbox keeps its changes there")


def _number_at(header: bytes, offset: int) -> int:
    """A 4-byte big-endian number of the header."""
    found: int = struct.unpack_from(">I", header, offset)[0]
    return found


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into Refused that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        hint = "move it away to start over; it was left as it is"
        raise Refused(f"{path}: the sandbox's file cannot be used: {error}", hint=hint) from error
