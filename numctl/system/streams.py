"""Keep a failed write to a standard stream from deciding the exit code.

Python flushes both streams at exit, and exits 120 if that fails, whatever the program did about the failure.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # importing typing would cost more than all of --version
if TYPE_CHECKING:
    from typing import IO, Any


def flush_at_exit() -> None:
    """Flush both streams; what cannot be written was already reported, and is dropped."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            silence(stream)


def silence(stream: IO[Any]) -> None:
    """Point the stream's descriptor at the null device, so that what it still holds goes nowhere.

    https://docs.python.org/3/library/signal.html#note-on-sigpipe
    """
    try:
        descriptor = stream.fileno()
        null = os.open(os.devnull, os.O_WRONLY)
        if null != descriptor:
            os.dup2(null, descriptor)
            os.close(null)
    except (OSError, ValueError):
        return
