"""Fetch the next page while this one is written."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from typing import TypeVar

T = TypeVar("T")

_END = object()


def ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """Yield an iterator's items while a daemon thread makes the next one.

    What the iterator raises is raised here, in its place. At most one item waits, so that memory stays flat.
    """
    asked: queue.SimpleQueue[bool] = queue.SimpleQueue()
    made: queue.SimpleQueue[tuple[object, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        while asked.get():
            try:
                made.put((next(items, _END), None))
            except BaseException as error:
                made.put((_END, error))

    threading.Thread(target=work, daemon=True).start()
    asked.put(True)
    try:
        while True:
            item, failure = made.get()
            if failure is not None:
                raise failure
            if item is _END:
                return
            asked.put(True)
            yield item  # type: ignore[misc] # the end apart, the items are those of the iterator
    finally:
        asked.put(False)
