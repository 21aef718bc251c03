"""The cells of a worksheet as they stream by, with or without their own addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, reduce
from typing import Any

from numctl.sheets.columns import COLUMNS_LIMIT
from numctl.sheets.xlsx_book import Book
from numctl.sheets.xlsx_parts import TOO_LARGE, Elements, Refused

_LAST_ROW = 1_048_576
_ROW_LENGTH = 4 * 1024 * 1024
"""Characters of all cells of a row, which is held in memory: 128 cells may be full."""

_MERGED_LIMIT = 100_000
_DIGITS = "0123456789"
_LETTERS = re.compile("[A-Z]{1,3}")

BARE = object()
"""Stands for the value of a formula that has none stored."""


class Cells:
    """The cells of a worksheet that hold something: (number, position from 0 → value) of each row.

    `merged` has its merged areas after all rows were read.
    """

    def __init__(self, book: Book, part: str) -> None:
        self.merged: list[str] = []
        self._book, self._part = book, part
        starts = {"row": self._begin_row, "c": self._begin_cell, "f": self._mark_formula, "mergeCell": self._add_merged}
        self._elements = Elements(starts, {"c": self._end_cell, "row": self._end_row}, ("v", "t"))
        self._rows: list[tuple[int, dict[int, Any]]] = []
        self._row: dict[int, Any] = {}
        self._room = _ROW_LENGTH
        self._number = 0
        self._position = -1
        self._cell: dict[str, str] = {}
        self._has_formula = False

    def __iter__(self) -> Iterator[tuple[int, dict[int, Any]]]:
        for _ in self._book.read(self._part, self._elements):
            yield from self._rows
            self._rows.clear()

    def _begin_row(self, row: dict[str, str]) -> None:
        number = int(row.get("r", self._number + 1))
        if number <= self._number:
            raise ValueError("the rows are not in their order")
        if number > _LAST_ROW:
            raise Refused(f"more than {_LAST_ROW:,} rows")
        self._number, self._position, self._row, self._room = number, -1, {}, _ROW_LENGTH

    def _end_row(self) -> None:
        if self._row:
            self._rows.append((self._number, self._row))

    def _begin_cell(self, cell: dict[str, str]) -> None:
        place = cell.get("r")
        self._position = _position(place.rstrip(_DIGITS)) if place else self._position + 1
        if self._position >= COLUMNS_LIMIT:
            raise Refused("a row has more cells than a spreadsheet has columns")
        self._cell, self._has_formula = cell, False

    def _mark_formula(self, _: dict[str, str]) -> None:
        self._has_formula = True

    def _end_cell(self) -> None:
        text, kind = self._elements.take(), self._cell.get("t", "n")
        self._room -= len(text)
        if self._room < 0:
            raise Refused(f"a row of more than {_ROW_LENGTH:,} characters")
        if self._has_formula and self._is_bare(text, kind):
            self._row[self._position] = BARE
        elif text and (value := self._value(text, kind)) != "":
            self._row[self._position] = value

    def _is_bare(self, text: str, kind: str) -> bool:
        """Whether a formula has no stored value. An empty text has its own type, unless all values are placeholders."""
        return text in ("", "0") if self._book.recalculates else not text and kind != "str"

    def _value(self, text: str, kind: str) -> Any:
        """A text, a number, a boolean, a date or a time."""
        if kind == "s":
            return self._book.texts[int(text)]
        if kind == "b":
            return bool(int(text))
        if kind == "n":
            return self._book.number(float(text), self._cell.get("s", ""))
        if kind == "d":
            from openpyxl.utils.datetime import from_ISO8601

            return from_ISO8601(text)  # type: ignore[no-untyped-call]  # its stub says nothing of types
        return text

    def _add_merged(self, area: dict[str, str]) -> None:
        self.merged.append(area["ref"])
        if len(self.merged) > _MERGED_LIMIT:
            raise Refused(TOO_LARGE)


@cache
def _position(letters: str) -> int:
    """The position of a column, from 0."""
    if not _LETTERS.fullmatch(letters):
        raise ValueError(f"{letters} are not the letters of a column")
    return reduce(lambda position, letter: position * 26 + ord(letter) - 64, letters, 0) - 1
