"""The second look: what was changed while the question was open is left alone."""

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
    """Return the changes with what their numbers are now; one whose number was changed since is `skipped`."""
    records = looks.again(change for change in changes if change.settled is None)
    seen = [change if change.settled else _compared(change, _record_of(change, records)) for change in changes]
    return early_refused(seen, looks)


def _record_of(change: Change, records: dict[str, Record]) -> Record | None:
    return records.get(key_of(change.sid or change.phone_number)) or records.get(change.phone_number)


def _compared(change: Change, now: Record | None) -> Change:
    """Compare the record of the plan with the one of now."""
    if change.operation is BUY:
        return change if now is None else _skipped(change, f"{change.account_sid} has it by now")
    if now is None:  # to a release, the service's answer says more than this
        return (
            change if change.operation is RELEASE else _skipped(change, f"it is not in {change.account_sid} any more")
        )
    changed = _differences(change.before or {}, now)
    return _skipped(change, ", ".join(changed)) if changed else replace(change, before=now)


def _differences(before: Record, now: Record) -> list[str]:
    """Return what differs between the two looks; a field that one of them leaves out does not."""
    watched = [name for name in _ALSO_WATCHED if name in before and name in now and before[name] != now[name]]
    pairs = difference(before, now) | {name: [before[name], now[name]] for name in watched}
    if before["sid"] != now["sid"]:
        pairs["sid"] = [before["sid"], now["sid"]]
    return [f"{name}: {step(*values)}" for name, values in pairs.items()]


def _skipped(change: Change, what: str) -> Change:
    reason = Refused(
        f"{change.phone_number}: changed while the question was open: {what}",
        hint="look at it, then run the command again",
    )
    return replace(change, settled=Outcome.SKIPPED, reason=reason)
