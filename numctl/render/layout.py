"""How the columns of a table share the width of a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 2
INDENT = 2
LEGIBLE = 10
"""A column of free text is not squeezed below this many terminal cells while another line can take it; where columns
may be left out, not below twice as many."""


@dataclass(frozen=True)
class Layout:
    """The lines of a row, and the width of each column, in terminal cells.

    A row takes one line; columns that cannot be squeezed into it go to further lines, which are indented.
    """

    lines: tuple[tuple[int, ...], ...]
    widths: tuple[int, ...]


def arrange(naturals: Sequence[int], wholes: Sequence[int], width: int, droppable: Sequence[int] = ()) -> Layout:
    """Return a layout whose lines keep to the width unless a column that must stay whole is alone wider.

    `naturals` are the widths at which nothing is cut, `wholes` those below which a column must not be cut.
    `droppable` are columns that are left out, the first one first, where that makes one line of each row.
    """
    legible = max(1, min(LEGIBLE * 2 if droppable else LEGIBLE, width - INDENT))
    floors = [max(whole, min(natural, legible)) for natural, whole in zip(naturals, wholes, strict=True)]
    lines = _one_line(floors, width, droppable) or _packed(floors, width)
    widths = list(floors)
    for number, line in enumerate(lines):
        _spread(line, widths, naturals, wholes, width - (INDENT if number else 0))
    return Layout(lines, tuple(widths))


def _one_line(floors: Sequence[int], width: int, droppable: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return the one line in which all columns fit but the first few droppable ones; nothing where there is none."""
    shown = list(range(len(floors)))
    for column in (None, *droppable):
        if column is not None:
            shown.remove(column)
        if sum(floors[one] for one in shown) + GAP * (len(shown) - 1) <= width:
            return (tuple(shown),)
    return ()


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
