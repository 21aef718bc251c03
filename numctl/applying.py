"""From a sheet and the live records to Changes: what each row wants, and which rows are too old to be carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from numctl.errors import Refused
from numctl.number import Record
from numctl.plan import Change, check_wanted, setting
from numctl.sheets import Row, Sheet, read_only_differences, settle

LeftByUs = Callable[[str, str], str | None]
"""(account SID, number's SID) → the `date_updated` that this machine's own last change left."""


def ref_of(row: Row) -> str:
    """Return by what a row's number is looked for: its SID, else its exact number."""
    return row.sid or row.phone_number or ""


def changes_of(sheet: Sheet, lives: Sequence[Record], left_by_us: LeftByUs, *, force: bool) -> list[Change]:
    """Return the change of each row, in the order of the sheet; `lives` has the record of each row.

    A row that would change something and whose number was changed since the sheet was written is settled as
    `skipped`, unless `force`. Raises SheetErrors for values that cannot be set.
    """
    changes = []
    for row, live, wanted in zip(sheet.rows, lives, settle(sheet, lives), strict=True):
        check_wanted(wanted)
        change = setting(live, wanted)
        stale = not force and change.settled is None and is_stale(row, live, left_by_us)
        changes.append(refused(row, change) if stale else change)
    return changes


def is_stale(row: Row, live: Record, left_by_us: LeftByUs) -> bool:
    """Say whether someone else changed the number since the sheet was written."""
    now = live.get("date_updated")
    if not row.date_updated or now == row.date_updated:
        return False
    return now != left_by_us(str(live.get("account_sid")), live["sid"])


def refused(row: Row, change: Change) -> Change:
    """Return the change settled as skipped, because its row is older than the number's last change."""
    live = change.before or {}
    reason = Refused(
        f"{row.place}: {change.phone_number} was changed on {live.get('date_updated')}, after the sheet was written",
        hint="export it anew and edit that, or --force",
    )
    return replace(change, settled="skipped", reason=reason)


def differences(sheet: Sheet, lives: Sequence[Record]) -> Iterator[str]:
    """Yield a line for each read-only cell that differs from the live value: it is reported and never sent."""
    for row, live in zip(sheet.rows, lives, strict=True):
        for column, cell, value in read_only_differences(row, live):
            yield f"{row.at(column)}: {cell!r} in the sheet, {value!r} on the service; it cannot be set"
