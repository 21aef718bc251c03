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
from numctl.plan import Change, difference
from numctl.settings import same

WAITS = (0.0, 0.5, 1.0, 2.5)
"""Seconds before each look: four seconds in all."""

LONGEST = 15.0
"""Seconds that all looks get: a service that hangs is not waited for four times over."""


@dataclass(frozen=True)
class Finding:
    """What the looks showed: it happened (with the record after it), it did not, or they cannot tell."""

    happened: bool | None
    after: Record | None = None


Look = Callable[[Client, Change], "Finding"]


def find_out(client: Client, change: Change, clock: Clock) -> Finding:
    """Look until the change shows, for about four seconds; `happened` is None when the last look failed."""
    finding, deadline = Finding(None), clock.now() + LONGEST
    for wait in WAITS:
        if wait:
            clock.sleep(wait)
        if clock.now() >= deadline:
            break
        finding = looked(client.hurried(deadline - clock.now()), change)
        if finding.happened:
            break
    return finding


def looked(client: Client, change: Change) -> Finding:
    """Return what one look shows; `happened` is None where it failed."""
    try:
        return LOOKS[change.operation](client, change)
    except NumctlError:
        return Finding(None)


def look_for_purchase(client: Client, change: Change) -> Finding:
    """Look whether the number is the account's now."""
    found = client.owned(change.phone_number)
    return Finding(found is not None, found)


def look_for_setting(client: Client, change: Change) -> Finding:
    """Look whether the wanted settings hold, or any of them is another than before: the service may write it anew."""
    record = client.fetch(change.sid or "")
    holds = all(same(record.get(name), value) for name, value in change.wanted.items())
    touched = difference(change.before or {}, record).keys() & change.wanted.keys()
    return Finding(True, record) if holds or touched else Finding(False)


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
    held_by = record.get("account_sid") or change.to_account
    return Finding(held_by == change.to_account, {**record, "account_sid": held_by})


LOOKS: dict[str, Look] = {
    "buy": look_for_purchase,
    "set": look_for_setting,
    "release": look_for_release,
    "transfer": look_for_transfer,
}
