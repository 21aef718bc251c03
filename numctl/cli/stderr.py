"""Standard error: everything that is not data."""

from __future__ import annotations

import sys

from numctl.errors import NumctlError
from numctl.render.text import clean


def say(text: str = "") -> None:
    """Write one line or several; text from outside is literal, and a closed standard error is nobody's concern."""
    lines = "\n".join(clean(line) for line in text.split("\n"))
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
        import json

        say(json.dumps({"error": error.as_json()}))
        return
    say(f"numctl: {error.message}")
    if error.hint:
        say(f"  {error.hint}")
    if error.more_info:
        say(f"  {error.more_info}")
