"""The table for a terminal: it fits the width, fixes its columns on the first page and streams from there.

To lay out a row with rich takes 340 µs, so only its width of characters is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from numctl.output.columns import Row, reader
from numctl.output.layout import GAP, INDENT, Layout, arrange
from numctl.output.shape import Shape
from numctl.text.cells import as_text
from numctl.text.paint import paint
from numctl.text.stdout import Out
from numctl.text.terminal import clean
from numctl.text.width import cell_width, cut_to

_IDENTIFIER = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}|\+[1-9][0-9]{1,14}")
"""A SID or an E.164 number, which is never shortened in whatever column it stands."""

_SCHEME = "https://"
"""The part of a URL that says least; a short form drops it first."""

_NOTHING = "—"
"""Shown for an empty value."""


def _fitted(text: str, width: int, *, pad: bool) -> str:
    """A text in this many terminal cells, with an ellipsis where it was cut."""
    taken = cell_width(text)
    if taken > width:
        if text.startswith(_SCHEME):
            text = "…" + text.removeprefix(_SCHEME)
        text = cut_to(text, width - 1) + "…" if cell_width(text) > width else text
        taken = cell_width(text)
    return text + " " * (width - taken) if pad else text


class TableWriter:
    """Write rows for a person, page by page."""

    def __init__(self, shape: Shape, fields: Sequence[str] | None, out: Out) -> None:
        columns = shape.table_columns(fields)
        self._names = [column.name for column in columns]
        self._show = reader(columns, [column.in_table for column in columns])
        self._keys = [column.whole for column in columns]
        self._styles = [column.styles for column in columns]
        self._droppable = [] if fields else [self._names.index(name) for name in shape.droppable if name in self._names]
        self._naturals = [cell_width(name) for name in self._names]
        self._wholes = [0] * len(self._names)
        self._layout: Layout | None = None
        self._out = out

    def write(self, rows: Iterable[Row]) -> None:
        """Write a page of rows, below the header if it is the first that has any."""
        page = [[clean(as_text(value)) or _NOTHING for value in self._show(row)] for row in rows]
        if not page:
            return
        lines = self._lay_out(page)
        for cells in page:
            lines += self._lines(cells)
        self._out.write("".join([line + "\n" for line in lines]).encode("utf-8"))
        self._out.flush()

    def finish(self) -> None:
        """Do nothing."""
        self._out.flush()

    def _lay_out(self, page: list[list[str]]) -> list[str]:
        """Decide the widths, again only where an identifier would not fit; return the header if it is due."""
        before, columns = self._layout, list(zip(*page, strict=True))
        wholes = [self._whole(cells, key) for cells, key in zip(columns, self._keys, strict=True)]
        if before and all(whole <= width for whole, width in zip(wholes, before.widths, strict=True)):
            return []
        self._naturals = [max(was, *map(cell_width, cells)) for was, cells in zip(self._naturals, columns, strict=True)]
        self._wholes = [max(pair) for pair in zip(self._wholes, wholes, strict=True)]
        self._layout = arrange(self._naturals, self._wholes, self._out.width, self._droppable)
        shown = {column for line in self._layout.lines for column in line}
        self._out.left_out = tuple(name for column, name in enumerate(self._names) if column not in shown)
        return [] if before and before.lines == self._layout.lines else self._header()

    @staticmethod
    def _whole(cells: Sequence[str], key: bool) -> int:
        """The width below which a column cannot go without shortening an identifier."""
        return max((cell_width(cell) for cell in cells if key or _IDENTIFIER.fullmatch(cell)), default=0)

    def _header(self) -> list[str]:
        lines = self._lines(self._names)
        return [paint(line, "heading") for line in lines] if self._out.color else lines

    def _lines(self, cells: Sequence[str]) -> list[str]:
        assert self._layout is not None
        lines = [self._line(cells, columns) for columns in self._layout.lines]
        while len(lines) > 1 and not lines[-1].strip(f" {_NOTHING}"):
            lines.pop()
        return [lines[0], *(" " * INDENT + line for line in lines[1:])]

    def _line(self, cells: Sequence[str], columns: tuple[int, ...]) -> str:
        assert self._layout is not None
        widths, last = self._layout.widths, columns[-1]
        parts = [
            self._painted(column, _fitted(cells[column], widths[column], pad=column != last), cells)
            for column in columns
        ]
        return (" " * GAP).join(parts).rstrip(" ")

    def _painted(self, column: int, part: str, cells: Sequence[str]) -> str:
        style = self._styles[column].get(cells[column]) if self._out.color else None
        return paint(part, style) if style else part
