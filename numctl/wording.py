"""Wording: how messages write what somebody gave. Counts, quoted arguments, commands, and passwords in URLs.

`https://user:password@host/` is how the service has a webhook protected. Data keeps such a URL whole: the fields of
records, `changes` and the history in JSON, CSV and XLSX. Everything that people read passes through `masked`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 80
"""Characters of an argument that a message repeats: enough to know it by."""

MASK = "•••"
_CREDENTIALS = (
    r'(?<=://)(?:[^\s/?#"]*@'  # as a URL has them
    r"|[^\s/?#@:\[]*:(?!\d*(?:[/?#\s'\"),;\]}>]|$))(?:(?!://)[^\n])*@)"  # a password that no URL may hold, but no port
)
_NOTE = "  # URL: not shown, it holds a password"
"""Ends a command from which a URL was left out; to a shell it is a comment."""


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


def masked(text: str) -> str:
    """Return text in which the password of each URL is `•••`; so is a user without one, who may be a token."""
    if "@" not in text or "://" not in text:
        return text
    return re.sub(_CREDENTIALS, _masked_credentials, text)


def _masked_credentials(found: re.Match[str]) -> str:
    """Return `user:password@` without what is secret in it."""
    user, colon, password = found[0][:-1].partition(":")
    return f"{user}:{MASK}@" if password else f"{MASK}{colon}@"


def has_password(value: object) -> bool:
    """Say whether a value is a URL that masking would change."""
    return isinstance(value, str) and masked(value) != value


def step(old: object, new: object) -> str:
    """Return a change of value as a table shows it; of a URL of which only the password differs, that it does."""
    before, after = masked(shown(old)), masked(shown(new))
    return f"{after} (password changed)" if before == after and old != new else f"{before} → {after}"


def shown(value: object) -> str:
    """Return a value as a table shows it."""
    if value is None or value == "":
        return "(not set)"
    return str(value).lower() if isinstance(value, bool) else str(value)


def shell_line(words: Sequence[str]) -> str:
    """Quote the words of a command for a shell, with `URL` and a note in place of each URL that has a password."""
    import shlex

    shown = [_in_its_place(word) if has_password(word) else word for word in words]
    return shlex.join(shown) + (_NOTE if shown != list(words) else "")


def _in_its_place(word: str) -> str:
    """Return `URL`, behind the name of the option where the word has one."""
    option = re.match(r"--[a-z-]+=", word)
    return f"{option[0]}URL" if option else "URL"
