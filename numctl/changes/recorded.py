"""Rebuild a change from its entry in the history."""

from __future__ import annotations

from typing import Any

from numctl.changes.change import Change
from numctl.changes.operation import recorded_as
from numctl.model.settings import SETTINGS

Entry = dict[str, Any]
"""One change of `history ID --json`."""


def recorded(entry: Entry) -> Change:
    """The change that was sent."""
    return Change(
        recorded_as(entry["operation"]),
        entry["account_sid"],
        entry["phone_number"],
        entry["sid"],
        entry["before"],
        wanted={name: value for name, value in entry["wanted"].items() if name in SETTINGS},
        to_account=entry["wanted"].get("account_sid"),
    )
