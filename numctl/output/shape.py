"""What one kind of row looks like, how it is to be shown, and what a writer does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from numctl.errors import UsageError
from numctl.wording import cut

Kind = Literal["table", "json", "jsonl", "csv", "xlsx"]
Row = Mapping[str, Any]


class Output(NamedTuple):
    """How the user wants the result: the format, keys only, and which fields in which order."""

    kind: Kind = "table"
    quiet: bool = False
    fields: tuple[str, ...] | None = None


def _pick(row: Row, name: str) -> Any:
    """Return a column that is simply a field of the row."""
    return row.get(name)


@dataclass(frozen=True)
class Shape:
    """What one kind of row looks like in every format.

    `value` is asked for each column that is not in `plain`, where the row's own field is meant; `show` replaces it in
    tables, for a form that is only for reading. JSON never goes through either for a name in `fields`. `expands` maps
    a field to the columns that stand for it in a sheet; `text_keys` are identifiers: never shortened in a table, and
    a well-formed number among them is never guarded in a sheet. `styles` maps a column and its value to a style of
    `render.text`. With `once`, -q prints a key that repeats only once. `droppable` are columns of the table that a
    narrow terminal goes without, the first one first, unless they were asked for.
    """

    name: str
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    table: tuple[str, ...]
    key: str
    value: Callable[[Row, str], Any] = _pick
    show: Callable[[Row, str], Any] | None = None
    plain: frozenset[str] = frozenset()
    expands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    writable: frozenset[str] = frozenset()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text_keys: frozenset[str] = frozenset()
    styles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    once: bool = False
    droppable: tuple[str, ...] = ()

    @property
    def valid(self) -> tuple[str, ...]:
        """Return what --fields accepts, in the order in which it is listed."""
        return tuple(dict.fromkeys((*self.fields, *self.columns, *self.table)))

    def sheet_columns(self, fields: Sequence[str] | None) -> tuple[str, ...]:
        """Return the columns of CSV and XLSX for the fields that were asked for."""
        if fields is None:
            return self.columns
        return tuple(dict.fromkeys(column for name in fields for column in self.expands.get(name, (name,))))

    def picked(self, row: Row, fields: Sequence[str]) -> dict[str, Any]:
        """Return the fields that were asked for as the object that JSON prints."""
        return {name: row.get(name) if name in self.fields else self.value(row, name) for name in fields}


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
        wrong = f"unknown field: {cut(', '.join(map(repr, unknown)))}" if unknown else "--fields names no field"
        raise UsageError(wrong, hint=f"the fields are: {', '.join(valid)}")


def values_of(shape: Shape, names: Sequence[str]) -> Callable[[Row], list[Any]]:
    """Return a function that reads these columns of a row, at the price of a look-up where the field is plain."""
    computed = [(index, name) for index, name in enumerate(names) if name not in shape.plain]

    def read(row: Row) -> list[Any]:
        values: list[Any] = list(map(row.get, names))
        for index, name in computed:
            values[index] = shape.value(row, name)
        return values

    return read


def shown_by(shape: Shape, names: Sequence[str]) -> Callable[[Row], list[Any]]:
    """Return a function that reads these columns of a row as a table shows them."""
    show = shape.show
    return values_of(shape, names) if show is None else lambda row: [show(row, name) for name in names]
