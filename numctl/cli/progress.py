"""The progress of a run or a read, on a terminal only; it never delays anything."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator, Sized
from contextlib import AbstractContextManager, contextmanager, suppress
from types import TracebackType
from typing import Any, TypeVar

from numctl.cli import messages
from numctl.text.paint import Text

_WORTH_A_BAR = 10
"""Shorter runs are over before a bar would help, and loading one costs as much as they do."""

_PATIENCE = 1.0
"""Seconds before a long read shows its progress."""

_TICK = 0.2

Page = TypeVar("Page", bound=Sized)


def _moves() -> bool:
    """Whether standard error is a terminal on which a line can be rewritten."""
    return messages.on_terminal() and os.environ.get("TERM") != "dumb"


class Progress(AbstractContextManager["Progress"]):
    """A bar on standard error for a run over enough numbers: `Changing 87/300 ━━━ · 2 failed · 14 s left`."""

    def __init__(self, count: int, doing: str = "Changing") -> None:
        self._bar: Any = None
        self._count = count
        self._doing = doing
        self._failed = 0
        self._begun = time.monotonic()

    def __enter__(self) -> Progress:
        if self._count >= _WORTH_A_BAR and _moves():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
            from rich.progress import Progress as Bar

            columns = (
                TextColumn("{task.description}"),
                MofNCompleteColumn(),
                BarColumn(bar_width=24, complete_style="green", finished_style="green"),
                TextColumn("{task.fields[rest]}"),
            )
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._doing, total=self._count, rest="")
            self._bar.start()
        return self

    def advance(self, *, failed: bool = False) -> None:
        """Count one more change."""
        self._failed += failed
        if self._bar:
            with suppress(OSError):  # the terminal may be gone: that ends no run
                done = min(int(self._bar.tasks[self._task].completed) + 1, self._count)  # spares come on top
                self._bar.update(self._task, completed=done, rest=self._rest(done))

    def _rest(self, done: int) -> str:
        seconds = (time.monotonic() - self._begun) / done * (self._count - done)
        failed = [f"{self._failed} failed"] if self._failed else []
        return " ".join(f"· {part}" for part in (*failed, f"{_spoken(seconds)} left"))

    def note(self, text: str) -> None:
        """Write a line above the bar."""
        self._stop()
        messages.say(text)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def _stop(self) -> None:
        bar, self._bar = self._bar, None
        if bar:
            with suppress(OSError):
                bar.stop()


def _spoken(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def with_progress(pages: Iterable[Page], what: str) -> Iterator[Page]:
    """Yield pages; while it waits for the next one, show how many rows there are so far."""
    count, begun, left = 0, time.monotonic(), iter(pages)
    while True:
        so_far = f": {count:,} so far" if count else ""
        with waiting(f"Reading {what}{so_far}…", patience=_PATIENCE - (time.monotonic() - begun)):
            page = next(left, None)
        if page is None:
            return
        count += len(page)
        yield page


@contextmanager
def waiting(text: Text, patience: float = _PATIENCE) -> Iterator[None]:
    """Show a line on the terminal while the block lasts, if it lasts longer than `patience` seconds."""
    if not _moves():
        yield
        return
    over = threading.Event()
    shower = threading.Thread(target=_show, args=(text, over, max(patience, 0.0)), daemon=True)
    shower.start()
    try:
        yield
    finally:
        over.set()
        shower.join()


def _show(text: Text, over: threading.Event, patience: float) -> None:
    if over.wait(patience):
        return
    while not over.wait(_TICK):
        messages.show_status(text)
    messages.hide_status()
