"""How many cells of a terminal a text takes, and text cut to a number of them."""

from __future__ import annotations

import re

_NARROW = re.compile("[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2193\u2713\u2717]*")
"""Text in which every character takes one cell: Latin letters and the signs that numctl draws, as in most text."""


def cell_width(text: str) -> int:
    """Count the terminal cells of a clean text."""
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut_to(text: str, width: int) -> str:
    """Cut text to a width; half of a wide character becomes a space."""
    if text.isascii():
        return text[:width]
    from rich.cells import set_cell_size

    return set_cell_size(text, width)
