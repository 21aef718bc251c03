"""Turn a sheet and the live records into Changes, and find rows that are too old to carry out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from numctl.changes.change import Change, others
from numctl.changes.plan import setting
from numctl.changes.recorded import Entry, recorded
from numctl.errors import Refused
from numctl.model.moment import moment
from numctl.model.number import Record, difference
from numctl.model.outcome import Outcome
from numctl.model.settings import URL_FIELDS
from numctl.sheets import Row, Sheet, read_only_differences, wanted_by_row
from numctl.text.cells import as_text
from numctl.wording import quoted

_LeftByUs = Callable[[str], Iterable[Entry] | None]
"""A number's SID → each change that this machine made to it, newest first."""


def ref_of(row: Row) -> str:
    """What a row's number is looked up by: its SID, else its exact number."""
    return row.sid or row.phone_number or ""


def changes_of(sheet: Sheet, lives: Sequence[Record], left_by_us: _LeftByUs, *, force: bool) -> list[Change]:
    """The change of each row, in the order of the sheet; `lives` has the record of each row.

    A row that would change a number changed since the sheet was written is settled as `skipped`, unless `force`.
    Raises SheetErrors for values that cannot be set.
    """
    changes = []
    for row, live, wanted in zip(sheet.rows, lives, wanted_by_row(sheet, lives), strict=True):
        change = setting(live, wanted)
        stale = not force and change.settled is None and _is_stale(row, live, left_by_us)
        changes.append(_stale(row, change) if stale else change)
    return changes


def _is_stale(row: Row, live: Record, left_by_us: _LeftByUs) -> bool:
    """Whether someone else changed the number since the sheet was written.

    Nobody else did if this machine's own changes lead from the sheet's version of the number to the live one: each
    found what the one before it left, and altered only what it asked for.
    """
    written, reached = moment(row.date_updated), live
    if written is None or moment(live.get("date_updated")) == written:
        return False
    for entry in left_by_us(live["sid"]) or ():
        if difference(entry["after"], reached) or others(recorded(entry), entry["after"]):
            return True
        reached = entry["before"] or {}
        if moment(reached.get("date_updated")) == written:
            return False
    return True


def _stale(row: Row, change: Change) -> Change:
    """Skip a row that is older than the number's last change.

    What was changed since is among the settings in which the two differ: those that the change would set.
    """
    live = change.before or {}
    when, now = live.get("date_updated"), ", ".join(_shown(name, live.get(name)) for name in change.wanted)
    reason = Refused(
        f"{row.place}: {change.phone_number} was changed on {when}, after the sheet was written; now it has {now}",
        hint="export it again and edit that, or use --force",
    )
    return replace(change, settled=Outcome.SKIPPED, reason=reason)


def _shown(name: str, value: Any) -> str:
    """A URL may hold a password, so only its name is shown."""
    if name in URL_FIELDS and value:
        return f"another {name}"
    return f"{name} {as_text(value)!r}" if value not in (None, "") else f"no {name}"


def differences(sheet: Sheet, lives: Sequence[Record]) -> Iterator[str]:
    """A line for each read-only cell that differs from the live value, which is never sent."""
    for row, live in zip(sheet.rows, lives, strict=True):
        for column, cell, value in read_only_differences(row, live):
            yield f"{row.at(column)}: {quoted(cell)} in the sheet, {quoted(value)} on the service; it cannot be set"
