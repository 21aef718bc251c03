"""Which records are older than what this machine has just changed.

A read may lag behind a write. For one minute after a change in the history, that change's answer is better than what a
read shows; after that, the record is believed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from numctl.changes.operation import recorded_as
from numctl.changes.recorded import Entry, recorded
from numctl.model.moment import moment
from numctl.model.number import Record, completed, difference
from numctl.model.outcome import Outcome

DOUBTED = timedelta(minutes=1)
"""How long a record may lag after a change."""


def lags(record: Record, recent: Sequence[Entry]) -> bool:
    """Whether a record lags behind the number's recent changes, newest first."""
    if not recent:
        return False
    newest = recent[0]
    after = newest["after"]
    if after is None:
        return recorded_as(newest["operation"]).ends_number
    read, left = moment(record.get("date_updated")), moment(after.get("date_updated"))
    if isinstance(read, datetime) and isinstance(left, datetime) and read != left:
        return read < left
    finished = completed(after, recorded(newest).wanted)
    if not difference(after, record) or not difference(finished, record):
        return False
    moved_from_here = after.get("account_sid") != newest["account_sid"] == record.get("account_sid")
    return moved_from_here or any(entry["before"] and not difference(entry["before"], record) for entry in recent)


def is_in_doubt(record: Record, recent: Sequence[Entry]) -> bool:
    """Whether the last change, of unknown outcome, is not visible and may still take effect."""
    if not recent or recent[0]["outcome"] != Outcome.UNKNOWN:
        return False
    before = recent[0]["before"] or {}
    return before.get("account_sid") == record.get("account_sid") and not difference(before, record)


def is_expected(recent: Sequence[Entry], accounts: Collection[str]) -> bool:
    """Whether a number in none of these accounts should be there, by its recent changes, newest first."""
    return bool(recent) and (recent[0]["after"] or {}).get("account_sid") in accounts
