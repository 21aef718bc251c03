"""How counts and what somebody gave are written in a message."""

from __future__ import annotations

from numctl.masking import masked

LONGEST = 80
"""Characters of an argument that a message repeats: enough to know it by."""


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: `1 number`, `2 numbers`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def cut(text: str) -> str:
    """Return what somebody gave, without the middle of a long one: its beginning and its end tell which it is."""
    text = masked(text)  # what is left of a URL that was cut may not show that it had a password
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]}…{text[1 - LONGEST // 2 :]}"


def quoted(text: object) -> str:
    """Return what somebody gave in quotes, its control characters escaped."""
    return repr(cut(str(text)))
