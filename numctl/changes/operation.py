"""The operations: buy, set, release and transfer, one object each.

It says how the operation appears in a plan, how it is sent, how a lost answer is looked for, and what may be sent
again. A new operation is one more object here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numctl.changes.change import Change, Operation, Seen
from numctl.errors import NotFound
from numctl.model.number import EMERGENCY, Record, difference, unmet, unsaid
from numctl.model.outcome import Outcome

if TYPE_CHECKING:
    from numctl.api.client import Client


WAY_BACK = (
    "Console > Phone Numbers > Released Numbers may give a number back within 10 days of its release: "
    "https://support.twilio.com/hc/en-us/articles/223183028"
)
"""The API cannot take a release back."""


def _buy(client: Client, change: Change) -> Record:
    return client.buy(change.phone_number, change.wanted)


def _update(client: Client, change: Change) -> Record:
    return client.update(change.sid or "", change.wanted, to_account=change.to_account)


def _release(client: Client, change: Change) -> None:
    client.release(change.sid or "")


def _is_owned(client: Client, change: Change) -> Seen:
    found = client.owned(change.phone_number)
    return Seen(found is not None, found)


def _is_set(client: Client, change: Change) -> Seen:
    """Whether the settings hold, or one is no longer as before: the service may write it differently.

    What the record leaves out proves nothing: if nothing else was to change, the outcome is not known.
    """
    record, before = client.fetch(change.sid or ""), change.before or {}
    touched = difference(before, record).keys() & change.wanted.keys()
    hidden, other = unsaid(record, change.wanted), unmet(record, change.wanted)
    if touched or not (hidden or other):
        return Seen(True, record)
    return Seen(None) if hidden and not other else Seen(False)


def _is_gone(client: Client, change: Change) -> Seen:
    try:
        client.fetch(change.sid or "")
    except NotFound:
        return Seen(True)
    return Seen(False)


def _is_moved(client: Client, change: Change) -> Seen:
    """Look in the target account, then where it was: if in neither, it is not known."""
    target = client.on(change.to_account or "")
    try:
        record = target.fetch(change.sid or "")
    except NotFound:
        client.fetch(change.sid or "")
        return Seen(False)
    account_sid = record.get("account_sid") or change.to_account
    return Seen(account_sid == change.to_account, {**record, "account_sid": account_sid})


BUY = Operation(
    name="buy",
    verb="buy",
    sign="+",
    done=Outcome.BOUGHT,
    not_done="it was not bought",
    send=_buy,
    look=_is_owned,
    look_first=True,
    later=frozenset({EMERGENCY}),  # sent with a purchase, it is lost: github.com/twilio/twilio-node/issues/706
    cost="billed monthly",
)
SET = Operation(
    name="set",
    verb="change",
    sign="~",
    done=Outcome.CHANGED,
    not_done="it was not changed",
    send=_update,
    look=_is_set,
)
RELEASE = Operation(
    name="release",
    verb="release",
    sign="-",
    done=Outcome.RELEASED,
    not_done="it was not released",
    send=_release,
    look=_is_gone,
    ends_number=True,
    loses="calls, messages and billing stop; the number may be lost for good (only the Console may give it back, "
    "within 10 days: Phone Numbers > Released Numbers)",
)
TRANSFER = Operation(
    name="transfer",
    verb="move",
    sign=">",
    done=Outcome.TRANSFERRED,
    not_done="it was not moved",
    send=_update,
    look=_is_moved,
    look_first=True,
    gone_may_be_done=True,
)

_BY_NAME = {operation.name: operation for operation in (BUY, SET, RELEASE, TRANSFER)}


def recorded_as(name: str) -> Operation:
    """The operation that the history records under this name; raises KeyError."""
    return _BY_NAME[name]
