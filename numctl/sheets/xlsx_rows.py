"""Rows out of the one visible worksheet of an XLSX file; formulas count with their stored values, no macro runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import IO, Any
from zipfile import ZipFile

from numctl.cells import unescape_xlsx
from numctl.ids import Invalid
from numctl.number import CAPABILITY_COLUMNS
from numctl.settings import SETTINGS
from numctl.sheets.columns import KEYS, from_header
from numctl.sheets.gathering import Gathering
from numctl.sheets.problems import SheetErrors
from numctl.sheets.row import Layout, cell_address
from numctl.sheets.xlsx_book import opened
from numctl.sheets.xlsx_cells import BARE, MergedCells
from numctl.sheets.xlsx_parts import too_large
from numctl.sheets.xlsx_xml import Excess

EXACT = 10**15
"""Spreadsheets keep 15 digits of a number; an E.164 number has at most as many."""

BOOLEANS = frozenset({"beta", *CAPABILITY_COLUMNS, *(name for name, one in SETTINGS.items() if one.type is bool)})
MOMENTS = ("date_created", "date_updated")


def read_xlsx(file: IO[bytes], gathering: Gathering) -> tuple[str, ...]:
    """Read the rows of a workbook and return its columns that are used; raises SheetErrors."""
    layout: Layout | None = None
    for number, cells, merged in rows_of(file, gathering.name):
        if layout is not None:
            add(layout, number, cells, merged, gathering)
        elif any(names := header(cells)):
            layout, faults = from_header(gathering.name, "xlsx", names, number, gathering.only)
            gathering.problems += faults
    return tuple(layout.positions) if layout else ()


def rows_of(file: IO[bytes], name: str) -> Iterator[tuple[int, list[Any], MergedCells]]:
    """Yield (number, values, merged cells of the worksheet) for each row; raises SheetErrors."""
    with damage_told(name), ZipFile(file) as archive:
        if fault := too_large(archive):
            raise SheetErrors(name, [fault])
        book = opened(archive)
        worksheet = book.chosen()
        merged = book.merged(worksheet)
        for number, cells in book.rows(worksheet):
            yield number, cells, merged


def header(cells: Sequence[Any]) -> list[str]:
    """Return the names in the header; what has no value names nothing."""
    return ["" if cell is None or cell is BARE else str(cell) for cell in cells]


@contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Turn what a damaged file raises, which may be anything, and what is more than a sheet, into SheetErrors."""
    try:
        yield
    except (SheetErrors, MemoryError):
        raise
    except Excess as error:
        raise SheetErrors(name, [str(error)]) from error
    except Exception as error:
        raise SheetErrors(name, ["not an XLSX file, or a damaged one: save it again in a spreadsheet"]) from error


def add(layout: Layout, number: int, cells: Sequence[Any], merged: MergedCells, gathering: Gathering) -> None:
    """Add one row, unless a cell of it cannot be read or all of them are empty."""
    texts: dict[str, str] = {}
    faults = nameless(layout, number, cells)
    for name, position in layout.positions.items():
        try:
            texts[name] = text_at(cells, position, name, number, merged)
        except Invalid as error:
            faults.append(f"{cell_address(layout, name, number, number)}: {error.message}")
    gathering.problems += faults
    if any(texts.values()) and len(texts) == len(layout.positions):
        keys = {name: texts[name] for name in KEYS if name in texts}
        gathering.add(layout, number, number, keys, [texts[name] for name in layout.columns])


def nameless(layout: Layout, number: int, cells: Sequence[Any]) -> list[str]:
    """Return a line for each cell that stands under no name, unless only some columns count."""
    beyond = range(layout.width, len(cells)) if layout.whole else ()
    places = [place for place in (*layout.nameless, *beyond) if place < len(cells)]
    return [f"{layout.address(place, number)}: the column has no name" for place in places if cells[place] is not None]


def text_at(cells: Sequence[Any], position: int, name: str, row: int, merged: MergedCells) -> str:
    """Return the text of one cell; raises Invalid where it only looks empty, or holds what the column has not."""
    value = cells[position] if position < len(cells) else None
    if value is BARE:
        raise Invalid("a formula without a stored value: open the sheet in a spreadsheet and save it again")
    if value is not None:
        return text_of(name, value)
    if merged.areas and (area := merged.over(position + 1, row)):
        raise Invalid(f"covered by the merged cells {area}: take them apart")
    return ""


def text_of(name: str, value: Any) -> str:
    """Return a cell's value as text; raises Invalid for what a spreadsheet made of a text that it cannot be."""
    if isinstance(value, str):
        return unescape_xlsx(value)
    if isinstance(value, bool):
        if name not in BOOLEANS:
            raise Invalid("a TRUE or FALSE cell: make the cell text")
        return "true" if value else "false"
    if not isinstance(value, (int, float)):
        return date_text(name, value)
    if not abs(value) < EXACT:
        raise Invalid("a number of more than 15 digits, of which spreadsheets keep 15: make the cell text")
    return str(int(value)) if value == int(value) else repr(value)


def date_text(name: str, value: Any) -> str:
    """Return a date as ISO 8601 has it, in a column that may hold one; raises Invalid in any other.

    An API version is a date, and spreadsheets take it for one.
    """
    if name in MOMENTS and isinstance(value, date):
        return value.isoformat()
    if name == "api_version" and isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        if moment.time() == time():
            return moment.date().isoformat()
    raise Invalid("a date or a time, which no column holds: make the cell text")
