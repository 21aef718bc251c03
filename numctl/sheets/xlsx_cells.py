"""The cells of a worksheet, row by row, with their stored values; positions that a file leaves out are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Any, Final

from numctl.sheets.xlsx_texts import TextListener
from numctl.sheets.xlsx_xml import PIECE, End, Excess, Listener, Start, feed, take_in

ROWS_LIMIT, CELLS_LIMIT = 1_048_576, 16_384
ALL_CELLS_LIMIT = 8_000_000
"""Cells of a worksheet, empty ones too: 200,000 full rows. A million empty ones are a few KB of a packed file."""

ROW_SIZE_LIMIT = 4_000_000
"""Characters of a row: 100 cells that a spreadsheet fills to the brim."""

MERGED_LIMIT = 1000
Area = tuple[int, int, int, int]


class Bare:
    """What stands for the value of a formula that has none stored: it looks empty and is not."""


BARE: Final = Bare()


@dataclass
class Values:
    """What a cell's stored text means: the texts that cells share, and the styles that show dates."""

    texts: list[str] = field(default_factory=list)
    dates: dict[str, bool] = field(default_factory=dict)
    since_1904: bool = False

    def of(self, kind: str, style: str, text: str) -> Any:
        """Return the value of a text that is not empty."""
        if kind == "s":
            return self.texts[int(text)]
        if kind == "b":
            return text in ("1", "true")
        if kind == "d":
            from openpyxl.utils.datetime import from_ISO8601

            return from_ISO8601(text)  # type: ignore[no-untyped-call]  # the stubs of openpyxl lack its type
        if kind != "n":
            return text  # an inline text, a formula's, or an error value
        number = float(text) if {".", "E", "e"} & set(text) else int(text)
        return self.date(number, self.dates[style]) if style in self.dates else number

    def date(self, number: float, duration: bool) -> Any:
        """Return the date that a number of days stands for; beyond the calendar it is an error value."""
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        try:
            return from_excel(number, MAC_EPOCH if self.since_1904 else WINDOWS_EPOCH, timedelta=duration)
        except (OverflowError, ValueError):
            return "#VALUE!"


class Rows(TextListener):
    """Turn a worksheet's elements into rows: (number, values), whose last value is that of the last cell."""

    def __init__(self, values: Values) -> None:
        super().__init__()
        self.values = values
        self.done: list[tuple[int, list[Any]]] = []
        self.number = self.row_size = self.count = 0
        self.cells: list[Any] = []
        self.kind = self.style = ""
        self.stored: str | None = None
        self.formula = False

    def starts(self) -> dict[str, Start]:
        """Take in rows, cells, and what they hold."""
        own: dict[str, Start] = {
            "row": self.begin_row,
            "c": self.begin_cell,
            "f": self.begin_formula,
            "v": self.begin_text,
        }
        return {**super().starts(), **own}

    def ends(self) -> dict[str, End]:
        """Put together what was taken in."""
        own: dict[str, End] = {"row": self.end_row, "c": self.end_cell, "v": self.end_value, "is": self.end_value}
        return {**super().ends(), **own}

    def begin_row(self, attributes: Mapping[str, str]) -> None:
        """Begin a row: without a number of its own it is the next."""
        number = int(attributes.get("r", self.number + 1))
        if number > ROWS_LIMIT:
            raise Excess(f"more than {ROWS_LIMIT:,} rows")
        if number <= self.number:
            raise Excess(f"row {number} after row {self.number}")
        self.number = number
        self.row_size = 0
        self.cells = []

    def begin_cell(self, attributes: Mapping[str, str]) -> None:
        """Begin a cell: without an address of its own it is the next."""
        address = attributes.get("r")
        before = len(self.cells)
        column = column_of(address) if address else before + 1
        if column > CELLS_LIMIT:
            raise Excess(f"row {self.number} has more than {CELLS_LIMIT:,} cells")
        if column <= before:
            raise Excess(f"row {self.number} has a cell twice, or not in its place: {address}")
        self.count += 1
        if self.count > ALL_CELLS_LIMIT:
            raise Excess(f"more than {ALL_CELLS_LIMIT:,} cells: save the sheet as CSV")
        self.cells.extend([None] * (column - before))
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        self.stored = None
        self.formula = False

    def begin_formula(self, _: Mapping[str, str]) -> None:
        """Remember that the cell has a formula."""
        self.formula = True

    def end_value(self) -> None:
        """Take the text that stands in the cell."""
        self.open = False
        self.stored = self.collected()
        self.row_size += len(self.stored)
        if self.row_size > ROW_SIZE_LIMIT:
            raise Excess(f"row {self.number} has more than {ROW_SIZE_LIMIT:,} characters")

    def end_cell(self) -> None:
        """Take in a cell's value; a stored text that is empty says so by its type."""
        if self.stored:
            self.cells[-1] = self.values.of(self.kind, self.style, self.stored)
        elif self.formula and self.kind != "str":
            self.cells[-1] = BARE

    def end_row(self) -> None:
        """Hand over a row."""
        self.done.append((self.number, self.cells))


class MergedCells(Listener):
    """The areas of a worksheet whose cells are merged."""

    def __init__(self) -> None:
        self.areas: dict[str, Area] = {}

    def starts(self) -> dict[str, Start]:
        """Take in each area."""
        return {"mergeCell": self.add}

    def add(self, attributes: Mapping[str, str]) -> None:
        """Take in one area; each is held against every empty cell, so that many would take long."""
        if len(self.areas) >= MERGED_LIMIT:
            raise Excess(f"more than {MERGED_LIMIT:,} merged cells: take them apart")
        name = attributes.get("ref", "")
        first, _, last = name.partition(":")
        self.areas[name] = (*place_of(first), *place_of(last or first))

    def over(self, column: int, row: int) -> str | None:
        """Return the name of the area that covers a cell (both from 1), or None."""
        for name, (left, top, right, bottom) in self.areas.items():
            if left <= column <= right and top <= row <= bottom:
                return name
        return None


@lru_cache(maxsize=2 * CELLS_LIMIT)
def column_number(letters: str) -> int:
    """Return a column's number from its letters: A is 1; raises ValueError."""
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        raise ValueError(f"{letters!r} is no column")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_of(address: str) -> int:
    """Return the number of the column in a cell's address; raises ValueError."""
    return column_number(address.rstrip("0123456789"))


def place_of(address: str) -> tuple[int, int]:
    """Return (column, row) of a cell's address, such as `$B$12`; raises ValueError."""
    bare = address.replace("$", "")
    letters = bare.rstrip("0123456789")
    return column_number(letters), int(bare[len(letters) :])


def rows_in(source: IO[bytes], values: Values) -> Iterator[tuple[int, list[Any]]]:
    """Yield (number, values) for each row of a worksheet; raises Excess."""
    rows = Rows(values)
    for _ in feed(source, rows):
        done, rows.done = rows.done, []
        yield from done


def merged_in(source: IO[bytes]) -> MergedCells:
    """Return the merged cells of a worksheet, which is parsed only where it names any."""
    merged = MergedCells()
    if names_merged(source):
        source.seek(0)
        take_in(source, merged)
    return merged


def names_merged(source: IO[bytes]) -> bool:
    """Say whether the bytes name merged cells, which come after all rows."""
    tail = b""
    while piece := source.read(PIECE):
        if b"mergeCell" in tail + piece:
            return True
        tail = piece[-16:]
    return False
