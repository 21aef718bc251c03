"""The sandbox's state: accounts, numbers and addresses, safe with several threads and processes at once."""

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
    """The number belongs to somebody already."""


class Cursor(NamedTuple):
    """Where a page begins: right after, or ends right before, this row."""

    row: int = 0
    backwards: bool = False


class Slice(NamedTuple):
    """One page of numbers: their JSON texts, and the cursors of its neighbours where there are any."""

    texts: list[str]
    next: Cursor | None
    previous: Cursor | None


class Condition(NamedTuple):
    """A condition on the numbers' columns, with its value; `few` where its index finds few."""

    sql: str
    value: str | int
    few: bool = False


class State:
    """What the sandbox holds, one method a question or a change."""

    def __init__(self, path: Path) -> None:
        """Open the state, with the assortment where it is new; raises Refused where the file is not ours."""
        self._database = Database(path, _fill, upgrade.from_1_to_2)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def accounts(self) -> list[Record]:
        """Return the main account and then its subaccounts."""
        return self._all("SELECT record FROM accounts ORDER BY id")

    def addresses(self, account_sid: str) -> list[Record]:
        """Return the addresses of one account."""
        every = self._all("SELECT record FROM addresses ORDER BY id")
        return [address for address in every if address["account_sid"] == account_sid]

    def address(self, sid: str) -> Record | None:
        """Return one address, if it is known."""
        found = self._all("SELECT record FROM addresses WHERE sid = ?", sid)
        return found[0] if found else None

    def number(self, account_sid: str, sid: str) -> Record | None:
        """Return one number of an account, if the account has it."""
        found = self._all("SELECT record FROM numbers WHERE sid = ? AND account_sid = ?", sid, account_sid)
        self._count_reads(found)
        return found[0] if found else None

    def page(self, account_sid: str, conditions: Iterable[Condition], cursor: Cursor, size: int) -> Slice:
        """Return one page of an account's numbers, the newest first.

        It is found by row ID, so that the last page costs no more than the first.
        """
        query, values = _page_query(account_sid, list(conditions), cursor)
        with self._database.reading() as connection:
            page = cut(connection.execute(query, (*values, size + 1)).fetchall(), cursor, size)
        self._count_reads([json.loads(text) for text in page.texts if _PENDING in text])
        return page

    def gone(self, phone_numbers: list[str], *, released: bool) -> set[str]:
        """Return those of the numbers that belong to somebody here, or also those that were released."""
        query = "SELECT value FROM json_each(?) WHERE value IN (SELECT phone_number FROM numbers)"
        if released:
            query += " OR value IN (SELECT phone_number FROM released)"
        with self._database.reading() as connection:
            return {row[0] for row in connection.execute(query, (json.dumps(phone_numbers),))}

    def released(self, phone_number: str | None = None) -> list[Record]:
        """Return the released numbers, or just this one, each as it was when it was given back."""
        if phone_number is None:
            return self._all("SELECT record FROM released ORDER BY phone_number")
        return self._all("SELECT record FROM released WHERE phone_number = ?", phone_number)

    def count_answer(self) -> int:
        """Count one more search that is answered, and return how many there were before."""
        with self._database.writing() as connection:
            connection.execute("UPDATE answers SET count = count + 1")
            return int(connection.execute("SELECT count FROM answers").fetchone()[0]) - 1

    def add(self, number: Record) -> Record:
        """Keep a new number and return it with the SID that it gets; raises Taken where somebody has it."""
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
        """Change a number in one transaction and return it; None where the account does not have it."""
        with self._database.writing() as connection:
            before = _one_number(connection, account_sid, sid)
            if before is None:
                return None
            after = change(before)
            connection.execute(_UPDATE_NUMBER, (*_columns(after), sid))
            return after

    def remove(self, account_sid: str, sid: str, check: Callable[[Record], None]) -> bool:
        """Give a number back, unless `check` raises; False where the account does not have it."""
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
        """Put other accounts and numbers in the place of all there is."""
        with self._database.writing() as connection:
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")
            connection.execute("UPDATE answers SET count = 0")
            _put(connection, main, subaccounts, numbers)

    def _count_reads(self, read: list[Record]) -> None:
        """Count a read of numbers whose emergency address is pending; after the last such read it is settled."""
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
    """Return the query of one page, which wants its size as the last value, and its other values.

    A unary plus keeps SQLite from a column's index, which it would prefer to the one that finds few.
    """
    compare, order = (">", "ASC") if cursor.backwards else ("<", "DESC")
    mark = "+" if any(condition.few for condition in conditions) else ""
    whose, beyond = f"{mark}account_sid = ?", f"{mark}id {compare} ?"
    where = [Condition(whose, account_sid), *conditions, Condition(beyond, cursor.row or _NEWEST)]
    clauses = " AND ".join(condition.sql for condition in where)
    query = f"SELECT id, record FROM numbers WHERE {clauses} ORDER BY id {order} LIMIT ?"
    return query, [condition.value for condition in where]


def cut(rows: list[tuple[int, str]], cursor: Cursor, size: int) -> Slice:
    """Return one page of the rows that were found, of which there may be one too many."""
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
    """Count one read of a pending number inside a transaction, and settle it after the last."""
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
    """Return a number of an account inside a transaction."""
    query = "SELECT record FROM numbers WHERE sid = ? AND account_sid = ?"
    row = connection.execute(query, (sid, account_sid)).fetchone()
    found: Record | None = json.loads(row[0]) if row else None
    return found


def _columns(record: Record) -> tuple[str | int | None, ...]:
    """Return what a number is looked for by, and the whole of it as JSON."""
    searched = (record.get(name) for name in ("friendly_name", "origin", "type"))
    text = json.dumps(record)
    key = (record["account_sid"], record["sid"], record["phone_number"])
    return (*key, *(_storable(value) for value in searched), int(record.get("beta") is True), text)


def _storable(value: object) -> str | None:
    """Return text that SQLite can keep; half of a surrogate pair, which JSON can hold, becomes `?`."""
    return None if value is None else str(value).encode("utf-8", "replace").decode()


def _fill(connection: sqlite3.Connection) -> None:
    """Fill a new file with the assortment."""
    _put(connection, ACCOUNT_SID, [SUBACCOUNT_SID], seeds.numbers())


def _put(connection: sqlite3.Connection, main: str, subaccounts: list[str], numbers: Iterable[Record]) -> None:
    """Fill empty tables; the numbers come as a list answers them, the newest first."""
    accounts = (seeds.account(sid, main, AUTH_TOKEN) for sid in (main, *subaccounts))
    for table, held in (("accounts", accounts), ("addresses", seeds.addresses(main))):
        rows = [(record["sid"], json.dumps(record)) for record in held]
        connection.executemany(f"INSERT INTO {table} (sid, record) VALUES (?, ?)", rows)
    connection.executemany(_INSERT_NUMBER, map(_columns, reversed(list(numbers))))


def open_state(path: Path) -> State:
    """Return the state kept in a file, made with the assortment where there is none; raises Refused."""
    return State(path)


@contextmanager
def _opened(path: Path) -> Iterator[State]:
    """Lend the state once, explaining what goes wrong with its file."""
    state = State(path)
    try:
        with explained(path):
            yield state
    finally:
        state.close()


def reset(path: Path) -> None:
    """Put the assortment back in the place of all there is; raises Refused where the file is not ours."""
    with _opened(path) as state:
        state.replace(ACCOUNT_SID, [SUBACCOUNT_SID], seeds.numbers())


def load(path: Path, found: Iterable[Record]) -> int:
    """Replace the numbers with copies of what `numctl list --json` printed, and return how many there are.

    The accounts that they name become subaccounts of the sandbox's own or, where there is only one, its main
    account. Raises UsageError where something is no number, Refused where the file is not ours; nothing is
    replaced then.
    """
    numbers = checked(found)
    main, subaccounts = family(number["account_sid"] for number in numbers)
    with _opened(path) as state:
        state.replace(main, subaccounts, numbers)
    return len(numbers)


def credentials(path: Path) -> tuple[str, str]:
    """Return the SID of the main account, which `load` may have changed, and its token; raises Refused."""
    with _opened(path) as state:
        return state.accounts()[0]["sid"], AUTH_TOKEN
