"""The table for a pipe: one line per row, columns separated by tabs, nothing cut and nothing drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from numctl.output.columns import Row, reader
from numctl.output.shape import Shape
from numctl.text.cells import as_text
from numctl.text.stdout import Out
from numctl.text.terminal import clean


class PlainWriter:
    """Write rows for `awk` and `cut`, page by page, and never coloured."""

    def __init__(self, shape: Shape, fields: Sequence[str] | None, out: Out) -> None:
        columns = shape.table_columns(fields)
        self._names = [column.name for column in columns]
        self._show = reader(columns, [column.in_table for column in columns])
        self._out = out
        self._begun = False

    def write(self, rows: Iterable[Row]) -> None:
        """Write a page of rows."""
        self._send(["\t".join(clean(as_text(value)) for value in self._show(row)) for row in rows])

    def finish(self) -> None:
        """Write the header if there were no rows."""
        self._send([])

    def _send(self, lines: list[str]) -> None:
        if not self._begun:
            lines.insert(0, "\t".join(self._names))
            self._begun = True
        self._out.write("".join([line + "\n" for line in lines]).encode("utf-8"))
        self._out.flush()
