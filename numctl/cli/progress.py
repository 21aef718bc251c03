"""Show how far a long run is, on a terminal only."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any

from numctl.cli.messages import say

_WORTH_A_BAR = 10
"""Shorter runs are over before a bar would help, and loading one costs as much as they do."""


def _moves() -> bool:
    """Say whether standard error is a terminal on which a line can be written anew."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Progress(AbstractContextManager["Progress"]):
    """A bar on standard error, for the time of a run over enough numbers on a terminal; else nothing."""

    def __init__(self, count: int) -> None:
        self._bar: Any = None
        self._count = count

    def __enter__(self) -> Progress:
        if self._count >= _WORTH_A_BAR and _moves():
            from rich.console import Console
            from rich.progress import Progress as Bar

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=self._count)
            self._bar.start()
        return self

    def advance(self) -> None:
        """Count one change more."""
        if self._bar:
            with suppress(OSError):  # the terminal may be gone: that ends no run
                self._bar.advance(self._task)

    def note(self, text: str) -> None:
        """Say something while the bar stands."""
        self._stop()
        say(text)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def _stop(self) -> None:
        bar, self._bar = self._bar, None
        if bar:
            with suppress(OSError):
                bar.stop()
