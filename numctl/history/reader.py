"""Read the history, newest first and row by row."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from numctl.errors import NotFound, Refused, UsageError
from numctl.history.file import (
    HINT,
    PATIENCE,
    knows_interrupts,
    open_for_reading,
    unusable,
)
from numctl.history.journal import stamp, storable
from numctl.model.ids import normal_sid
from numctl.model.number import Record
from numctl.model.outcome import Outcome
from numctl.wording import cut, quoted

if TYPE_CHECKING:
    import sqlite3

_AGE_FORM = re.compile(r"([0-9]{1,6})([dhw])")
_DATE_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{3})?)?Z?)?")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}

_NOT_DONE = frozenset({Outcome.FAILED, Outcome.SKIPPED})
_WITHOUT_EFFECT = _NOT_DONE | {Outcome.UNCHANGED}

RUN_KEYS = (
    "id",
    "time",
    "user",
    "host",
    "profile",
    "account_sid",
    "verb",
    "command",
    "outcome",
    "numbers",
    "undoes",
)
# CROSS JOIN makes SQLite keep this order, runs outside: rows then stream, newest first, without sorting.
RUNS = """SELECT id, time, user, host, profile, runs.account_sid, verb, command,
        group_concat(DISTINCT coalesce(outcome, 'unknown')), count(DISTINCT phone_number), undoes, interrupted
    FROM runs CROSS JOIN changes ON run = number
    WHERE {where} GROUP BY number ORDER BY number DESC LIMIT ?"""
_WITH_EFFECT = "coalesce(outcome, 'unknown') NOT IN ('failed', 'skipped', 'unchanged')"
OF_ACCOUNT = f"""(runs.account_sid = ? OR EXISTS
    (SELECT 1 FROM changes AS own WHERE own.run = number AND own.account_sid = ? AND {_WITH_EFFECT}))"""
_CHANGED_NUMBERS = (
    f"SELECT phone_number FROM changes WHERE run = (SELECT number FROM runs WHERE id = ?) AND {_WITH_EFFECT}"
)
_PUT_BACK = """SELECT number, id, undoes, phone_number, coalesce(outcome, 'unknown') = 'unknown'
    FROM runs CROSS JOIN changes ON run = number
    WHERE undoes IS NOT NULL AND coalesce(outcome, 'unknown') NOT IN ('failed', 'skipped') ORDER BY number DESC"""
_TOUCHING = "number IN (SELECT run FROM changes WHERE phone_number = ? UNION SELECT run FROM changes WHERE sid = ?)"

CHANGE_KEYS = (
    "phone_number",
    "sid",
    "operation",
    "before",
    "wanted",
    "after",
    "outcome",
    "error",
    "started",
    "ended",
    "account_sid",
)
_CHANGES = """SELECT phone_number, sid, operation, before, wanted, after, coalesce(outcome, 'unknown'), error,
        started, ended, account_sid
    FROM changes WHERE {where}"""
_OBJECTS = ("before", "wanted", "after", "error")

_Undone = dict[str, dict[str, tuple[int, str | None]]]
"""Run → number → when it was last decided, and the undo that put it back, if that still holds."""


def parse_since(text: str, now: datetime) -> datetime:
    """The time that `--since` means: an age (7d, 12h, 2w) before `now`, or a date or time in UTC.

    Times are read as the history prints them, ISO 8601. Raises UsageError.
    """
    try:
        if age := _AGE_FORM.fullmatch(text):
            return (now - timedelta(**{_UNITS[age[2]]: int(age[1])})).astimezone(UTC)
        if _DATE_FORM.fullmatch(text):
            return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise UsageError(
        f"--since {quoted(text)} is neither a date nor an age", hint="write 2024-05-31, or 7d for seven days"
    )


def run_outcome(outcomes: set[str]) -> str:
    """One word for a run: `unknown` if any change is, `partial` if some were done and some not.

    Numbers that were already as wanted count as neither; changes of several kinds, all done, are `changed`.
    """
    if Outcome.UNKNOWN in outcomes:
        return Outcome.UNKNOWN
    failed, done = outcomes.intersection(_NOT_DONE), outcomes.difference(_WITHOUT_EFFECT)
    if failed and done:
        return "partial"
    if failed:
        return failed.pop() if len(failed) == 1 else Outcome.FAILED
    if not done:
        return Outcome.UNCHANGED
    return done.pop() if len(done) == 1 else Outcome.CHANGED


def _decode(text: str | None) -> Any:
    return None if text is None else json.loads(text)


class History:
    """Read the history. Without a file it is empty; reading creates none and needs no right to write."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path, *, patience: float = PATIENCE) -> History:
        """Open the history at `path`; raises Refused if it is not numctl's or cannot be read."""
        import sqlite3

        try:
            return cls(path, open_for_reading(path, patience))
        except sqlite3.Error as error:
            raise unusable(path, error) from error

    def runs(
        self,
        *,
        number: str | None = None,
        since: datetime | None = None,
        account_sid: str | None = None,
        limit: int | None = None,
    ) -> Iterator[Record]:
        """Yield the runs, newest first, with the keys of `history --json`; `number` is E.164 or a PN SID.

        A run counts as undone while everything that it changed is put back. It belongs to the account it is
        recorded for, and to each account in which it changed a number.
        """
        undone = self._undone()
        conditions: list[tuple[str, list[str]]] = [("1", [])]
        if number is not None:
            conditions.append((_TOUCHING, [number, number]))
        if since is not None:
            conditions.append(("time >= ?", [stamp(since)]))
        if account_sid is not None:
            conditions.append((OF_ACCOUNT, [account_sid, account_sid]))
        where = " AND ".join(condition for condition, _ in conditions)
        values = [value for _, given in conditions for value in given]
        for run in self._runs(where, values, limit):
            yield {**run, "undone_by": self._undone_by(run["id"], undone)}

    def changes(self, run_id: str) -> Iterator[Record]:
        """Yield one run's changes in the order they were begun, with the keys of `history ID --json`.

        Raises NotFound if no run has this ID.
        """
        run = self.find_run(run_id)
        where = "run = (SELECT number FROM runs WHERE id = ?) ORDER BY entry"
        yield from self._changes(where, [run["id"]])

    def changes_to(self, number: str, run_id: str) -> Iterator[Record]:
        """Yield what a run did to one number; `number` is E.164 or a PN SID."""
        where = "run = (SELECT number FROM runs WHERE id = ?) AND (phone_number = ? OR sid = ?) ORDER BY entry"
        return self._changes(where, [run_id, number, number])

    def find_run(self, run_id: str) -> Record:
        """The run with exactly this ID, in any case; raises NotFound."""
        if not run_id:
            raise UsageError("the run's ID is empty", hint="numctl history lists the runs")
        for run in self._runs("id = ?", [storable(run_id.lower())]):
            return {**run, "undone_by": self._undone_by(run["id"], self._undone())}
        raise NotFound(f"there is no run {cut(run_id)} in this machine's history", hint="numctl history lists the runs")

    def last_undoable(self, account_sid: str, *, besides: Collection[str] = ()) -> Record | None:
        """The account's newest run that may have changed something, is no undo, and is not undone.

        Runs of the verbs in `besides` are left out.
        """
        for run in self.runs(account_sid=account_sid):
            if run["verb"] in besides:
                continue
            without = run["outcome"] in _WITHOUT_EFFECT or not any(self._rows(_CHANGED_NUMBERS, [run["id"]]))
            if not (run["undoes"] or run["undone_by"] or without):
                return run
        return None

    def gave_back(self, ref: str, accounts: Collection[str]) -> bool:
        """Whether this machine's last change of a number, in one of these accounts, was to release it.

        If that outcome is unknown it does not count: somebody may have moved the number instead.
        """
        name, key = ("phone_number", ref) if ref.startswith("+") else ("sid", ref[:2] + ref[2:].lower())
        return any(
            change["outcome"] == "released" and change["account_sid"] in accounts
            for change in self._changes(f"{name} = ? AND {_WITH_EFFECT} ORDER BY entry DESC LIMIT 1", [key])
        )

    def left_by_us(self, sid: str) -> Iterator[Record]:
        """Yield this machine's changes of a number whose answers are known, newest first."""
        return self._changes(f"sid = ? AND after IS NOT NULL AND {_WITH_EFFECT} ORDER BY entry DESC", [sid])

    def recent(self, refs: Collection[str], since: datetime) -> list[Record]:
        """The changes of numbers or SIDs that were or may have been made since then, newest first.

        It is one query however many there are, by the indexes: `+entry` keeps SQLite from reading in that
        order.
        """
        asked = json.dumps([normal_sid(ref) for ref in refs])
        of_one = "(sid IN (SELECT value FROM json_each(?)) OR phone_number IN (SELECT value FROM json_each(?)))"
        where = f"{of_one} AND coalesce(ended, started) >= ? AND {_WITH_EFFECT} ORDER BY +entry DESC"
        return list(self._changes(where, [asked, asked, stamp(since)]))

    def recent_purchases(self, account_sid: str, area_code: str, since: datetime) -> list[Record]:
        """The changes since then, newest first, that bought a number of an area code or may have.

        They are recognised by `area_code` in what was wanted, which the verb puts there.
        """
        earliest = stamp(since)
        newest_first = self._changes("account_sid = ? ORDER BY entry DESC", [account_sid])
        return [
            change
            for change in takewhile(lambda change: change["started"] >= earliest, newest_first)
            if change["wanted"].get("area_code") == area_code and change["outcome"] not in _WITHOUT_EFFECT
        ]

    def _undone(self) -> _Undone:
        """What is put back of each run; newest first, so that an undo's own fate is known before it counts.

        An undo that was undone for a number takes it back from the run at that later moment, and no older undo
        of the run counts for it, not even one that found it in place.
        """
        undone: _Undone = defaultdict(dict)
        for place, undo, run_id, number, unknown in self._rows(_PUT_BACK, ()):
            when, undone_again = undone[undo].get(number, (place, None))
            if unknown and number not in undone[undo]:  # it may have put nothing back
                continue
            if when > undone[run_id].get(number, (0, None))[0]:
                undone[run_id][number] = (when, None if undone_again else undo)
        return undone

    def _undone_by(self, run_id: str, undone: _Undone) -> str | None:
        """The newest undo of a run whose changed numbers are all put back; IDs are in the order of time."""
        by = {number: undo for number, (_, undo) in undone.get(run_id, {}).items() if undo}
        if not by or any(number not in by for (number,) in self._rows(_CHANGED_NUMBERS, [run_id])):
            return None
        return max(by.values())

    def _runs(self, where: str, values: Sequence[str | None] = (), limit: int | None = None) -> Iterator[Record]:
        query = RUNS if knows_interrupts(self._connection) else RUNS.replace("interrupted", "NULL")
        for *row, interrupted in self._rows(query.format(where=where), [*values, -1 if limit is None else limit]):
            run = dict(zip(RUN_KEYS, row, strict=True))
            run["outcome"] = "interrupted" if interrupted else run_outcome(set(run["outcome"].split(",")))
            yield run

    def _changes(self, where: str, values: Sequence[str]) -> Iterator[Record]:
        for row in self._rows(_CHANGES.format(where=where), values):
            change = dict(zip(CHANGE_KEYS, row, strict=True))
            try:
                change.update({key: _decode(change[key]) for key in _OBJECTS})
            except ValueError as error:
                raise Refused(f"{self.path}: the history cannot be used: it is damaged", hint=HINT) from error
            yield change

    def _rows(self, statement: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        import sqlite3

        try:
            yield from self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise unusable(self.path, error) from error

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
