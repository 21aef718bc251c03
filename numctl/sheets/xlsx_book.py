"""A workbook (ECMA-376 part 1, 18): its worksheets, the texts that cells share, and which numbers are dates."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, NamedTuple

from numctl.sheets.xlsx_parts import TOO_LARGE, Budget, Elements, Refused, Starts, opened, read_part

CELLS_SIZE, CELLS_TAGS = 512 * 1024 * 1024, 50_000_000
"""Bytes and tags of the worksheets and the shared texts: 100,000 full rows have 256 MB and 21,000,000 tags."""

REST_SIZE, REST_TAGS = 16 * 1024 * 1024, 500_000
"""Bytes and tags of all other parts that are read."""

TEXTS_LIMIT = 96 * 1024 * 1024
"""Bytes of memory for the shared texts: those of 100,000 full rows take 70 MB."""

_FORMAT_LENGTH = 255
_YES = ("1", "true")


class Worksheet(NamedTuple):
    """A worksheet: its name, its part, and whether it is shown."""

    title: str
    part: str
    shown: bool


class Book:
    """A workbook, open for reading; raises Refused, and anything if the file is damaged."""

    def __init__(self, file: IO[bytes]) -> None:
        self._archive = opened(file)
        self._cells, self._rest = Budget(CELLS_SIZE, CELLS_TAGS), Budget(REST_SIZE, REST_TAGS)
        self.worksheets: list[Worksheet] = []
        self.recalculates = False
        main = next(part for _, kind, part in self._relations("") if kind == "officeDocument")
        relations = self._relations(main)
        by_kind = {kind: part for _, kind, part in relations}
        self._epoch = self._read_main(main, {name: part for name, kind, part in relations if kind == "worksheet"})
        self.dates = self._date_styles(by_kind["styles"]) if "styles" in by_kind else {}
        self.texts = self._shared_texts(by_kind["sharedStrings"]) if "sharedStrings" in by_kind else []

    def read(self, part: str, elements: Elements) -> Iterator[None]:
        """Read a part that holds cells or their texts, and yield after each piece of it."""
        return read_part(self._archive, part, elements, self._cells)

    def number(self, number: float, style: str) -> Any:
        """A number, or the date or time that it stands for in a style."""
        if style not in self.dates:
            return number
        from openpyxl.utils.datetime import from_excel

        try:
            return from_excel(number, self._epoch, timedelta=self.dates[style])
        except (OverflowError, ValueError):
            return "#VALUE!"

    def _scan(self, part: str, starts: Starts) -> None:
        for _ in read_part(self._archive, part, Elements(starts), self._rest):
            pass

    def _relations(self, part: str) -> list[tuple[str, str, str]]:
        """(id, kind, part) of each relation of a part, or of the file."""
        folder, name = posixpath.split(part)
        found: list[tuple[str, str, str]] = []

        def add(one: dict[str, str]) -> None:
            target = posixpath.normpath(posixpath.join("/", folder, one["Target"])).lstrip("/")
            found.append((one["Id"], one["Type"].rpartition("/")[2], target))

        self._scan(posixpath.join(folder, "_rels", f"{name}.rels"), {"Relationship": add})
        return found

    def _read_main(self, part: str, parts: dict[str, str]) -> datetime:
        """List the worksheets, and return the day that dates count from."""
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

        said: dict[str, str] = {}

        def add(sheet: dict[str, str]) -> None:
            relation = next(value for name, value in sheet.items() if name.endswith(":id"))
            if relation in parts:  # and is no chart
                shown = sheet.get("state", "visible") == "visible"
                self.worksheets.append(Worksheet(sheet["name"], parts[relation], shown))

        self._scan(part, {"sheet": add, "workbookPr": said.update, "calcPr": said.update})
        self.recalculates = said.get("fullCalcOnLoad") in _YES
        return MAC_EPOCH if said.get("date1904") in _YES else WINDOWS_EPOCH

    def _date_styles(self, part: str) -> dict[str, bool]:
        """The styles that show a number as a date or time, and whether as a span of time."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

        codes = {str(number): code for number, code in BUILTIN_FORMATS.items()}
        styles: list[str] = []
        starts: Starts = {
            "numFmt": lambda one: codes.update({one["numFmtId"]: one["formatCode"][:_FORMAT_LENGTH]}),
            "cellXfs": lambda _: styles.clear(),  # those before it are not of cells
            "xf": lambda one: styles.append(one.get("numFmtId", "0")),
        }
        self._scan(part, starts)
        spans = {number: is_timedelta_format(code) for number, code in codes.items() if is_date_format(code)}
        return {str(style): spans[number] for style, number in enumerate(styles) if number in spans}

    def _shared_texts(self, part: str) -> list[str]:
        texts: list[str] = []
        room = TEXTS_LIMIT

        def add() -> None:
            nonlocal room
            texts.append(elements.take())
            room -= sys.getsizeof(texts[-1])
            if room < 0:
                raise Refused(TOO_LARGE)

        elements = Elements({}, {"si": add}, ("t",))
        for _ in self.read(part, elements):
            pass
        return texts
