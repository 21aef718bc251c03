"""Delete old runs from the history for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from numctl.errors import UsageError
from numctl.history.file import PATIENCE, delete_runs, holds_runs, unusable
from numctl.history.journal import stamp, utc_now
from numctl.history.reader import History


def prune(path: Path, older_than_days: int, *, now: datetime | None = None, patience: float = PATIENCE) -> int:
    """Delete the runs that started more than this many days ago, for good, and return how many; creates no file.

    Raises UsageError for a negative age, and Refused, with nothing deleted, if the history cannot be written or
    another numctl has it open: rewriting the file, so that no name stays in it, needs an exclusive lock.
    """
    import sqlite3

    before = _days_ago(older_than_days, now)
    if before is None or not holds_runs(path):
        return 0
    try:
        return delete_runs(path, before, patience)
    except sqlite3.Error as error:
        raise unusable(path, error) from error


def count_older(path: Path, older_than_days: int, *, now: datetime | None = None) -> int:
    """How many runs `prune` would delete; raises as it does."""
    before = _days_ago(older_than_days, now)
    if before is None:
        return 0
    with History.open(path) as history:
        return sum(run["time"] < before for run in history.runs())


def _days_ago(days: int, now: datetime | None) -> str | None:
    """None for a date before the calendar begins; raises UsageError."""
    if days < 0:
        raise UsageError("--older-than takes a number of days, 0 or more")
    try:
        return stamp((now or utc_now()) - timedelta(days=days))
    except OverflowError:
        return None
