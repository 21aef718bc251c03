"""How the columns of a table share the width of a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 2
INDENT = 2
_LEGIBLE = 12
"""A column of free text is not squeezed below this many terminal cells while another line can take it, or another
column may be left out."""


@dataclass(frozen=True)
class Layout:
    """The lines of a row, and the width of each column, in terminal cells.

    A row takes one line; columns that cannot be squeezed into it go to further lines, which are indented.
    """

    lines: tuple[tuple[int, ...], ...]
    widths: tuple[int, ...]


def arrange(naturals: Sequence[int], wholes: Sequence[int], width: int, droppable: Sequence[int] = ()) -> Layout:
    """A layout whose lines keep to the width unless a column that must stay whole is alone wider.

    `naturals` are the widths at which nothing is cut, `wholes` those below which a column must not be cut.
    `droppable` are columns that are left out, the first one first, where that makes one line of each row.
    """
    floors = _floors(naturals, wholes, min(_LEGIBLE, width - INDENT))
    lines = _one_line(floors, width, droppable) or _packed(floors, width)
    widths = list(floors)
    for number, line in enumerate(lines):
        _spread(line, widths, naturals, wholes, width - (INDENT if number else 0))
    return Layout(lines, tuple(widths))


def _floors(naturals: Sequence[int], wholes: Sequence[int], legible: int) -> list[int]:
    """The width below which each column is not squeezed."""
    return [max(whole, min(natural, max(1, legible))) for natural, whole in zip(naturals, wholes, strict=True)]


def _one_line(floors: Sequence[int], width: int, droppable: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """A layout on one line with as many droppable columns as fit; None if the others don't fit."""
    shown = [column for column in range(len(floors)) if column not in droppable]
    if not _fits(shown, floors, width):
        return ()
    for column in reversed(droppable):
        if _fits([*shown, column], floors, width):
            shown.append(column)
    return (tuple(sorted(shown)),)


def _fits(columns: Sequence[int], floors: Sequence[int], width: int) -> bool:
    return sum(floors[column] for column in columns) + GAP * (len(columns) - 1) <= width


def _packed(floors: Sequence[int], width: int) -> tuple[tuple[int, ...], ...]:
    lines: list[list[int]] = [[]]
    room = width
    for column, floor in enumerate(floors):
        need = floor + (GAP if lines[-1] else 0)
        if lines[-1] and need > room:
            lines.append([])
            room, need = width - INDENT, floor
        lines[-1].append(column)
        room -= need
    return tuple(map(tuple, lines))


def _spread(line: Sequence[int], widths: list[int], naturals: Sequence[int], wholes: Sequence[int], width: int) -> None:
    """Give what is left of a line to its narrowest columns first; the rest to the last, for later pages."""
    room = width - sum(widths[column] for column in line) - GAP * (len(line) - 1)
    while room > 0 and (hungry := [column for column in line if widths[column] < naturals[column]]):
        narrowest = min(hungry, key=lambda column: widths[column])
        widths[narrowest] += 1
        room -= 1
    last = line[-1]
    if room > 0 and wholes[last] < widths[last]:
        widths[last] += room
