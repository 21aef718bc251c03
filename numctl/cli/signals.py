"""SIGINT, SIGTERM and SIGHUP: they end a command at once, except for a run of changes, which ends with its account.

A process has one set of handlers, hence the one state of this module.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numctl.errors import HungUp, NumctlError, Stopped
from numctl.system.streams import silence

LAST_SECONDS = 2.0
"""Seconds that a slow reader gets after a second signal."""

_RESENT_AFTER = 0.02
_ENDINGS: dict[str, Callable[[], BaseException]] = {
    "SIGINT": KeyboardInterrupt,
    "SIGTERM": lambda: Signalled(Stopped("terminated")),
    "SIGHUP": lambda: Signalled(HungUp("hung up")),
}


class Signalled(BaseException):
    """A signal arrived that ends the program; like an interrupt, it lets what is under way be accounted for."""

    def __init__(self, ending: NumctlError) -> None:
        super().__init__(ending.message)
        self.ending = ending


class Overdue(Exception):
    """A reader took nothing for too long after a second signal."""


class Held:
    """The signals that arrive while they are held: noted, and raised once all is said."""

    def __init__(self) -> None:
        self.count = 0
        self.first: BaseException | None = None
        self.writing = False

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Write results; a second signal gives the reader two seconds more, then raises Overdue."""
        self.writing = True
        try:
            yield
        finally:
            self.writing = False
            _watch.still()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Write to standard error, which says nothing more once its reader is overdue as well."""
        try:
            with self.bounded():
                yield
        except Overdue:
            silence(sys.stderr)


class Watch:
    """What is done with a signal: it is raised, or noted while signals are held, or dropped once all is over."""

    def __init__(self) -> None:
        self.held: Held | None = None
        self.over = False
        self._number = 0
        self._unraisable = sys.unraisablehook
        self._bell_before: Any = None

    def arrived(self, number: int, _: object) -> None:
        """Take one signal."""
        ending = _ENDINGS[signal.Signals(number).name]()
        self._number = number
        if self.held is not None:
            self.held.count += 1
            self.held.first = self.held.first or ending
            if self.held.count > 1 and self.held.writing:
                self._ring_soon()
        elif self.over:
            self._ring_soon()
        else:
            raise ending

    def still(self) -> None:
        """Ring no more."""
        if self._bell_before is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._bell_before)
            self._bell_before = None

    def _ring_soon(self) -> None:
        """Ring in two seconds, unless it is going to; where there is no bell, as on Windows, at once."""
        if not hasattr(signal, "setitimer"):
            self._rang()
        elif self._bell_before is None:
            self._bell_before = signal.signal(signal.SIGALRM, self._rang) or signal.SIG_DFL
            signal.setitimer(signal.ITIMER_REAL, LAST_SECONDS)

    def _rang(self, *_: object) -> None:
        """End the waiting for a reader, or the process where nothing but that is left to do."""
        if self.held is not None and self.held.writing:
            raise Overdue("standard output was not read in time")
        if self.over:
            os._exit(128 + self._number)

    def again(self, found: Any) -> None:
        """Send a signal again whose exception arose in a finalizer, where it ends nothing and shows a traceback."""
        if not isinstance(found.exc_value, KeyboardInterrupt | Signalled):
            self._unraisable(found)
        elif self._number:
            import _thread

            _thread.start_new_thread(_resend, (self._number,))


_watch = Watch()


@contextmanager
def watched(finish: Callable[[], None] | None) -> Iterator[Watch]:
    """Handle the signals for the time of a command; one that is ignored stays so, as SIGHUP does under nohup.

    `finish` ends a process that is for this command only: after it, signals are ignored, for there is nothing left to
    end.
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
    hook, sys.unraisablehook = sys.unraisablehook, watch.again
    try:
        yield watch
        if finish:
            finish()
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if finish else handler)
        watch.still()


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
    import time

    time.sleep(_RESENT_AFTER)
    signal.raise_signal(number)
