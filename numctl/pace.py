"""Find out how many requests at once a service allows, and keep to it.

The service tells no limit; it answers 429 to what is too many (code 20429). Each refusal of a request that was sent
under the present limit lowers it by one, so that 8 sent at once to a service that allows 3 find the limit at once and
cost 5 refusals. A long row of successes tries one more, more rarely after each attempt that failed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

FIRST_TRY = 50


class Pace:
    """Hold back requests so that no more than the present limit are under way at once."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = most
        self._under_way = 0
        self._successes = 0
        self._try_after = FIRST_TRY
        self._trying = False
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a place among the requests under way, and hold it."""
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

        A request that was alone was not refused for its company: then it is the caller who must wait.
        """
        with self._changed:
            self._successes = 0
            if self.limit == 1 or self._under_way == 1:
                return False
            if self._trying:
                self._try_after *= 2
                self._trying = False
            self.limit -= 1
            return True

    def succeeded(self) -> None:
        """Count an answer that was not a refusal, and try one request more after enough of them."""
        with self._changed:
            self._successes += 1
            if self.limit < self.most and self._successes >= self._try_after:
                self._successes = 0
                self._trying = True
                self.limit += 1
                self._changed.notify()
