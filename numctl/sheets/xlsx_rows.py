"""Rows out of the one visible worksheet of an XLSX file; formulas count with their stored values, no macro runs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import IO, Any

from numctl.model.ids import Invalid
from numctl.model.number import CAPABILITY_COLUMNS
from numctl.model.settings import SETTINGS
from numctl.sheets.builder import Gathering
from numctl.sheets.columns import KEYS, from_header
from numctl.sheets.problems import SheetErrors
from numctl.sheets.row import Layout, Row, cell_address
from numctl.sheets.xlsx_book import Book
from numctl.sheets.xlsx_cells import BARE, Cells
from numctl.sheets.xlsx_parts import Refused
from numctl.text.cells import unescape_xlsx

_EXACT = 10**15
"""Spreadsheets keep 15 digits of a number; an E.164 number has at most 15."""

_BOOLEANS = frozenset({"beta", *CAPABILITY_COLUMNS, *(name for name, one in SETTINGS.items() if one.type is bool)})
_MOMENTS = ("date_created", "date_updated")


def read_xlsx(file: IO[bytes], gathering: Gathering) -> tuple[str, ...]:
    """Read the rows and return the columns in use; raises SheetErrors."""
    layout: Layout | None = None
    with _refusals(gathering.name):
        book = Book(file)
        cells = Cells(book, _chosen(book))
    for number, row in _rows_of(cells, gathering.name):
        if layout is not None:
            _add(layout, number, row, gathering)
        elif any(value is not BARE for value in row.values()):
            names = [_name(row.get(position)) for position in range(max(row) + 1)]
            layout, faults = from_header(gathering.name, "xlsx", names, number, gathering.only)
            gathering.problems.extend(faults)
    if layout is None:
        return ()
    with _refusals(gathering.name):
        gathering.problems.extend(_covered(layout, cells.merged, gathering.rows))
    return tuple(layout.positions)


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """Turn why a workbook is not read, and whatever a damaged one raises, into SheetErrors."""
    try:
        yield
    except (SheetErrors, MemoryError):
        raise
    except Refused as error:
        raise SheetErrors(name, [str(error)]) from error
    except Exception as error:
        raise SheetErrors(name, ["not an XLSX file, or a damaged one: save it again in a spreadsheet"]) from error


def _rows_of(cells: Cells, name: str) -> Iterator[tuple[int, dict[int, Any]]]:
    """Yield the rows of a worksheet; raises SheetErrors."""
    rows = iter(cells)
    while True:
        with _refusals(name):
            row = next(rows, None)
        if row is None:
            return
        yield row


def _chosen(book: Book) -> str:
    """The part of the first visible worksheet; raises Refused if another visible one holds data too."""
    shown = [sheet for sheet in book.worksheets if sheet.shown] or book.worksheets[:1]
    if not shown:
        raise Refused("the workbook has no worksheet")
    filled = (sheet for sheet in shown if len(shown) > 1 and _holds_data(Cells(book, sheet.part)))
    first, second = next(filled, shown[0]), next(filled, None)
    if first is not shown[0]:
        first, second = shown[0], first
    if second is not None:
        raise Refused(f"which worksheet counts, {first.title!r} or {second.title!r}? keep one")
    return first.part


def _holds_data(cells: Cells) -> bool:
    return any(value is not BARE for _, row in cells for value in row.values())


def _name(value: Any) -> str:
    return "" if value is None or value is BARE else str(value).removesuffix(".0")


def _covered(layout: Layout, merged: list[str], rows: list[Row]) -> Iterator[str]:
    """An error for each cell that is empty because a merged one covers it."""
    from openpyxl.utils import range_boundaries

    room = len(rows) * len(layout.positions)
    for area in merged:
        left, top, right, bottom = (bound or 0 for bound in range_boundaries(area))
        names = [name for name, position in layout.positions.items() if left <= position + 1 <= right]
        first, after = (bisect_left(rows, number, key=lambda row: row.record) for number in (top, bottom + 1))
        room -= len(names) * (after - first)
        if room < 0:
            raise ValueError("merged cells do not overlap")
        for row in rows[first:after]:
            empty = [name for name in names if not row.text(name)]
            yield from (f"{row.at(name)}: covered by the merged cells {area}: take them apart" for name in empty)


def _add(layout: Layout, number: int, row: dict[int, Any], gathering: Gathering) -> None:
    """Add one row, unless one of its cells cannot be read or all of them are empty."""
    texts: dict[str, str] = {}
    faults = [f"{layout.address(place, number)}: the column has no name" for place in _nameless(layout, row)]
    for name, position in layout.positions.items():
        value = row.get(position)
        try:
            texts[name] = "" if value is None else _text_of(name, value)
        except Invalid as error:
            faults.append(f"{cell_address(layout, name, number, number)}: {error.message}")
    gathering.problems.extend(faults)
    if any(texts.values()) and len(texts) == len(layout.positions):
        keys = {name: texts[name] for name in KEYS if name in texts}
        gathering.add(layout, number, number, keys, [texts[name] for name in layout.columns])


def _nameless(layout: Layout, row: dict[int, Any]) -> list[int]:
    """The cells in columns without a name, unless only some columns count."""
    others = row.keys() - layout.positions.values() if layout.whole else ()
    return sorted(place for place in others if place >= layout.width or place in layout.nameless)


def _text_of(name: str, value: Any) -> str:
    """Raises Invalid for what a spreadsheet made of a text that cannot be a number, date or boolean."""
    if isinstance(value, str):
        return unescape_xlsx(value)
    if value is BARE:
        raise Invalid("a formula without a stored value: open the sheet in a spreadsheet and save it again")
    if isinstance(value, bool):
        if name not in _BOOLEANS:
            raise Invalid("a TRUE or FALSE cell: format the cell as text")
        return "true" if value else "false"
    if not isinstance(value, (int, float)):
        return _date_text(name, value)
    if not abs(value) < _EXACT:
        raise Invalid("a number of more than 15 digits, of which spreadsheets keep 15: format the cell as text")
    return str(int(value)) if value == int(value) else repr(value)


def _date_text(name: str, value: Any) -> str:
    """ISO 8601, in a column that may hold a date; raises Invalid in any other.

    An API version is a date, and spreadsheets take it for one.
    """
    if name in _MOMENTS and isinstance(value, date):
        return value.isoformat()
    if name == "api_version" and isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        if moment.time() == time():
            return moment.date().isoformat()
    raise Invalid("a date or a time, which no column holds: format the cell as text")
