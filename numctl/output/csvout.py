"""CSV as RFC 4180 has it, but with line feeds: one header row, columns that never depend on what the service adds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from numctl.output.columns import Row, reader
from numctl.output.shape import Shape
from numctl.text.cells import as_cell
from numctl.text.stdout import Out
from numctl.text.terminal import clean_lines

_QUOTED = re.compile('[,;\t"\r\n]')
"""Text that needs quotes, also for programs that split at `;` and tabs."""

_PLAIN = re.compile(r"[0-9A-Za-z_/(][0-9A-Za-z_/() .:?=&%#+-]*")
"""Text that needs no quotes, no guard and no replacement, as most text."""


def _quoted(text: str) -> str:
    """A cell's text in quotes where it needs them.

    The csv module writes a lone carriage return unquoted when rows end in a line feed, and cannot read it back.
    """
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


class _Cells(dict[Any, str]):
    """Remember how a text is written: most columns hold the same few values on every row of a page."""

    def __init__(self, *, key: bool) -> None:
        self.key = key

    def __missing__(self, value: Any) -> str:
        if isinstance(value, str) and _PLAIN.fullmatch(value):
            self[value] = value
            return value
        # True equals 1 and would be found in its place, so that only text and null are remembered.
        if value is True or value is False:
            return "true" if value else "false"
        cell = _quoted(as_cell(value, key=self.key))
        if value is None or isinstance(value, str):
            self[value] = cell
        return cell


class CsvWriter:
    """Write rows of fixed columns, page by page."""

    def __init__(self, shape: Shape, fields: Sequence[str] | None, out: Out) -> None:
        columns = shape.sheet_columns(fields)
        self._names = [column.name for column in columns]
        self._keys = [column.whole for column in columns]
        self._values = reader(columns, [column.in_sheet for column in columns])
        self._out = out
        self._begun = False

    def write(self, rows: Iterable[Row]) -> None:
        """Write a page of rows."""
        free, keys = _Cells(key=False), _Cells(key=True)
        caches = [keys if key else free for key in self._keys]
        self._send([self._line(caches, self._values(row)) for row in rows])

    def finish(self) -> None:
        """Write the header if there were no rows."""
        self._send([])

    def _line(self, caches: list[_Cells], values: list[Any]) -> str:
        try:
            cells = [cache[value] for cache, value in zip(caches, values, strict=True)]
        except TypeError:  # an object or an array cannot be looked up
            cells = [_cell(cache, value) for cache, value in zip(caches, values, strict=True)]
        # A line without a character would be no row to a reader.
        return ",".join(cells) or '""'

    def _send(self, lines: list[str]) -> None:
        if not self._begun:
            lines.insert(0, ",".join(self._names))
            self._begun = True
        text = "\n".join([*lines, ""])
        self._out.write((clean_lines(text) if self._out.terminal else text).encode("utf-8"))
        self._out.flush()


def _cell(cache: _Cells, value: Any) -> str:
    return cache.__missing__(value) if isinstance(value, (dict, list)) else cache[value]
