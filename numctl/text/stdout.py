"""Standard output as bytes: UTF-8 in any locale, in large pieces, with an exception for each kind of failure."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO

from numctl.errors import NumctlError
from numctl.system.color import is_colored
from numctl.system.streams import silence
from numctl.text.paint import Text, render

CHUNK = 1 << 17


class ReaderGone(Exception):
    """The reader of standard output has gone, as `head` does: not an error, but a reason to stop."""


class OutputFailed(NumctlError):
    """Standard output could not be written."""


class Out:
    """Collect bytes for standard output and write them in large pieces.

    `width` is in terminal cells. Once a write has failed, every later one raises the same. `begun` says that something
    was written. `left_out` are the columns for which a table had no room.
    """

    def __init__(
        self, stream: BinaryIO | None, *, terminal: bool = False, width: int = 80, color: bool = False
    ) -> None:
        self.terminal = terminal
        self.width = width
        self.color = color
        self.begun = False
        self.left_out: tuple[str, ...] = ()
        self._stream = stream
        self._pending = bytearray()
        self._failure: Exception | None = None

    @classmethod
    def standard(cls, environ: Mapping[str, str] = os.environ) -> Out:
        """The process's standard output, even if it is closed."""
        stream = None if sys.stdout is None else sys.stdout.buffer
        terminal = stream is not None and stream.isatty()
        return cls(stream, terminal=terminal, width=_width(terminal), color=is_colored(environ, terminal=terminal))

    def write(self, content: bytes) -> None:
        """Take bytes to be written; raises ReaderGone or OutputFailed."""
        if len(content) >= CHUNK:
            self._send()
            self._deliver(content)
            return
        self._pending += content
        if len(self._pending) >= CHUNK:
            self._send()

    def flush(self) -> None:
        """Write all that was taken; raises ReaderGone or OutputFailed."""
        self._send()
        if self._stream is not None:
            self._attempt(self._stream.flush)

    def _send(self) -> None:
        pending, self._pending = self._pending, bytearray()
        self._deliver(pending)

    def _deliver(self, content: bytes | bytearray) -> None:
        if self._failure:
            raise self._failure
        if not content:
            return
        stream = self._stream
        if stream is None:
            raise self._failed(OutputFailed("standard output is closed"))
        self._attempt(lambda: _write_all(stream, content))
        self.begun = True

    def _attempt(self, action: Callable[[], object]) -> None:
        try:
            action()
        except (OSError, ValueError) as error:
            if self._stream is not None:
                silence(self._stream)
            raise self._failed(_explain(error)) from error

    def _failed(self, failure: Exception) -> Exception:
        self._failure = failure
        return failure


def write_text(text: str) -> None:
    """Write text as it is, at once; raises ReaderGone or OutputFailed."""
    out = Out.standard()
    out.write(text.encode())
    out.flush()


def write_lines(texts: Iterable[Text]) -> None:
    """Write lines for a person at once: coloured and wrapped on a terminal alone; raises ReaderGone or OutputFailed."""
    out = Out.standard()
    out.write(render(texts, width=out.width if out.terminal else None, color=out.color).encode())
    out.flush()


def _write_all(stream: BinaryIO, content: bytes | bytearray) -> None:
    """Write every byte: with python -u the stream is raw, and may accept only a part."""
    rest = memoryview(content)
    while rest:
        taken = stream.write(rest)
        if taken is None:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        rest = rest[taken:]


def _explain(error: OSError | ValueError) -> Exception:
    gone = isinstance(error, BrokenPipeError)
    # Windows reports a pipe without a reader as an invalid argument.
    if gone or (sys.platform == "win32" and isinstance(error, OSError) and error.errno == errno.EINVAL):
        return ReaderGone()
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is closed"
    return OutputFailed(f"standard output could not be written: {reason}")


def _width(terminal: bool) -> int:
    if not terminal:
        return 80

    return shutil.get_terminal_size().columns
