"""Commands that numctl advises: each meets the account that it was advised for, or pasting it would hit another.

What stands on the command line to reach the account (`--sandbox`, `--profile`) is set once, when a verb connects.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from numctl.masking import NOTE, without_urls


class Way(NamedTuple):
    """How the running command reached its account: its options, and the account that they lead to."""

    options: tuple[str, ...] = ()
    account_sid: str | None = None


_way = Way()


def reached_by(options: Sequence[str], account_sid: str | None) -> None:
    """Remember the way for all the commands that are advised from now on."""
    global _way
    _way = Way(tuple(options), account_sid)


def command(*words: str, account: str | None = None) -> str:
    """Return a command line, quoted for a shell, that acts on this account (None: the one in force).

    Where NUMCTL_ACCOUNT is set, it would lead the command there: the account is named, whichever it is.
    """
    led_away = account != _way.account_sid or os.environ.get("NUMCTL_ACCOUNT")
    elsewhere = ("--account", account) if account and led_away else ()
    return quoted(["numctl", *words, *elsewhere, *_way.options])


def quoted(words: Sequence[str]) -> str:
    """Return words quoted for a shell, with a note where a URL had to be left out because of its password."""
    import shlex

    shown = without_urls(words)
    return shlex.join(shown) + (NOTE if shown != list(words) else "")
