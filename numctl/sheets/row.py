"""A sheet as it was read: rows share a layout, so that 100,000 of them stay small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from numctl.model.settings import RESTORABLE

Kind = Literal["csv", "xlsx", "json", "jsonl"]


@dataclass(frozen=True, slots=True)
class Layout:
    """What the rows of a sheet have in common: its name and kind, and the place of each column.

    `columns` are the settings and the read-only columns in use, in the order of a row's values; `positions` has the
    place (from 0) of each of them and of the keys in a line of the sheet, `width` the number of cells in it.
    `nameless` are the places without a name in the header; `whole` says that all columns count.
    """

    name: str
    kind: Kind
    columns: tuple[str, ...]
    positions: Mapping[str, int]
    nameless: frozenset[int] = frozenset()
    width: int = 0
    whole: bool = True

    def address(self, position: int, record: int) -> str:
        """A cell's address as a spreadsheet shows it, such as `C12`."""
        return f"{letters(position)}{record}"


@dataclass(frozen=True, slots=True)
class Row:
    """One number's row: which number it is, and the text of the columns in use.

    `line` counts lines (CSV, JSON Lines), rows (XLSX) or items (JSON) from 1, `record` the rows as a spreadsheet
    numbers them. Texts are as in the sheet; JSON's null is the empty text, its booleans are `true` and `false`.
    """

    layout: Layout
    line: int
    record: int
    sid: str | None
    phone_number: str | None
    account_sid: str | None
    date_updated: str | None
    values: tuple[str, ...]

    @property
    def place(self) -> str:
        """The row's place, for a message: `line 12`, `row 12` or `item 12`."""
        return place(self.layout.kind, self.line)

    @property
    def cells(self) -> dict[str, str]:
        """The settings in the sheet: field → text, not yet checked."""
        return {name: text for name, text in zip(self.layout.columns, self.values, strict=True) if name in RESTORABLE}

    @property
    def read_only(self) -> dict[str, str]:
        """The read-only columns in the sheet: column → text."""
        pairs = zip(self.layout.columns, self.values, strict=True)
        return {name: text for name, text in pairs if name not in RESTORABLE}

    def text(self, column: str) -> str:
        """One cell's text; an empty key has none."""
        if column in self.layout.columns:
            return self.values[self.layout.columns.index(column)]
        return getattr(self, column) or ""

    def at(self, column: str) -> str:
        """A cell's address, for a message: `C12 (voice_url)` or `item 12, voice_url`."""
        return cell_address(self.layout, column, self.line, self.record)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet: its rows, the columns in use, and how many rows have no date_updated."""

    name: str
    kind: Kind
    columns: tuple[str, ...]
    rows: list[Row]
    undated: int

    @property
    def has_dates(self) -> bool:
        """Whether every row has a date_updated."""
        return self.undated == 0

    @property
    def lacking_dates(self) -> str:
        """What has no date_updated, with the verb: `the sheet has`, or `2 of 5 rows have`."""
        if self.undated == len(self.rows):
            return "the sheet has"
        return f"{self.undated:,} of {len(self.rows):,} rows {'has' if self.undated == 1 else 'have'}"


def place(kind: Kind, line: int) -> str:
    """A row's place as the format counts: lines, rows or items."""
    return f"{ {'xlsx': 'row', 'json': 'item'}.get(kind, 'line') } {line}"


def cell_address(layout: Layout, column: str, line: int, record: int) -> str:
    """The address of one column in one row, for a message."""
    if layout.kind in ("csv", "xlsx"):
        return f"{layout.address(layout.positions[column], record)} ({column})"
    return f"{place(layout.kind, line)}, {column}"


def letters(position: int) -> str:
    """A column's letters as in spreadsheets: 0 → A, 25 → Z, 26 → AA."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
