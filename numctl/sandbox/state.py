"""The sandbox's state: accounts, numbers and addresses, safe for several threads and processes."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from numctl.model.number import Record
from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN, SUBACCOUNT_SID, emergency, records, seeds, upgrade
from numctl.sandbox.database import TABLES, Database, explained
from numctl.sandbox.loading import checked, family

_INSERT_NUMBER = (
    "INSERT INTO numbers (account_sid, sid, phone_number, friendly_name, origin, type, beta, record)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE_NUMBER = (
    "UPDATE numbers SET account_sid = ?, sid = ?, phone_number = ?, friendly_name = ?, origin = ?, type = ?,"
    " beta = ?, record = ? WHERE sid = ?"
)

_PENDING = '"emergency_address_status": "pending-'
_NEWEST = 2**63 - 1


class Taken(Exception):
    """Somebody already has the number."""


class Cursor(NamedTuple):
    """The row that a page begins right after or, backwards, ends right before."""

    row: int = 0
    backwards: bool = False


class Slice(NamedTuple):
    """One page of numbers: their JSON texts, and the cursors of its neighbours, if any."""

    texts: list[str]
    next: Cursor | None
    previous: Cursor | None


class Condition(NamedTuple):
    """A condition on the numbers' columns, with its value; `few` if its index finds few."""

    sql: str
    value: str | int
    few: bool = False


class State:
    """What the sandbox holds: a method for each question or change."""

    def __init__(self, path: Path) -> None:
        """Open the state, filled with the assortment if new; raises Refused if the file is not numctl's."""
        self._database = Database(path, _fill, upgrade.from_1_to_2)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def accounts(self) -> list[Record]:
        """The main account, then its subaccounts."""
        return self._all("SELECT record FROM accounts ORDER BY id")

    def addresses(self, account_sid: str) -> list[Record]:
        every = self._all("SELECT record FROM addresses ORDER BY id")
        return [address for address in every if address["account_sid"] == account_sid]

    def address(self, sid: str) -> Record | None:
        found = self._all("SELECT record FROM addresses WHERE sid = ?", sid)
        return found[0] if found else None

    def number(self, account_sid: str, sid: str) -> Record | None:
        """The number's record, if the account has it."""
        found = self._all("SELECT record FROM numbers WHERE sid = ? AND account_sid = ?", sid, account_sid)
        self._count_reads(found)
        return found[0] if found else None

    def page(self, account_sid: str, conditions: Iterable[Condition], cursor: Cursor, size: int) -> Slice:
        """One page of an account's numbers, the newest first.

        It is found by row ID, so that the last page costs no more than the first.
        """
        query, values = _page_query(account_sid, list(conditions), cursor)
        with self._database.reading() as connection:
            page = cut(connection.execute(query, (*values, size + 1)).fetchall(), cursor, size)
        self._count_reads([json.loads(text) for text in page.texts if _PENDING in text])
        return page

    def gone(self, phone_numbers: list[str], *, released: bool) -> set[str]:
        """Those of the numbers that somebody here has, or, with `released`, that were released."""
        query = "SELECT value FROM json_each(?) WHERE value IN (SELECT phone_number FROM numbers)"
        if released:
            query += " OR value IN (SELECT phone_number FROM released)"
        with self._database.reading() as connection:
            return {row[0] for row in connection.execute(query, (json.dumps(phone_numbers),))}

    def released(self, phone_number: str | None = None) -> list[Record]:
        """The released numbers, or just this one, as they were when they were released."""
        if phone_number is None:
            return self._all("SELECT record FROM released ORDER BY phone_number")
        return self._all("SELECT record FROM released WHERE phone_number = ?", phone_number)

    def count_answer(self) -> int:
        """Count one more answered search, and return how many there were before."""
        with self._database.writing() as connection:
            connection.execute("UPDATE answers SET count = count + 1")
            return int(connection.execute("SELECT count FROM answers").fetchone()[0]) - 1

    def add(self, number: Record) -> Record:
        """Store a new number and return it with its SID; raises Taken if somebody has it."""
        sid = "PN" + uuid.uuid4().hex
        record = number | {"sid": sid} | records.belonging(number["account_sid"], sid)
        with self._database.writing() as connection:
            try:
                connection.execute(_INSERT_NUMBER, _columns(record))
            except sqlite3.IntegrityError as error:
                raise Taken(record["phone_number"]) from error
            connection.execute("DELETE FROM released WHERE phone_number = ?", (record["phone_number"],))
            return record

    def change(self, account_sid: str, sid: str, change: Callable[[Record], Record]) -> Record | None:
        """Change a number in one transaction and return it; None if the account does not have it."""
        with self._database.writing() as connection:
            before = _one_number(connection, account_sid, sid)
            if before is None:
                return None
            after = change(before)
            connection.execute(_UPDATE_NUMBER, (*_columns(after), sid))
            return after

    def remove(self, account_sid: str, sid: str, check: Callable[[Record], None]) -> bool:
        """Release a number, unless `check` raises; False if the account does not have it."""
        with self._database.writing() as connection:
            record = _one_number(connection, account_sid, sid)
            if record is None:
                return False
            check(record)
            connection.execute("DELETE FROM numbers WHERE sid = ?", (sid,))
            kept = (record["phone_number"], json.dumps(record))
            connection.execute("INSERT OR REPLACE INTO released (phone_number, record) VALUES (?, ?)", kept)
            return True

    def replace(self, main: str, subaccounts: list[str], numbers: Iterable[Record]) -> None:
        """Replace all accounts and numbers."""
        with self._database.writing() as connection:
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")
            connection.execute("UPDATE answers SET count = 0")
            _put(connection, main, subaccounts, numbers)

    def _count_reads(self, read: list[Record]) -> None:
        """Count a read of numbers whose emergency address is pending; the last such read settles it."""
        pending = [record["sid"] for record in read if emergency.is_pending(record)]
        if not pending:
            return
        with self._database.writing() as connection:
            for sid in pending:
                _count_read(connection, sid)

    def _all(self, query: str, *values: str) -> list[Record]:
        with self._database.reading() as connection:
            return [json.loads(text) for (text,) in connection.execute(query, values)]


def _page_query(account_sid: str, conditions: list[Condition], cursor: Cursor) -> tuple[str, list[str | int]]:
    """The query of one page, without the value for its size, which comes last, and its other values.

    A unary plus keeps SQLite from using a column's index instead of the one that finds few.
    """
    compare, order = (">", "ASC") if cursor.backwards else ("<", "DESC")
    mark = "+" if any(condition.few for condition in conditions) else ""
    whose, beyond = f"{mark}account_sid = ?", f"{mark}id {compare} ?"
    where = [Condition(whose, account_sid), *conditions, Condition(beyond, cursor.row or _NEWEST)]
    clauses = " AND ".join(condition.sql for condition in where)
    query = f"SELECT id, record FROM numbers WHERE {clauses} ORDER BY id {order} LIMIT ?"
    return query, [condition.value for condition in where]


def cut(rows: list[tuple[int, str]], cursor: Cursor, size: int) -> Slice:
    """One page of the rows found, which may be one too many."""
    more, kept = len(rows) > size, rows[:size]
    if cursor.backwards:
        kept.reverse()
    texts = [text for _, text in kept]
    if not kept:
        return Slice(texts, None, None)
    following = Cursor(kept[-1][0]) if more or cursor.backwards else None
    preceding = Cursor(kept[0][0], True) if (more if cursor.backwards else cursor.row) else None
    return Slice(texts, following, preceding)


def _count_read(connection: sqlite3.Connection, sid: str) -> None:
    """Count one read of a pending number, and settle it after the last."""
    found = connection.execute("SELECT reads FROM pending WHERE sid = ?", (sid,)).fetchone()
    left = (found[0] if found else emergency.READS) - 1
    if left > 0:
        connection.execute("INSERT OR REPLACE INTO pending (sid, reads) VALUES (?, ?)", (sid, left))
        return
    connection.execute("DELETE FROM pending WHERE sid = ?", (sid,))
    row = connection.execute("SELECT record FROM numbers WHERE sid = ?", (sid,)).fetchone()
    if row:
        after = emergency.settled(json.loads(row[0]))
        connection.execute("UPDATE numbers SET record = ? WHERE sid = ?", (json.dumps(after), sid))


def _one_number(connection: sqlite3.Connection, account_sid: str, sid: str) -> Record | None:
    query = "SELECT record FROM numbers WHERE sid = ? AND account_sid = ?"
    row = connection.execute(query, (sid, account_sid)).fetchone()
    found: Record | None = json.loads(row[0]) if row else None
    return found


def _columns(record: Record) -> tuple[str | int | None, ...]:
    """What a number is searched by, and the whole of it as JSON."""
    searched = (record.get(name) for name in ("friendly_name", "origin", "type"))
    text = json.dumps(record)
    key = (record["account_sid"], record["sid"], record["phone_number"])
    return (*key, *(_storable(value) for value in searched), int(record.get("beta") is True), text)


def _storable(value: object) -> str | None:
    """Half of a surrogate pair, which JSON can hold and SQLite cannot, becomes `?`."""
    return None if value is None else str(value).encode("utf-8", "replace").decode()


def _fill(connection: sqlite3.Connection) -> None:
    _put(connection, ACCOUNT_SID, [SUBACCOUNT_SID], seeds.numbers())


def _put(connection: sqlite3.Connection, main: str, subaccounts: list[str], numbers: Iterable[Record]) -> None:
    """Fill empty tables; the numbers come newest first, as a list answers them."""
    accounts = (seeds.account(sid, main, AUTH_TOKEN) for sid in (main, *subaccounts))
    for table, held in (("accounts", accounts), ("addresses", seeds.addresses(main))):
        rows = [(record["sid"], json.dumps(record)) for record in held]
        connection.executemany(f"INSERT INTO {table} (sid, record) VALUES (?, ?)", rows)
    connection.executemany(_INSERT_NUMBER, map(_columns, reversed(list(numbers))))


def open_state(path: Path) -> State:
    """The state in a file, created with the assortment if need be; raises Refused."""
    return State(path)


@contextmanager
def _opened(path: Path) -> Iterator[State]:
    """Lend the state once, turning errors of its file into Refused."""
    state = State(path)
    try:
        with explained(path):
            yield state
    finally:
        state.close()


def reset(path: Path) -> None:
    """Replace everything with the assortment; raises Refused if the file is not numctl's."""
    with _opened(path) as state:
        state.replace(ACCOUNT_SID, [SUBACCOUNT_SID], seeds.numbers())


def load(path: Path, found: Iterable[Record]) -> int:
    """Replace the numbers with copies of what `numctl list --json` printed, and return how many there are.

    The accounts in the records become subaccounts of the sandbox's own or, if there is only one, its main account.
    Raises UsageError if something is not a number, Refused if the file is not numctl's; then nothing is replaced.
    """
    numbers = checked(found)
    main, subaccounts = family(number["account_sid"] for number in numbers)
    with _opened(path) as state:
        state.replace(main, subaccounts, numbers)
    return len(numbers)


def credentials(path: Path) -> tuple[str, str]:
    """The SID of the main account, which `load` may have changed, and its token; raises Refused."""
    with _opened(path) as state:
        return state.accounts()[0]["sid"], AUTH_TOKEN
