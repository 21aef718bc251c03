"""How messages write counts, quoted arguments, commands, and URLs with passwords.

`https://user:password@host/` is how a webhook is protected with a password. Data keeps such a URL whole: the fields of
records, `changes` and the history in JSON, CSV and XLSX. Everything that people read passes through `masked`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 80
"""Characters of an argument that a message repeats: enough to know it by."""

MASK = "•••"
_CREDENTIALS = (
    r'(?<=://)(?:[^\s/?#"]*@'  # the valid form
    r"|[^\s/?#@:\[]*:(?!\d*(?:[/?#\s'\"),;\]}>]|$))(?:(?!://)[^\n])*@)"  # a password with characters not valid in a URL
)
_NOTE = "  # URL: not shown, it holds a password"
"""Ends a command without its URL; to a shell it is a comment."""


def counted(count: int, noun: str) -> str:
    """`1 number`, `2 numbers`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def cut(text: str) -> str:
    """Shorten a long text in the middle: its beginning and its end are what tells it from others."""
    text = masked(text)  # mask first: a URL that is cut may no longer be recognised
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]}…{text[1 - LONGEST // 2 :]}"


def quoted(text: object) -> str:
    """Text in quotes, shortened, with control characters escaped."""
    return repr(cut(str(text)))


def masked(text: str) -> str:
    """Text with `•••` for the password of each URL, and for a user without one, which may be a token."""
    if "@" not in text or "://" not in text:
        return text
    return re.sub(_CREDENTIALS, _masked_credentials, text)


def _masked_credentials(found: re.Match[str]) -> str:
    user, colon, password = found[0][:-1].partition(":")
    return f"{user}:{MASK}@" if password else f"{MASK}{colon}@"


def has_password(value: object) -> bool:
    """Whether a value is a URL that masking would change."""
    return isinstance(value, str) and masked(value) != value


def step(old: object, new: object) -> str:
    """A change as a table shows it, `old → new`; says so if only a URL's password differs."""
    before, after = masked(shown(old)), masked(shown(new))
    return f"{after} (password changed)" if before == after and old != new else f"{before} → {after}"


def shown(value: object) -> str:
    """A value as a table shows it."""
    if value is None or value == "":
        return "(not set)"
    return str(value).lower() if isinstance(value, bool) else str(value)


def shell_line(words: Sequence[str]) -> str:
    """Quote words for a shell, with `URL` and a note in place of each URL that has a password."""
    import shlex

    shown = [_in_its_place(word) if has_password(word) else word for word in words]
    return shlex.join(shown) + (_NOTE if shown != list(words) else "")


def _in_its_place(word: str) -> str:
    option = re.match(r"--[a-z-]+=", word)
    return f"{option[0]}URL" if option else "URL"
