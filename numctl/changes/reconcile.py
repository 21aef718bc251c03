"""Look for a change whose answer is lost, as its operation says.

Reading can lag behind writing, so one look proves nothing: the looks go on for about four seconds.
"""

from __future__ import annotations

from numctl.api.client import Client
from numctl.changes.change import Change, Seen
from numctl.errors import NumctlError
from numctl.system.clock import Clock

WAITS = (0.0, 0.5, 1.0, 2.5)
"""Seconds before each look: four seconds in all."""

_LONGEST = 15.0
"""Seconds for all looks together: a service that hangs is not waited for four times."""


def find_out(client: Client, change: Change, clock: Clock) -> Seen:
    """Look until the change shows, for about four seconds; `happened` is None if the last look failed."""
    finding, deadline = Seen(None), clock.now() + _LONGEST
    for wait in WAITS:
        if wait:
            clock.sleep(wait)
        if clock.now() >= deadline:
            break
        finding = _look(client.hurried(deadline - clock.now()), change)
        if finding.happened:
            break
    return finding


def _look(client: Client, change: Change) -> Seen:
    try:
        return change.operation.look(client, change)
    except NumctlError:
        return Seen(None)
