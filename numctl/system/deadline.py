"""Bound a call from outside, so that a hung server or a mute keyring cannot hang numctl."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

_SLICE = 0.5
"""Seconds of one wait: on Windows, Ctrl-C is only noticed between two."""

T = TypeVar("T")
_Ended = tuple[Any, BaseException | None]


class Expired(Exception):
    """The call did not return in time; its thread is abandoned."""


class _Carrier:
    """A daemon thread that makes one call after another, so that not each of a thousand costs a thread."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], Any]] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[_Ended] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def start(self, call: Callable[[], Any]) -> None:
        """Begin a call."""
        self._calls.put(call)

    def outcome(self, seconds: float) -> _Ended:
        """Return what the call returned or raised; raises queue.Empty when that takes longer."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > _SLICE:
            with suppress(queue.Empty):
                return self._outcomes.get(timeout=_SLICE)
        return self._outcomes.get(timeout=max(left, 0))

    def _work(self) -> None:
        while True:
            self._outcomes.put(_outcome_of(self._calls.get()))


_idle: list[_Carrier] = []
"""Those that wait for a call; one whose call did not return is not among them."""


def within(seconds: float, call: Callable[[], T], *, notice: tuple[float, Callable[[], None]] | None = None) -> T:
    """Return what `call` returns, or raise what it raises, within so many seconds.

    A daemon thread does the work, because neither a socket's timeout (a trickled header resets it) nor a pool of
    threads (joined at exit) ends a call that hangs. Raises Expired; the thread then goes on unheard until the
    process ends. With `notice`, the second of the pair is called where the first, in seconds, is not enough.
    """
    carrier = _idle.pop() if _idle else _Carrier()
    carrier.start(call)
    try:
        returned, failure = _outcome_with_notice(carrier, seconds, *notice) if notice else carrier.outcome(seconds)
    except queue.Empty:
        raise Expired from None
    _idle.append(carrier)
    if failure is not None:
        raise failure
    result: T = returned
    return result


def _outcome_with_notice(carrier: _Carrier, seconds: float, soon: float, tell: Callable[[], None]) -> _Ended:
    """Return a call's outcome, and call `tell` where it takes longer than `soon`; raises queue.Empty."""
    with suppress(queue.Empty):
        return carrier.outcome(soon)
    tell()
    return carrier.outcome(seconds - soon)


def _outcome_of(call: Callable[[], Any]) -> _Ended:
    """Return what a call returned, or what it raised."""
    try:
        return call(), None
    except BaseException as error:
        return None, error
