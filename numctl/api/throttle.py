"""Find out how many requests at once a service allows, and keep to it.

The service states no limit; it answers 429 (code 20429) to too many. If --concurrency allows more than a few, numctl
starts with a few; until the first refusal each success allows one more, which doubles them in the time of one answer.
Each refusal of a request sent under the present limit lowers it by one: 8 sent at once to a service that allows 3 find
the limit at once and cost 5 refusals. From then on, a long run of successes raises the limit by one, less often after
each failed attempt.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_FEW = 8
"""How many are sent at first. It is the default of --concurrency, so only larger values start slower."""

FIRST_TRY = 50


class Pace:
    """Hold back requests so that no more than the present limit are under way at once."""

    def __init__(self, most: int, first: int = _FEW) -> None:
        self.most = most
        self.limit = min(most, first)
        self._growing = self.limit < most
        self._under_way = 0
        self._successes = 0
        self._try_after = FIRST_TRY
        self._trying = False
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a free place among the requests under way, and hold it."""
        with self._changed:
            while self._under_way >= self.limit:
                self._changed.wait()
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify()

    def refused(self) -> bool:
        """Lower the limit after a 429, and say whether fewer at once may help; called within the slot.

        If the request was alone, fewer cannot help: then the caller must wait.
        """
        with self._changed:
            self._growing = False
            self._successes = 0
            if self.limit == 1 or self._under_way == 1:
                return False
            if self._trying:
                self._try_after *= 2
                self._trying = False
            self.limit -= 1
            return True

    def succeeded(self) -> None:
        """Count a success, and allow one request more: at first after each, later after many.

        Successes below the limit say nothing about a higher one.
        """
        with self._changed:
            self._successes += 1
            if self._growing and self._under_way >= self.limit:
                self._raise()
            elif not self._growing and self.limit < self.most and self._successes >= self._try_after:
                self._trying = True
                self._raise()

    def _raise(self) -> None:
        self._successes = 0
        self.limit += 1
        self._growing = self._growing and self.limit < self.most
        self._changed.notify()
