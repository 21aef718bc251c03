"""The next page is fetched while this one is written."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.api.prefetch import ahead
from numctl.errors import Unavailable

PATIENCE = 10


class Pages:
    """Pages that count how many of them were made."""

    def __init__(self, count: int, error: Exception | None = None) -> None:
        self.count, self.error = count, error
        self.made = 0
        self.step = threading.Semaphore(0)

    def __iter__(self) -> Iterator[int]:
        for index in range(self.count):
            self.made += 1
            self.step.release()
            yield index
        if self.error:
            raise self.error

    def wait_for(self, count: int) -> None:
        for _ in range(count):
            assert self.step.acquire(timeout=PATIENCE)


@given(st.lists(st.one_of(st.integers(), st.none(), st.text()), max_size=20))
def test_all_items_come_in_order_also_those_that_are_none(items: list[object]) -> None:
    assert list(ahead(iter(items))) == items


def test_one_item_is_made_beforehand_and_no_more() -> None:
    pages = Pages(10)
    reader = ahead(iter(pages))
    assert next(reader) == 0
    pages.wait_for(2)
    assert not pages.step.acquire(timeout=0.05)
    assert pages.made == 2
    assert next(reader) == 1
    pages.wait_for(1)
    assert not pages.step.acquire(timeout=0.05)
    assert pages.made == 3
    reader.close()


def test_what_breaks_is_raised_in_its_place_after_the_items_before_it() -> None:
    reader, got = ahead(iter(Pages(2, Unavailable("down")))), list[int]()
    with pytest.raises(Unavailable, match="down"):
        got.extend(iter(lambda: next(reader), object()))
    assert (next(reader, "no more"), got) == ("no more", [0, 1])


def test_what_breaks_is_not_raised_to_one_who_stopped_before_it() -> None:
    reader = ahead(iter(Pages(1, Unavailable("down"))))
    assert next(reader) == 0
    reader.close()


def test_nothing_is_made_before_it_is_asked_for() -> None:
    pages = Pages(3)
    ahead(iter(pages))
    assert pages.made == 0


def test_the_thread_ends_when_the_reader_stops_early() -> None:
    before = set(threading.enumerate())
    reader = ahead(iter(Pages(10)))
    next(reader)
    workers = set(threading.enumerate()) - before
    reader.close()
    for worker in workers:
        worker.join(PATIENCE)
    assert [(worker.daemon, worker.is_alive()) for worker in workers] in ([(True, False)], [])
