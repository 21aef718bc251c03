"""A clock on which waiting takes no time."""

from __future__ import annotations

import threading
from collections.abc import Callable


class FakeClock:
    """Tell a time that only waiting moves on, and keep what was waited for."""

    def __init__(self, on_sleep: Callable[[], None] | None = None) -> None:
        self.slept: list[float] = []
        self.time = 0.0
        self._lock = threading.Lock()
        self._on_sleep = on_sleep

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.time += seconds
            self.slept.append(seconds)
        if self._on_sleep:
            self._on_sleep()
