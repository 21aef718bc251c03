"""The columns that a sheet may have, and how its header is read."""

from __future__ import annotations

from collections.abc import Sequence

from numctl.errors import UsageError
from numctl.model.number import COLUMNS, FIELDS, TABLE_FIELDS
from numctl.model.settings import RESTORABLE
from numctl.sheets.problems import SheetErrors
from numctl.sheets.row import Kind, Layout, letters
from numctl.text.suggestions import did_you_mean
from numctl.wording import cut, quoted

KEYS = ("sid", "phone_number", "account_sid", "date_updated")
"""The columns that say which number a row is for, and how old the row is; `--only` keeps them."""

_ONLY = "--only FIELD applies just the columns that you name"

COLUMNS_LIMIT = 16_384
"""As many as a spreadsheet has."""

_SUGGESTED = 100
"""The most unknown names to suggest others for: a search takes a millisecond or two."""

KNOWN: tuple[str, ...] = tuple(dict.fromkeys((*COLUMNS, *FIELDS, *TABLE_FIELDS)))
"""Every column that numctl writes, in its order."""


def check_only(only: frozenset[str] | None) -> None:
    """Raise UsageError if `--only` names something that cannot be set."""
    unknown = sorted((only or frozenset()) - RESTORABLE)
    if unknown:
        names = cut(", ".join(repr(name) for name in unknown))
        meant = did_you_mean(unknown[0], sorted(RESTORABLE)) if len(unknown) == 1 else ""
        raise UsageError(f"--only: {names} cannot be set{meant}", see="fields that can be set")


def check_only_is_there(only: frozenset[str] | None, columns: Sequence[str], name: str) -> None:
    """Raise UsageError if `--only` names a column that the sheet lacks: a typo must not do nothing."""
    missing = sorted((only or frozenset()) - set(columns))
    if missing:
        raise UsageError(f"{name}: --only: the sheet has no column {', '.join(missing)}", hint="nothing was sent")


def used(name: str, only: frozenset[str] | None) -> bool:
    """Whether a column counts: all do, unless `--only` picks some besides the keys."""
    return only is None or name in only or name in KEYS


def from_header(
    sheet: str, kind: Kind, names: Sequence[str], record: int, only: frozenset[str] | None
) -> tuple[Layout, list[str]]:
    """The layout that a header describes, and a line for each unknown or repeated column."""
    if len(names) > COLUMNS_LIMIT:
        raise SheetErrors(sheet, [f"more than {COLUMNS_LIMIT:,} columns"])
    positions: dict[str, int] = {}
    nameless: list[int] = []
    faults: list[str] = []
    for position, name in enumerate(name.strip() for name in names):
        address = f"{letters(position)}{record}"
        if not used(name, only):
            continue
        if not name:
            nameless.append(position)
        elif name not in KNOWN:
            faults.append(f"{address}: {unknown(name, suggest=len(faults) < _SUGGESTED)}")
        elif name in positions:
            faults.append(f"{address}: the column {name} appears twice, first in {letters(positions[name])}{record}")
        else:
            positions[name] = position
    if "sid" not in positions and "phone_number" not in positions:
        faults.append("the header needs a column sid or phone_number")
    columns = tuple(name for name in positions if name not in KEYS)
    return Layout(sheet, kind, columns, positions, frozenset(nameless), len(names), only is None), faults


def unknown(name: str, *, suggest: bool) -> str:
    """The message for a column that numctl does not know, with the one that may be meant."""
    meant = did_you_mean(name, KNOWN) if suggest else ""
    return f"{quoted(name)} is not a column that numctl knows" + (meant or f": {_ONLY}")
