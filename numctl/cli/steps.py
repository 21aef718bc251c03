"""Fields and their changes as lines: names in a column, the old value red, the new one green."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from numctl.text.paint import Line, Piece, Style, line
from numctl.wording import masked, shown


def step_pieces(old: object, new: object) -> list[str | Piece]:
    """Write `old → new`; of a URL of which the password alone differs, that it does."""
    before, after = masked(shown(old)), masked(shown(new))
    if before == after and old != new:
        return [f"{after} (password changed)"]
    return [_piece(old, before, "old"), " → ", _piece(new, after, "new")]


def new_piece(value: object) -> Piece:
    """Write a new value; none at all is muted."""
    return _piece(value, shown(value), "new")


def _piece(value: object, text: str, style: Style) -> Piece:
    return Piece(text, "muted" if value in (None, "") else style)


def labelled(rows: Iterable[tuple[str, Sequence[str | Piece]]], *, indent: int) -> Iterator[Line]:
    """Write rows of a name and what stands beside it, in two columns."""
    found = list(rows)
    column = max((len(name) for name, _ in found), default=0)
    for name, pieces in found:
        yield line(f"{name:<{column}}  ", *pieces, indent=indent, hang=2)
