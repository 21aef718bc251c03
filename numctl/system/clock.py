"""The one seam through which numctl knows the time and waits."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Tell seconds on a clock that never goes back, and wait on it."""

    def now(self) -> float:
        """Return seconds since an arbitrary start."""

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""


class SystemClock:
    """The real clock."""

    now = staticmethod(time.monotonic)
    sleep = staticmethod(time.sleep)
