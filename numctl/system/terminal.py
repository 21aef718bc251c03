"""The controlling terminal: is a person there to ask? It is also restored, whatever a keyring does to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

if sys.platform != "win32":
    import termios


def is_there() -> bool:
    """Whether a person can be asked: the controlling terminal counts, even if standard streams are redirected."""
    try:
        os.close(_open())
    except OSError:
        return False
    return True


class _Terminal:
    """The terminal's state, to be restored if a program turned echo off and was then given up."""

    def __init__(self) -> None:
        self._descriptor: int | None = None
        self._before: Any = None
        if sys.platform != "win32":
            with suppress(OSError, termios.error):
                self._descriptor = _open()
                self._before = termios.tcgetattr(self._descriptor)

    def asks(self) -> bool:
        """Whether its state differs now: something is asking for a secret."""
        if sys.platform == "win32" or self._descriptor is None or self._before is None:
            return False
        with suppress(OSError, termios.error):
            # A background process would be stopped by the attempt, and did not change the state itself.
            foreground = os.tcgetpgrp(self._descriptor) == os.getpgrp()
            return foreground and termios.tcgetattr(self._descriptor) != self._before
        return False

    def restore(self) -> None:
        """Restore the state, and drop what was typed of a secret by then, so that no shell reads it."""
        if sys.platform != "win32" and self._descriptor is not None and self.asks():
            with suppress(OSError, termios.error):
                termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, self._before)
                os.write(self._descriptor, b"\n")

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def kept() -> Iterator[_Terminal]:
    """Leave the terminal as it was, however the block ends.

    A thread that was given up may still change it: that is undone when the process ends.
    """
    import atexit

    terminal = _Terminal()
    try:
        yield terminal
    except BaseException:
        terminal.restore()
        atexit.register(terminal.restore)
        raise
    terminal.restore()
    terminal.close()


def _open() -> int:
    if sys.platform == "win32":
        return os.open("CONIN$", os.O_RDWR)
    return os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
