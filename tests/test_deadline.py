"""A call that is bounded from outside."""

from __future__ import annotations

import threading

import pytest

from numctl.deadline import Expired, within


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
