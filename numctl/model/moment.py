"""Moment: when a record was last changed, in whichever form the date is written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def moment(text: Any) -> datetime | str | None:
    """Return the moment that a text names, as the service writes it (RFC 2822) or as spreadsheets do (ISO 8601).

    Without an offset it is UTC, in which the service writes. A text that is neither only equals itself.
    """
    from email.utils import parsedate_to_datetime

    if not text:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(str(text))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return str(text)


def day(text: Any) -> str:
    """The UTC day of a date in any of these forms, as `2026-11-24`; what is no date stays as it is."""
    found = moment(text)
    return found.astimezone(UTC).date().isoformat() if isinstance(found, datetime) else str(text)
