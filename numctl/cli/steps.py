"""Fields and their changes as lines: names in a column, the old value red, the new one green."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from numctl.text.paint import Line, Piece, Style, line
from numctl.wording import masked, shown


def step_pieces(old: object, new: object) -> list[str | Piece]:
    """`old → new`; if only the password of a URL differs, it says so."""
    before, after = masked(shown(old)), masked(shown(new))
    if before == after and old != new:
        return [f"{after} (password changed)"]
    return [_piece(old, before, "old"), " → ", _piece(new, after, "new")]


def new_piece(value: object) -> Piece:
    """A new value; an empty one is muted."""
    return _piece(value, shown(value), "new")


def _piece(value: object, text: str, style: Style) -> Piece:
    return Piece(text, "muted" if value in (None, "") else style)


def labelled(rows: Iterable[tuple[str, Sequence[str | Piece]]], *, indent: int) -> Iterator[Line]:
    """Rows in two columns: a name, and what belongs to it."""
    found = list(rows)
    column = max((len(name) for name, _ in found), default=0)
    for name, pieces in found:
        yield line(f"{name:<{column}}  ", *pieces, indent=indent, hang=2)
