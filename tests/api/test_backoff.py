"""How long to wait: our own backoff, and what of a Retry-After is a wish."""

from __future__ import annotations

import pytest

from numctl.api.answer import Answer
from numctl.api.backoff import asked_to_wait, backoff, retry_after


def answered(said: str) -> Answer:
    return Answer(429, {"Retry-After": said}, b"")


@pytest.mark.parametrize(
    ("attempt", "shortest", "longest"), [(0, 0.5, 0.75), (1, 0.5, 0.75), (2, 1, 1.5), (3, 2, 3), (4, 4, 6)]
)
def test_each_wait_is_twice_the_last_with_jitter(attempt: int, shortest: float, longest: float) -> None:
    waits = {backoff(attempt) for _ in range(200)}
    assert len(waits) > 1
    assert all(shortest <= wait <= longest for wait in waits)


def test_no_backoff_is_longer_than_eight_seconds() -> None:
    assert {backoff(attempt) for attempt in range(6, 40)} == {8.0}


@pytest.mark.parametrize(("said", "seconds"), [("0", 0), ("7", 7), ("30", 30), ("21600", 21600)])
def test_whole_seconds_are_a_wish(said: str, seconds: int) -> None:
    assert retry_after(answered(said)) == seconds


@pytest.mark.parametrize("said", ["", "-5", "soon", "1.5", "٣", "1" * 400, "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_anything_else_is_none(said: str) -> None:
    assert retry_after(answered(said)) is None


def test_a_wait_that_is_too_long_is_told_and_a_shorter_one_is_not() -> None:
    assert asked_to_wait(answered("31")) == " and asks to wait 31 s"
    assert [asked_to_wait(answered("30")), asked_to_wait(answered("soon")), asked_to_wait(None)] == ["", "", ""]
