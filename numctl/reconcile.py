"""What to look at when the answer to a change is lost, for each operation.

Reading can lag behind writing, so that one look proves nothing: the looks go on for about four seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from numctl.api import Client
from numctl.clock import Clock
from numctl.errors import NotFound, NumctlError
from numctl.number import Record
from numctl.plan import Change
from numctl.settings import same

WAITS = (0.0, 0.5, 1.0, 2.5)
"""Seconds before each look: four seconds in all."""


@dataclass(frozen=True)
class Finding:
    """What the looks showed: it happened (with the record after it), it did not, or they cannot tell."""

    happened: bool | None
    after: Record | None = None


Look = Callable[[Client, Change], "Finding"]


def find_out(client: Client, change: Change, clock: Clock) -> Finding:
    """Look until the change shows, for about four seconds; `happened` is None when the last look failed."""
    finding = Finding(None)
    for wait in WAITS:
        if wait:
            clock.sleep(wait)
        try:
            finding = LOOKS[change.operation](client, change)
        except NumctlError:
            finding = Finding(None)
        if finding.happened:
            return finding
    return finding


def look_for_purchase(client: Client, change: Change) -> Finding:
    """Look whether the number is the account's now."""
    found = client.owned(change.phone_number)
    return Finding(found is not None, found)


def look_for_setting(client: Client, change: Change) -> Finding:
    """Look whether every wanted setting holds."""
    record = client.fetch(change.sid or "")
    holds = record["sid"] == change.sid and all(same(record.get(name), value) for name, value in change.wanted.items())
    return Finding(holds, record if holds else None)


def look_for_release(client: Client, change: Change) -> Finding:
    """Look whether the number is gone."""
    try:
        client.fetch(change.sid or "")
    except NotFound:
        return Finding(True)
    return Finding(False)


def look_for_transfer(client: Client, change: Change) -> Finding:
    """Look whether the number is in the target account, else whether it still is where it was."""
    target = client.on(change.to_account or "")
    try:
        record = target.fetch(change.sid or "")
    except NotFound:
        client.fetch(change.sid or "")
        return Finding(False)
    return Finding(record.get("account_sid") == change.to_account, record)


LOOKS: dict[str, Look] = {
    "buy": look_for_purchase,
    "set": look_for_setting,
    "release": look_for_release,
    "transfer": look_for_transfer,
}
