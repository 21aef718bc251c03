"""Bound a call from outside, so that a hung server or keyring cannot hang numctl."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

_SLICE = 0.5
"""Seconds of one wait: on Windows, Ctrl-C is noticed only between two waits."""

T = TypeVar("T")
_Ended = tuple[Any, BaseException | None]


class Expired(Exception):
    """The call did not return in time; its thread is abandoned."""


class _Worker:
    """A daemon thread that makes one call after another, so that a thousand calls need few threads."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], Any]] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[_Ended] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def start(self, call: Callable[[], Any]) -> None:
        self._calls.put(call)

    def outcome(self, seconds: float) -> _Ended:
        """Raises queue.Empty if the call takes longer."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > _SLICE:
            with suppress(queue.Empty):
                return self._outcomes.get(timeout=_SLICE)
        return self._outcomes.get(timeout=max(left, 0))

    def _work(self) -> None:
        while True:
            self._outcomes.put(_outcome_of(self._calls.get()))


_idle: list[_Worker] = []
"""Workers without a call; one whose call did not return never comes back here."""


def within(seconds: float, call: Callable[[], T], *, notice: tuple[float, Callable[[], None]] | None = None) -> T:
    """Call, and return or raise what `call` does, within this many seconds; raises Expired.

    A daemon thread does the work: neither a socket's timeout (a trickled header resets it) nor a pool of threads
    (joined at exit) ends a call that hangs. After Expired the thread goes on, ignored, until the process ends. With
    `notice` (seconds, function), the function is called when the call takes longer than that.
    """
    worker = _idle.pop() if _idle else _Worker()
    worker.start(call)
    try:
        returned, failure = _outcome_with_notice(worker, seconds, *notice) if notice else worker.outcome(seconds)
    except queue.Empty:
        raise Expired from None
    _idle.append(worker)
    if failure is not None:
        raise failure
    result: T = returned
    return result


def _outcome_with_notice(worker: _Worker, seconds: float, soon: float, tell: Callable[[], None]) -> _Ended:
    with suppress(queue.Empty):
        return worker.outcome(soon)
    tell()
    return worker.outcome(seconds - soon)


def _outcome_of(call: Callable[[], Any]) -> _Ended:
    try:
        return call(), None
    except BaseException as error:
        return None, error
