"""Standard error: everything that is not data."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from numctl.errors import NumctlError
from numctl.system.files import open_to_others
from numctl.text.terminal import clean

SANDBOX = "numctl: sandbox: fictional numbers, no cost, nothing reaches the network"
"""What each verb says where it acts on the stand-in."""


def say(text: str = "") -> None:
    """Write one line or several; text from outside is literal, without passwords in URLs."""
    _write("\n".join(clean(line) for line in text.split("\n")))


def on_terminal() -> bool:
    """Say whether somebody watches standard error."""
    return sys.stderr is not None and sys.stderr.isatty()


def _write(lines: str) -> None:
    """Write lines that are safe to show; a closed standard error is nobody's concern."""
    if sys.stderr is None:
        return
    try:
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(lines.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def say_error(error: NumctlError, *, as_json: bool) -> None:
    """Write an error for a person, or as the last line that a script reads."""
    if as_json:
        _write(json.dumps({"error": error.as_json()}))
        return
    say(f"numctl: {error.message}")
    for line in (error.advice() or "").splitlines():
        say(f"  {line}")
    if error.more_info:
        say(f"  {clean(error.more_info)}")


def say_open_folders() -> None:
    """Warn of folders of numctl in which other users may replace files: what stands there is not to be trusted."""
    for folder in open_to_others():
        say(f"numctl: warning: other users may write to {folder}; chmod 700 closes it to them")


def waiter(no_input: bool) -> Callable[[str], None] | None:
    """Return what tells a person that the keyring is being waited for, None where nobody is to be asked."""
    return None if no_input else say
