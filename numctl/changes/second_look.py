"""The second look: a number that was changed while the question was open is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from numctl.api.lookup import key_of
from numctl.changes.change import Change
from numctl.changes.looking import Looks, early_refused
from numctl.changes.operation import BUY, RELEASE
from numctl.errors import Refused
from numctl.model.number import Record, difference
from numctl.model.outcome import Outcome
from numctl.wording import step

_ALSO_WATCHED = ("status", "emergency_address_status")


def look_again(changes: Sequence[Change], looks: Looks) -> Sequence[Change]:
    """Read the numbers again; a change whose number was changed since becomes `skipped`."""
    records = looks.again(change for change in changes if change.settled is None)
    seen = [change if change.settled else _compare(change, _record_of(change, records)) for change in changes]
    return early_refused(seen, looks)


def _record_of(change: Change, records: dict[str, Record]) -> Record | None:
    return records.get(key_of(change.sid or change.phone_number)) or records.get(change.phone_number)


def _compare(change: Change, now: Record | None) -> Change:
    """Compare the plan's record with the present one."""
    if change.operation is BUY:
        return change if now is None else _skip(change, f"{change.account_sid} has it now")
    if now is None:  # for a release, the service's answer says more than this
        return change if change.operation is RELEASE else _skip(change, f"it is no longer in {change.account_sid}")
    changed = _differences(change.before or {}, now)
    return _skip(change, ", ".join(changed)) if changed else replace(change, before=now)


def _differences(before: Record, now: Record) -> list[str]:
    """A field that one of the records leaves out is no difference."""
    watched = [name for name in _ALSO_WATCHED if name in before and name in now and before[name] != now[name]]
    pairs = difference(before, now) | {name: [before[name], now[name]] for name in watched}
    if before["sid"] != now["sid"]:
        pairs["sid"] = [before["sid"], now["sid"]]
    return [f"{name}: {step(*values)}" for name, values in pairs.items()]


def _skip(change: Change, what: str) -> Change:
    reason = Refused(
        f"{change.phone_number}: changed while the question was open: {what}",
        hint="check it, then run the command again",
    )
    return replace(change, settled=Outcome.SKIPPED, reason=reason)
