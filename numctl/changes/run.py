"""Run many changes at once, bounded, and know at any moment how each of them stands.

Prints nothing and asks nothing. Daemon threads fed by a queue, because a pool joins its workers at exit, even one that
hangs in a request.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence

from numctl.changes.change import Change, Result
from numctl.changes.perform import show_command
from numctl.errors import NumctlError, OutcomeUnknown, Refused
from numctl.model.outcome import Outcome

GRACE = 8.0
"""Seconds that requests under way get after an interrupt; numctl then ends within ten."""

_WAKE = 0.1
"""How often, in seconds, the waiting main thread checks for a signal."""


class Run:
    """The changes of one run. `results` is in the order asked, and correct at any moment.

    Once `stop` is set, nothing more is sent. `signals` counts the signals to end: the first ends the iteration, a
    second one the wait for what is under way.
    """

    def __init__(
        self,
        changes: Sequence[Change],
        perform: Callable[[Change], Result],
        concurrency: int,
        stop: threading.Event | None = None,
        signals: Callable[[], int] = lambda: 0,
    ) -> None:
        self._changes = changes
        self._ended: list[Result | None] = [None] * len(changes)
        self._begun: set[int] = set()
        self._perform = perform
        self._stop = stop or threading.Event()
        self._signals = signals
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._workers = [threading.Thread(target=self._work, daemon=True) for _ in range(concurrency)]
        for index, change in enumerate(changes):
            if change.settled:
                self._ended[index] = perform(change)
            else:
                self._waiting.put(index)
        self._left = self._waiting.qsize()

    @property
    def results(self) -> list[Result]:
        return [self._now(index) for index in range(len(self._changes))]

    @property
    def is_over(self) -> bool:
        """Whether every change has ended."""
        return all(self._ended)

    def _now(self, index: int) -> Result:
        standing = _under_way if index in self._begun else _not_tried
        return self._ended[index] or standing(self._changes[index])

    def __iter__(self) -> Iterator[Result]:
        """Yield each result as it comes, first those that needed no request."""
        yield from [result for result in self._ended if result]
        for worker in self._workers[: self._left]:
            if not self._signals():
                worker.start()
        while self._left and not self._signals():
            try:
                index = self._done.get(timeout=_WAKE)
            except queue.Empty:
                continue
            self._left -= 1
            yield self._now(index)

    def halt(self, grace: float = GRACE) -> None:
        """Start nothing more, and wait this many seconds for what is under way; the rest stays `unknown`."""
        self._stop.set()
        share = grace
        for worker in self._workers:
            if worker.is_alive() and share > 0:
                share = self._join(worker, share)

    def _join(self, worker: threading.Thread, seconds: float) -> float:
        """Wait in short pieces, and return the seconds left: none once a second signal has come."""
        import time

        end = time.monotonic() + seconds
        while worker.is_alive() and time.monotonic() < end:
            if self._signals() > 1:
                return 0.0
            worker.join(min(_WAKE, max(end - time.monotonic(), 0)))
        return end - time.monotonic()

    def _work(self) -> None:
        while True:
            try:
                index = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._begun.add(index)
            # The run may have been halted and reported already: what it reported as not tried must not start.
            if self._stop.is_set() or self._signals():
                self._begun.discard(index)
                return
            self._ended[index] = self._outcome(self._changes[index])
            self._done.put(index)

    def _outcome(self, change: Change) -> Result:
        try:
            return self._perform(change)
        except Exception as error:  # the worker must not lose the number, whatever went wrong
            reason = OutcomeUnknown(
                f"{change.phone_number}: {type(error).__name__}: {error}",
                hint="look before repeating",
                command=show_command(change),
            )
            return Result(change, Outcome.UNKNOWN, error=reason)


def _not_tried(change: Change) -> Result:
    reason: NumctlError = Refused(f"{change.phone_number}: not attempted (interrupted)")
    return Result(change, Outcome.SKIPPED, change.before, reason)


def _under_way(change: Change) -> Result:
    """Begun, and nothing is known of it yet."""
    message = f"{change.phone_number}: it was under way when the run ended"
    return Result(change, Outcome.UNKNOWN, error=OutcomeUnknown(message, hint="to check", command=show_command(change)))
