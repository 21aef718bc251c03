"""Whether a stream is written in colour: https://no-color.org and https://force-color.org; a "no" wins."""

from __future__ import annotations

import sys
from collections.abc import Mapping


def is_colored(environ: Mapping[str, str], *, terminal: bool, forcible: bool = False) -> bool:
    """Decide for a stream; `forcible` says that FORCE_COLOR colours it in a pipe as well."""
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "") not in ("", "0"):
        return terminal or forcible
    return terminal and environ.get("TERM") != "dumb" and _understands_escapes(environ)


def _understands_escapes(environ: Mapping[str, str]) -> bool:
    # The old console of Windows prints them.
    return sys.platform != "win32" or any(name in environ for name in ("WT_SESSION", "ANSICON", "TERM"))
