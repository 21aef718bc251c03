"""A call that is bounded from outside."""

from __future__ import annotations

import threading

import pytest

from numctl.system.deadline import Expired, within


def test_what_a_call_returns_comes_back() -> None:
    assert [within(10, lambda: "done"), within(10, lambda: None)] == ["done", None]


def test_what_a_call_raises_comes_back_whatever_it_is() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(ZeroDivisionError):
        within(10, lambda: 1 // 0)
    with pytest.raises(KeyboardInterrupt):
        within(10, interrupted)


def test_a_call_that_hangs_is_left_alone_while_it_goes_on() -> None:
    never, returned = threading.Event(), list[bool]()
    with pytest.raises(Expired):
        within(0.05, lambda: returned.append(never.wait(10)))
    assert returned == []
    never.set()


@pytest.mark.parametrize("seconds", [0, -5])
def test_without_any_time_left_it_expires(seconds: float) -> None:
    never = threading.Event()
    with pytest.raises(Expired):
        within(seconds, lambda: never.wait(10))
    never.set()


def test_the_work_is_done_on_a_thread_that_keeps_no_process_alive() -> None:
    assert within(10, lambda: threading.current_thread().daemon) is True


def test_a_call_that_takes_long_is_told_of_once_and_still_heard() -> None:
    done, told = threading.Event(), []

    def tell() -> None:
        told.append("waiting")
        done.set()

    assert within(10, lambda: done.wait(10), notice=(0.01, tell)) is True
    assert within(10, lambda: "at once", notice=(5, tell)) == "at once"
    assert told == ["waiting"]


def test_a_call_that_hangs_after_it_was_told_of_is_left_alone_in_time() -> None:
    never, told = threading.Event(), list[str]()
    with pytest.raises(Expired):
        within(0.05, lambda: never.wait(10), notice=(0.01, lambda: told.append("waiting")))
    assert told == ["waiting"]
    never.set()
