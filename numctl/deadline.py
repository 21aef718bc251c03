"""Bound a call from outside, so that a hung server or a mute keyring cannot hang numctl."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Outcome = tuple[Any, BaseException | None]


class Expired(Exception):
    """The call did not return in time; its thread is abandoned."""


class Carrier:
    """A daemon thread that makes one call after another, so that not each of a thousand costs a thread."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], Any]] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def carry(self, call: Callable[[], Any], seconds: float) -> Outcome:
        """Return what a call returned or raised; raises queue.Empty when that takes longer."""
        self._calls.put(call)
        return self._outcomes.get(timeout=max(seconds, 0))

    def _work(self) -> None:
        while True:
            self._outcomes.put(outcome_of(self._calls.get()))


_idle: list[Carrier] = []
"""Those that wait for a call; one whose call did not return is not among them."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns, or raise what it raises, within so many seconds.

    A daemon thread does the work, because neither a socket's timeout (a trickled header resets it) nor a pool of
    threads (joined at exit) ends a call that hangs. Raises Expired; the thread then goes on unheard until the
    process ends.
    """
    carrier = _idle.pop() if _idle else Carrier()
    try:
        returned, failure = carrier.carry(call, seconds)
    except queue.Empty:
        raise Expired from None
    _idle.append(carrier)
    if failure is not None:
        raise failure
    result: T = returned
    return result


def outcome_of(call: Callable[[], Any]) -> Outcome:
    """Return what a call returned, or what it raised."""
    try:
        return call(), None
    except BaseException as error:
        return None, error
