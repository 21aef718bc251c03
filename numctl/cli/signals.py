"""SIGINT, SIGTERM and SIGHUP end a command at once, except a run of changes, which first reports what it did.

A process has one set of handlers, hence the one state of this module.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numctl.errors import HungUp, NumctlError, Stopped
from numctl.system.streams import silence

LAST_SECONDS = 2.0
"""Seconds that a slow reader gets after a second signal."""

_TICK = 0.1
"""Seconds between looks for a signal while results are written.

A signal that another thread takes is noted, but does not interrupt a write of the main thread: a tick does.
"""

_RESENT_AFTER = 0.02
_ENDINGS: dict[str, Callable[[], BaseException]] = {
    "SIGINT": KeyboardInterrupt,
    "SIGTERM": lambda: Signalled(Stopped("terminated")),
    "SIGHUP": lambda: Signalled(HungUp("hung up")),
}


class Signalled(BaseException):
    """A signal to end the program; like an interrupt, it leaves time to report what is under way."""

    def __init__(self, ending: NumctlError) -> None:
        super().__init__(ending.message)
        self.ending = ending


class Overdue(Exception):
    """A reader read nothing for too long after a second signal."""


class Held:
    """Signals that arrive while they are held: noted, and raised after the report."""

    def __init__(self) -> None:
        self.count = 0
        self.first: BaseException | None = None
        self.writing = False

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Write results; a second signal gives the reader two seconds more, then raises Overdue."""
        self.writing = True
        if self.count:
            _watch.start_timer()
        try:
            yield
        finally:
            self.writing = False
            _watch.stop_timer()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Write to standard error, or stop writing to it if its reader is overdue too."""
        try:
            with self.bounded():
                yield
        except Overdue:
            silence(sys.stderr)


class Watch:
    """What happens to a signal: it is raised, noted while signals are held, or dropped after the end."""

    def __init__(self) -> None:
        self.held: Held | None = None
        self.over = False
        self._number = 0
        self._unraisable = sys.unraisablehook
        self._alarm_before: Any = None
        self._due: float | None = None

    def arrived(self, number: int, _: object) -> None:
        """Take one signal."""
        ending = _ENDINGS[signal.Signals(number).name]()
        self._number = number
        if self.held is not None:
            self.held.count += 1
            self.held.first = self.held.first or ending
            if self.held.writing:
                self.start_timer(due=self.held.count > 1)
        elif self.over:
            self.start_timer(due=True)
        else:
            raise ending

    def start_timer(self, *, due: bool = False) -> None:
        """Look for signals from now on; if something is `due`, end it in two seconds (on Windows, at once)."""
        if due and self._due is None:
            self._due = time.monotonic() + LAST_SECONDS
        if not hasattr(signal, "setitimer"):
            if due:
                self._end()
        elif self._alarm_before is None:
            self._alarm_before = signal.signal(signal.SIGALRM, self._tick) or signal.SIG_DFL
            signal.setitimer(signal.ITIMER_REAL, _TICK, _TICK)

    def stop_timer(self) -> None:
        """Look for signals no more."""
        self._due = None
        if self._alarm_before is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._alarm_before)
            self._alarm_before = None

    def _tick(self, *_: object) -> None:
        if self._due is not None and time.monotonic() >= self._due:
            self._end()

    def _end(self) -> None:
        """Stop waiting for a reader, or end the process if nothing else is left to do."""
        if self.held is not None and self.held.writing:
            raise Overdue("standard output was not read in time")
        if self.over:
            os._exit(128 + self._number)

    def resend(self, found: Any) -> None:
        """Resend a signal whose exception was raised in a finalizer, where it would only print a traceback."""
        if not isinstance(found.exc_value, KeyboardInterrupt | Signalled):
            self._unraisable(found)
        elif self._number:
            import _thread

            _thread.start_new_thread(_resend, (self._number,))


_watch = Watch()


@contextmanager
def watched(finish: Callable[[], None] | None) -> Iterator[Watch]:
    """Handle the signals while a command runs; ignored ones stay ignored, as SIGHUP does under nohup.

    `finish` ends a process that runs only this command; after it, signals are ignored.
    """
    global _watch
    _watch = watch = Watch()
    numbers = [getattr(signal, name) for name in _ENDINGS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    before = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    try:
        for number in before:
            signal.signal(number, watch.arrived)
    except ValueError:  # not the main thread: the embedding program handles its signals
        yield watch
        return
    hook, sys.unraisablehook = sys.unraisablehook, watch.resend
    try:
        yield watch
        if finish:
            finish()
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if finish else handler)
        watch.stop_timer()


@contextmanager
def held() -> Iterator[Held]:
    """Note the signals that arrive in the block, and raise the first of them at its end, whatever else it raises."""
    watch, signals = _watch, Held()
    watch.held = signals
    try:
        yield signals
    finally:
        watch.over = signals.first is not None  # all is said: what comes now has nothing left to end
        watch.held = None
        if signals.first is not None:
            watch.over = True  # it may have come between these lines
            raise signals.first


def _resend(number: int) -> None:
    """Send a signal to this process, a moment later."""
    time.sleep(_RESENT_AFTER)
    signal.raise_signal(number)
