"""Times for a person: local, with how long ago they were."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from numctl.model.moment import moment

_UNITS = (
    ("year", timedelta(days=365)),
    ("month", timedelta(days=30)),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


def local(text: object, *, seconds: bool = False) -> str:
    """Write a time in the local time zone, such as `2024-03-01 14:05`; other text stays as it is."""
    found = moment(text)
    if isinstance(found, datetime):
        # Windows knows no time zone for the years before 1970.
        with suppress(ValueError, OverflowError, OSError):
            return found.astimezone().strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")
    return str(text)


def age(text: object, now: datetime) -> str:
    """Say how long ago a time was, such as `2 years ago`; empty for other text, or a time in the future."""
    found = moment(text)
    passed = now - found if isinstance(found, datetime) else timedelta(days=-1)
    if passed < timedelta():
        return ""
    for unit, length in _UNITS:
        count = passed // length
        if count:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
