"""How numctl reads the time and waits; tests replace it."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """A monotonic clock in seconds."""

    def now(self) -> float:
        """Seconds since an arbitrary start."""

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The clock of this machine."""

    now = staticmethod(time.monotonic)
    sleep = staticmethod(time.sleep)
