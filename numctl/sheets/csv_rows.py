"""Rows from CSV, as numctl or a spreadsheet wrote it (RFC 4180; `;` or a tab may separate)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import chain
from typing import TYPE_CHECKING

from numctl.sheets.builder import Gathering
from numctl.sheets.columns import KEYS, from_header
from numctl.sheets.decoding import first_lines, lines
from numctl.sheets.row import Layout
from numctl.wording import counted

if TYPE_CHECKING:
    from _csv import Reader

_SEPARATORS = (",", ";", "\t")
_HINT = re.compile(r'"?sep=([^"\r\n])"?[\r\n]*', re.IGNORECASE)
"""A first line that tells Excel the separator."""

_WORDS = (
    ("larger than field limit", "a cell of more than 131,072 characters: is a closing quote missing?"),
    ("unexpected end", "a quoted cell that starts here is not closed"),
    ("expected after", "text after a closing quote: write a quote inside a quoted cell twice"),
)


def read_csv(text: TextIOWrapper, gathering: Gathering) -> tuple[str, ...]:
    """Read the rows and return the columns in use; an empty text has none."""
    layout: Layout | None = None
    for line, record, cells in _records(lines(text, gathering.problems), gathering.problems):
        if not any(cell.strip() for cell in cells):
            continue
        if layout is None:
            layout, faults = from_header(gathering.name, "csv", cells, record, gathering.only)
            gathering.problems.extend(faults)
        elif len(cells) != layout.width:
            have = counted(len(cells), "cell")
            gathering.problems.append(f"line {line}: {have}, but the header has {layout.width}")
        else:
            _add(layout, line, record, cells, gathering)
    return tuple(layout.positions) if layout else ()


def _add(layout: Layout, line: int, record: int, cells: list[str], gathering: Gathering) -> None:
    for position in sorted(layout.nameless):
        if cells[position]:
            gathering.problems.append(f"{layout.address(position, record)}: the column has no name")
    keys = {name: cells[layout.positions[name]] for name in KEYS if name in layout.positions}
    values = [cells[layout.positions[name]] for name in layout.columns]
    if any(keys.values()) or any(values):
        gathering.add(layout, line, record, keys, values)


def _records(source: Iterator[str], problems: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (line where it starts, number, cells) for each record; a blank line counts, as in a spreadsheet.

    Ends at the first broken quote, since nothing after it can be told apart.
    """
    hint, head = _after_hint(list(first_lines(source)), source)
    reader = csv.reader(chain(head, source), delimiter=hint or _separator(head), strict=True)
    skipped = 1 if hint else 0
    start, record = 1 + skipped, 0
    while (cells := _next_record(reader, start, problems)) is not None:
        record += 1
        yield start, record, cells
        start = reader.line_num + 1 + skipped


def _after_hint(head: list[str], source: Iterator[str]) -> tuple[str | None, list[str]]:
    """The separator that the first line names, if it does, and the first lines without it.

    A spreadsheet does not count such a line: the one after it is row 1, though it is line 2 of the file.
    """
    hint = _HINT.fullmatch(head[0]) if head else None
    return (hint[1], list(first_lines(source))) if hint else (None, head)


def _separator(head: list[str]) -> str:
    """The most frequent candidate: no other one can appear in a header."""
    return max(_SEPARATORS, key=head[-1].count) if head else ","


def _next_record(reader: Reader, start: int, problems: list[str]) -> list[str] | None:
    """None at the end or at a broken quote."""
    try:
        return next(reader, None)
    except csv.Error as error:
        words = next((words for part, words in _WORDS if part in str(error)), "the quotes do not match")
        problems.append(f"line {start}: {words}")
        return None
