"""Say what is wrong with a command line, without the words of the library that found it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from numctl.wording import LONGEST, cut

_LONGEST_MESSAGE = 500
"""Characters of a message: one that lists every word of a command line is cut."""

_OURS = (
    (r"Value error, ", ""),
    (r"(Input should be a valid|Unable to parse input string as an) integer.*", "it must be a whole number"),
    (r"Input should be a (valid|finite) number.*", "it must be a number"),
    (r"Input should be a valid boolean.*", "it must be true or false"),
    (r"Input should be ", "it must be "),
)


def plainly(message: str, words: Sequence[str]) -> str:
    """Return a complaint about a command line in one line; a long word in it is cut."""
    for word in sorted(_parts_of(words), key=len, reverse=True):
        message = message.replace(word, cut(word)).replace(repr(word)[1:-1], repr(cut(word))[1:-1])
    line = " ".join(message.split()).removesuffix(".")
    for theirs, ours in _OURS:
        line = re.sub(theirs, ours, line)
    if len(line) > _LONGEST_MESSAGE:
        line = f"{line[:_LONGEST_MESSAGE]}…"
    return line[:1].lower() + line[1:]


def _parts_of(words: Sequence[str]) -> set[str]:
    """Return what of a command line is too long to be repeated: a word, an option's name, its value."""
    parts = {part for word in words for part in (word, *word.split("=", 1))}
    return {part for part in parts if len(part) > LONGEST}
