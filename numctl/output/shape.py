"""What one kind of row looks like, how the user wants it, and what a writer does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from numctl.errors import UsageError
from numctl.output.columns import Column, Row
from numctl.text.suggestions import unknown_field

Kind = Literal["table", "json", "jsonl", "csv", "xlsx"]


class Output(NamedTuple):
    """How the user wants the result: the format, keys only, and which fields in which order."""

    kind: Kind = "table"
    quiet: bool = False
    fields: tuple[str, ...] | None = None

    @property
    def is_view(self) -> bool:
        """Whether the user left it to numctl what to show: no format for programs, and no choice of fields."""
        return self.kind == "table" and not self.quiet and self.fields is None


@dataclass(frozen=True)
class Shape:
    """One kind of row: all columns that --fields accepts, and which of them are shown unless it picks others.

    `table` and `sheet` name the latter, and mean all columns where they are empty. `droppable` are columns that a
    narrow terminal goes without, the first one first, unless they were asked for. -q prints the column `key`; with
    `once`, one that repeats only once.
    """

    name: str
    key: str
    columns: tuple[Column, ...]
    table: tuple[str, ...] = ()
    sheet: tuple[str, ...] = ()
    droppable: tuple[str, ...] = ()
    once: bool = False

    @property
    def valid(self) -> tuple[str, ...]:
        """What --fields accepts, in the order in which it is listed."""
        return tuple(column.name for column in self.columns)

    def picked(self, names: Sequence[str]) -> list[Column]:
        """The columns of these names."""
        by_name = {column.name: column for column in self.columns}
        return [by_name[name] for name in names]

    def table_columns(self, fields: Sequence[str] | None) -> list[Column]:
        """The columns of a table for the fields that were asked for."""
        return self.picked(fields or self.table or self.valid)

    def sheet_columns(self, fields: Sequence[str] | None) -> list[Column]:
        """The columns of CSV and XLSX for the fields that were asked for."""
        names = [part for column in self.picked(fields or ()) for part in column.parts or (column.name,)]
        return self.picked(list(dict.fromkeys(names)) or self.sheet or self.valid)


class Writer(Protocol):
    """Writes rows as they arrive. Nothing more is written after a failure: `finish` is then not called."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write one page of rows."""

    def finish(self) -> None:
        """Write what ends the output; an array that is never finished stays unterminated."""


def check_fields(output: Output, shape: Shape) -> None:
    """Raise UsageError for a field that there is not, listing those that there are."""
    if output.fields is None:
        return
    valid = shape.valid
    unknown = [name for name in output.fields if name not in valid]
    if unknown or not output.fields:
        wrong = unknown_field(unknown[0], valid) if unknown else "--fields names no field"
        raise UsageError(wrong, see="all fields")
