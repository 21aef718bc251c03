"""Rows from the one visible worksheet of an XLSX file; formulas count with their stored values, no macro runs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time
from typing import IO, Any
from zipfile import ZipFile

from numctl.model.ids import Invalid
from numctl.model.number import CAPABILITY_COLUMNS
from numctl.model.settings import SETTINGS
from numctl.sheets.builder import Gathering
from numctl.sheets.columns import KEYS, from_header
from numctl.sheets.problems import SheetErrors
from numctl.sheets.row import Layout, cell_address
from numctl.sheets.xlsx_parts import Marks, is_strict, marks, too_large
from numctl.text.cells import unescape_xlsx

_EXACT = 10**15
"""Spreadsheets keep 15 digits of a number; an E.164 number has at most 15."""

_LAST_ROW = 1_048_576
_BOOLEANS = frozenset({"beta", *CAPABILITY_COLUMNS, *(name for name, one in SETTINGS.items() if one.type is bool)})
_MOMENTS = ("date_created", "date_updated")


def read_xlsx(file: IO[bytes], gathering: Gathering) -> tuple[str, ...]:
    """Read the rows and return the columns in use; raises SheetErrors."""
    layout: Layout | None = None
    name, only = gathering.name, gathering.only
    with _worksheet(file, name) as (rows, marked):
        for number, cells in enumerate(rows, 1):
            if number > _LAST_ROW:
                raise SheetErrors(name, [f"more than {_LAST_ROW:,} rows"])
            if layout is not None:
                _add(layout, number, cells, marked, gathering)
            elif any(cell is not None for cell in cells):
                names = ["" if cell is None else str(cell) for cell in cells]
                layout, faults = from_header(name, "xlsx", names, number, only)
                gathering.problems += faults
    return tuple(layout.positions) if layout else ()


@contextmanager
def _worksheet(file: IO[bytes], name: str) -> Iterator[tuple[Iterator[tuple[Any, ...]], Marks]]:
    """Open the first worksheet: its rows as tuples of values, and its marks."""
    # openpyxl warns about features that it ignores; none of them is a cell.
    with warnings.catch_warnings(), ExitStack() as stack:
        warnings.simplefilter("ignore")
        with _damage_reported(name):
            sheet, marked = _opened(file, name, stack)
        yield _rows_of(sheet, name), marked


def _opened(file: IO[bytes], name: str, stack: ExitStack) -> tuple[Any, Marks]:
    """The stack closes what is opened."""
    import openpyxl

    archive = stack.enter_context(ZipFile(file))
    if fault := too_large(archive):
        raise SheetErrors(name, [fault])
    if is_strict(archive):
        raise SheetErrors(name, ["a workbook in Strict Open XML: save it as an ordinary Excel workbook (.xlsx) or CSV"])
    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    stack.callback(book.close)
    sheet = _chosen(book, name)
    # Only the XML tells a formula without a value from an empty cell; only the sheet knows its part.
    return sheet, marks(archive, sheet._worksheet_path)


def _chosen(book: Any, name: str) -> Any:
    """The first visible worksheet; raises SheetErrors if another visible one holds data too."""
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets[:1]
    if not shown:
        raise SheetErrors(name, ["the workbook has no worksheet"])
    for sheet in shown:
        # The size that a file declares may be wrong, and would cut columns off.
        sheet.reset_dimensions()
    filled = [sheet for sheet in shown if _holds_data(sheet)] if len(shown) > 1 else []
    if len(filled) > 1 or (filled and filled[0] is not shown[0]):
        first, other = (filled if len(filled) > 1 else (shown[0], filled[0]))[:2]
        raise SheetErrors(name, [f"which worksheet is meant, {first.title!r} or {other.title!r}? keep one"])
    return shown[0]


def _holds_data(sheet: Any) -> bool:
    return any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def _rows_of(sheet: Any, name: str) -> Iterator[tuple[Any, ...]]:
    rows = sheet.iter_rows(values_only=True)
    while True:
        with _damage_reported(name):
            row = next(rows, None)
        if row is None:
            return
        yield row


@contextmanager
def _damage_reported(name: str) -> Iterator[None]:
    """Turn whatever openpyxl raises for a damaged file, which may be anything, into SheetErrors."""
    try:
        yield
    except (SheetErrors, MemoryError):
        raise
    except Exception as error:
        raise SheetErrors(name, ["not an XLSX file, or a damaged one: save it again in a spreadsheet"]) from error


def _add(layout: Layout, number: int, cells: Sequence[Any], marked: Marks, gathering: Gathering) -> None:
    """Add one row, unless one of its cells cannot be read or all of them are empty."""
    texts: dict[str, str] = {}
    faults = _nameless(layout, number, cells)
    for name, position in layout.positions.items():
        try:
            texts[name] = _text_at(cells, position, name, number, marked)
        except Invalid as error:
            faults.append(f"{cell_address(layout, name, number, number)}: {error.message}")
    gathering.problems += faults
    if any(texts.values()) and len(texts) == len(layout.positions):
        keys = {name: texts[name] for name in KEYS if name in texts}
        gathering.add(layout, number, number, keys, [texts[name] for name in layout.columns])


def _nameless(layout: Layout, number: int, cells: Sequence[Any]) -> list[str]:
    """An error for each cell in a column without a name, unless only some columns count."""
    beyond = range(layout.width, len(cells)) if layout.whole else ()
    places = [place for place in (*layout.nameless, *beyond) if place < len(cells)]
    return [f"{layout.address(place, number)}: the column has no name" for place in places if cells[place] is not None]


def _text_at(cells: Sequence[Any], position: int, name: str, row: int, marked: Marks) -> str:
    """Raises Invalid if the cell only looks empty, or holds what no column has."""
    value = cells[position] if position < len(cells) else None
    if marked and (why := marked.on(position, row, empty=value is None)):
        raise Invalid(why)
    return "" if value is None else _text_of(name, value)


def _text_of(name: str, value: Any) -> str:
    """Raises Invalid for what a spreadsheet made of a text that cannot be a number, date or boolean."""
    if isinstance(value, str):
        return unescape_xlsx(value)
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
