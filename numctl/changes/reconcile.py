"""Look for a change whose answer is lost, as its operation says.

Reading can lag behind writing, so that one look proves nothing: the looks go on for about four seconds.
"""

from __future__ import annotations

from numctl.api.client import Client
from numctl.changes.change import Change, Seen
from numctl.errors import NumctlError
from numctl.system.clock import Clock

WAITS = (0.0, 0.5, 1.0, 2.5)
"""Seconds before each look: four seconds in all."""

_LONGEST = 15.0
"""Seconds that all looks get: a service that hangs is not waited for four times over."""


def find_out(client: Client, change: Change, clock: Clock) -> Seen:
    """Look until the change shows, for about four seconds; `happened` is None when the last look failed."""
    finding, deadline = Seen(None), clock.now() + _LONGEST
    for wait in WAITS:
        if wait:
            clock.sleep(wait)
        if clock.now() >= deadline:
            break
        finding = _looked(client.hurried(deadline - clock.now()), change)
        if finding.happened:
            break
    return finding


def _looked(client: Client, change: Change) -> Seen:
    """Return what one look shows; `happened` is None where it failed."""
    try:
        return change.operation.look(client, change)
    except NumctlError:
        return Seen(None)
