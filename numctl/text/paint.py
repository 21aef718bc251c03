"""The painter: lines for a person, in styles named by what they mean, wrapped between words.

Colour is never the only sign: whoever sees no colour reads the same. Nothing else in numctl writes escape sequences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from numctl.text.terminal import clean
from numctl.text.width import cell_width

Style = Literal["number", "heading", "old", "new", "good", "warning", "error", "muted", "command"]

_CODES: dict[Style, str] = {
    "number": "1",
    "heading": "1",
    "old": "31",
    "new": "32",
    "good": "32",
    "warning": "33",
    "error": "31",
    "muted": "2",
    "command": "36",
}
ERASE_REST = "\x1b[K"
"""Clears a terminal from the cursor to the end of its line."""

_BESIDE_A_COMMAND = re.compile(r"(?<=: )numctl [a-z]+ \S.*$|^numctl (?=.* (?:[-+>|]|[A-Z]{2}[0-9a-f]{32})).*$")
"""Text that ends with a command to paste, after a colon; or is one, with a number, a SID, an option or a pipe."""

_WORDS = re.compile(r" +|[^ ]+")
_SHELL_WORDS = re.compile(r"#.*$| +|(?:'[^']*'|\"[^\"]*\"|[^ '\"])+|['\"]")
_CONTINUED = " \\"
"""Ends a line of a command that goes on, so that it can be pasted as it stands."""


class Piece(NamedTuple):
    """A part of a line in one style; None is plain."""

    text: str
    style: Style | None = None


class Line(NamedTuple):
    """One line, how far it is indented, and how much further the lines are that it wraps to."""

    pieces: tuple[Piece, ...]
    indent: int = 0
    hang: int = 2


Text = str | Line


def line(*pieces: str | Piece, indent: int = 0, hang: int = 2) -> Line:
    """Put a line together; a plain string has no style."""
    return Line(tuple(Piece(piece) if isinstance(piece, str) else piece for piece in pieces), indent, hang)


def paint(text: str, style: Style) -> str:
    """Write text in a style by escape sequences; only clean text may be given."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def render(texts: Iterable[Text], *, width: int | None = None, color: bool = False) -> str:
    """Write lines as they are shown: literal, each ended by a line feed, wrapped to `width` cells (None: not wrapped).

    Only a word that is wider than the whole line goes beyond it.
    """
    return "".join(f"{shown}\n" for text in texts for shown in _render(text, width, color))


def _render(text: Text, width: int | None, color: bool) -> Iterator[str]:
    whole = _parsed(text) if isinstance(text, str) else text
    for indent, row in _rows(whole, width):
        runs = [("".join(piece.text for piece in run), style) for style, run in groupby(row, lambda piece: piece.style)]
        parts = [paint(part, style) if color and style and part.strip() else part for part, style in runs]
        yield (" " * indent + "".join(parts)).rstrip(" ")


def _parsed(text: str) -> Line:
    """Read a plain string: its leading spaces are its indent, and a command at its end is one."""
    body = text.lstrip(" ")
    command = _BESIDE_A_COMMAND.search(body)
    start = command.start() if command else len(body)
    pieces = [Piece(body[:start]), Piece(body[start:], "command")]
    return line(*filter(lambda piece: piece.text, pieces), indent=len(text) - len(body))


def _rows(whole: Line, width: int | None) -> Iterator[tuple[int, list[Piece]]]:
    """Split a line into rows that fit, each with its indent."""
    pieces = [piece._replace(text=clean(piece.text)) for piece in whole.pieces]
    if width is None or whole.indent + sum(cell_width(piece.text) for piece in pieces) <= width:
        yield whole.indent, pieces
        return
    indent, row, taken, gap = whole.indent, list[Piece](), whole.indent, list[Piece]()
    for word in _words(pieces):
        if word[0].text.startswith(" "):
            gap = word
            continue
        continues = bool(row) and row[-1].style == word[0].style == "command"
        room = width - (len(_CONTINUED) if word[0].style == "command" else 0)
        if row and taken + _width(gap) + _width(word) > room:
            yield indent, [*row, Piece(_CONTINUED, "command")] if continues else row
            indent, row, gap = whole.indent + whole.hang, [], []
            taken = indent
        row += gap + word
        taken += _width(gap) + _width(word)
        gap = []
    yield indent, row


def _words(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield runs of spaces and the words between them; a word may have pieces of several styles."""
    word: list[Piece] = []
    for piece in pieces:
        for part in (_SHELL_WORDS if piece.style == "command" else _WORDS).findall(piece.text):
            if word and part.startswith(" ") != word[0].text.startswith(" "):
                yield word
                word = []
            word.append(Piece(part, piece.style))
    if word:
        yield word


def _width(word: Iterable[Piece]) -> int:
    return sum(cell_width(piece.text) for piece in word)
