"""A workbook: which of its worksheets is the sheet, and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

from numctl.sheets.xlsx_cells import MergedCells, Values, merged_in, rows_in
from numctl.sheets.xlsx_parts import Contents, Styles, Worksheet, part_of, related, small
from numctl.sheets.xlsx_texts import SharedTexts
from numctl.sheets.xlsx_xml import Excess, take_in


@dataclass
class Book:
    """An open workbook."""

    archive: ZipFile
    worksheets: list[Worksheet]
    values: Values

    def chosen(self) -> Worksheet:
        """Return the first worksheet that is shown; raises Excess where another one that is shown holds data too."""
        shown = [sheet for sheet in self.worksheets if sheet.visible] or self.worksheets[:1]
        if not shown:
            raise Excess("the workbook has no worksheet")
        filled = [sheet for sheet in shown if self.holds(sheet)] if len(shown) > 1 else []
        if len(filled) > 1:
            raise Excess(f"several worksheets hold data: {', '.join(repr(sheet.name) for sheet in filled)}; keep one")
        if filled and filled[0] is not shown[0]:
            first, other = shown[0].name, filled[0].name
            raise Excess(f"the first worksheet, {first!r}, is empty, and {other!r} holds data: keep one")
        return shown[0]

    def holds(self, sheet: Worksheet) -> bool:
        """Say whether any cell of a worksheet has a value or a formula."""
        return any(cell is not None for _, cells in self.rows(sheet) for cell in cells)

    def rows(self, sheet: Worksheet) -> Iterator[tuple[int, list[Any]]]:
        """Yield (number, values) for each row of a worksheet."""
        with self.archive.open(sheet.part) as source:
            yield from rows_in(source, self.values)

    def merged(self, sheet: Worksheet) -> MergedCells:
        """Return the merged cells of a worksheet."""
        with self.archive.open(sheet.part) as source:
            return merged_in(source)


def opened(archive: ZipFile) -> Book:
    """Return the workbook of an archive."""
    workbook = part_of("officeDocument", related(archive, "")) or "xl/workbook.xml"
    parts = related(archive, workbook)
    contents, styles, shared = Contents(parts), Styles(), SharedTexts()
    small(archive, workbook, contents)
    if part := part_of("styles", parts):
        small(archive, part, styles)
    if part := part_of("sharedStrings", parts):
        with archive.open(part) as source:
            take_in(source, shared)
    return Book(archive, contents.worksheets, Values(shared.texts, styles.dates(), contents.since_1904))
