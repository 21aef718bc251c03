"""XLSX: a sheet that finance can edit and `apply` reads back. Numbers and SIDs are text, and no text is a formula."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from numctl.output.columns import Column, Row, reader
from numctl.output.shape import Shape
from numctl.text.cells import as_cell, escape_xlsx
from numctl.text.stdout import CHUNK, Out

_TITLE_LENGTH = 31
_WIDEST = 60
_SHADE = "EDEDED"
_TEXT_FORMAT = "@"


class XlsxWriter:
    """Collect rows in a temporary file; the workbook is written out when it is finished, or not at all."""

    def __init__(self, shape: Shape, fields: Sequence[str] | None, out: Out) -> None:
        self._columns = shape.sheet_columns(fields)
        self._values = reader(self._columns, [column.in_sheet for column in self._columns])
        self._out = out
        self._book = Workbook(write_only=True)
        self._book.properties.creator = "numctl"
        # The type stubs lack what a write-only sheet borrows from an ordinary one.
        self._sheet: Any = self._book.create_sheet(shape.name[:_TITLE_LENGTH])
        # A sheet that a failure leaves open complains on standard error when it is collected.
        self._abandon = weakref.finalize(self, self._sheet.close)
        self._cells: list[Cell] = []
        self._rows = 0

    def write(self, rows: Iterable[Row]) -> None:
        """Take a page of rows."""
        page = [[_content(*cell) for cell in zip(self._columns, self._values(row), strict=True)] for row in rows]
        if not self._cells:
            self._begin(page)
        for contents in page:
            self._append(contents)

    def finish(self) -> None:
        """Write the workbook."""
        if not self._cells:
            self._begin([])
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._columns))}{self._rows + 1}"
        self._add_choices()
        self._abandon.detach()
        with tempfile.TemporaryFile() as file:
            self._book.save(file)
            file.seek(0)
            while piece := file.read(CHUNK):
                self._out.write(piece)
        self._out.flush()

    def _begin(self, page: list[list[Any]]) -> None:
        """Write what must stand before the first row: the view, the widths and the header."""
        self._sheet.freeze_panes = "A2"
        for index, column in enumerate(self._columns):
            longest = max([len(column.name) + 4, *(len(str(row[index])) + 2 for row in page if row[index] is not None)])
            self._sheet.column_dimensions[get_column_letter(index + 1)].width = min(longest, _WIDEST)
        header = [WriteOnlyCell(self._sheet, column.name) for column in self._columns]
        for cell in header:
            cell.font = Font(bold=True)
        self._sheet.append(header)
        self._cells = [self._cell(column) for column in self._columns]

    def _cell(self, column: Column) -> Cell:
        """One cell that every row of a column reuses: to make and style a cell costs more than to write it."""
        cell = WriteOnlyCell(self._sheet)
        if not column.choices:
            cell.number_format = _TEXT_FORMAT
        if column.read_only:
            cell.fill = PatternFill("solid", fgColor=_SHADE)
        return cell

    def _append(self, contents: list[Any]) -> None:
        for cell, content in zip(self._cells, contents, strict=True):
            cell.value = content
            if isinstance(content, str):
                # openpyxl takes a leading = for a formula and #N/A for an error.
                cell.data_type = "s"
        self._sheet.append(self._cells)
        self._rows += 1

    def _add_choices(self) -> None:
        for index, column in enumerate(self._columns, 1):
            if self._rows and column.choices:
                formula = f'"{",".join(column.choices)}"'
                letter = get_column_letter(index)
                rule = DataValidation(
                    "list", formula1=formula, allow_blank=True, sqref=f"{letter}2:{letter}{self._rows + 1}"
                )
                self._sheet.data_validations.append(rule)


def _content(column: Column, value: Any) -> Any:
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return escape_xlsx(as_cell(value, key=column.whole))
