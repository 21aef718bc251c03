"""Times for a person: in the local time zone, with their age, and text that is no time left alone."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from numctl.text.times import age, local

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def in_new_york() -> Iterator[None]:
    if sys.platform == "win32":
        pytest.skip("the time zone of a process cannot be changed here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_new_york")
@pytest.mark.parametrize(
    ("text", "minute", "second"),
    [
        ("Mon, 04 Mar 2024 02:30:05 +0000", "2024-03-03 21:30", "2024-03-03 21:30:05"),
        ("2024-07-04T02:30:05.123Z", "2024-07-03 22:30", "2024-07-03 22:30:05"),
        ("2024-07-04T02:30:05+02:00", "2024-07-03 20:30", "2024-07-03 20:30:05"),
        ("yesterday", "yesterday", "yesterday"),
        (17, "17", "17"),
    ],
)
def test_a_time_is_shown_in_the_local_time_zone(text: object, minute: str, second: str) -> None:
    assert (local(text), local(text, seconds=True)) == (minute, second)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=29), "29 days ago"),
        (timedelta(days=364), "12 months ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(seconds=-1), ""),
    ],
)
def test_the_age_of_a_time_is_said_in_its_largest_unit(passed: timedelta, said: str) -> None:
    assert age((NOW - passed).isoformat(), NOW) == said


def test_what_is_no_time_has_no_age() -> None:
    assert [age(text, NOW) for text in ("yesterday", "", None)] == ["", "", ""]
