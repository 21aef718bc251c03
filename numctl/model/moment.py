"""Parse a record's dates, in every form in which they are written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def moment(text: Any) -> datetime | str | None:
    """The time that a text names, as the service writes it (RFC 2822) or as spreadsheets do (ISO 8601).

    Without an offset it is UTC, as the service's times are. Any other text equals only itself.
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
    """The UTC day of a date in any of these forms, as `2026-11-24`; other text stays as it is."""
    found = moment(text)
    return found.astimezone(UTC).date().isoformat() if isinstance(found, datetime) else str(text)
