"""A column: its name, and what it holds of a row in JSON, in a sheet and in a table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numctl.text.paint import Style

Row = Mapping[str, Any]
_Value = Callable[[Row], Any]


@dataclass(frozen=True)
class Column:
    """One column of one kind of row; without a `value` it holds the row's own field of that name.

    `cell` replaces the value in sheets and tables, and `text` in tables alone. None of them sends a request: what has
    to be asked for is put into the rows of a page before a writer gets it. A column that is `whole` is never shortened
    in a table, and a well-formed number in it is not guarded in a sheet. `parts` name the columns that stand for it in
    a sheet. A workbook shades what is `read_only` and offers the `choices`. `styles` map a cell to how it is
    painted.
    """

    name: str
    value: _Value | None = None
    cell: _Value | None = None
    text: _Value | None = None
    whole: bool = False
    parts: tuple[str, ...] = ()
    read_only: bool = False
    choices: tuple[str, ...] = ()
    styles: Mapping[str, Style] = field(default_factory=dict)

    @property
    def in_sheet(self) -> _Value | None:
        """What computes the cell of a sheet."""
        return self.cell or self.value

    @property
    def in_table(self) -> _Value | None:
        """What computes the cell of a table."""
        return self.text or self.in_sheet


def columns_of(names: Iterable[str], *special: Column, whole: Collection[str] = ()) -> tuple[Column, ...]:
    """A column for each name: the row's own field, unless it is among the special ones."""
    by_name = {column.name: column for column in special}
    return tuple(by_name.get(name) or Column(name, whole=name in whole) for name in names)


def reader(columns: Sequence[Column], values: Sequence[_Value | None]) -> Callable[[Row], list[Any]]:
    """A function that reads these columns of a row, as cheaply as a look-up if none is computed."""
    names = [column.name for column in columns]
    computed = [(index, value) for index, value in enumerate(values) if value is not None]

    def read(row: Row) -> list[Any]:
        found: list[Any] = list(map(row.get, names))
        for index, value in computed:
            found[index] = value(row)
        return found

    return read
