"""From a recorded run to the Changes that put back what it replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from numctl.advised import command
from numctl.errors import NotFound, Refused
from numctl.number import Record
from numctl.plan import Change, Outcome, buying, difference, setting, transferring
from numctl.settings import SETTINGS, Wanted, same

Entry = dict[str, Any]
"""One change of `history ID --json`."""

WITH_EFFECT = ("changed", "released", "transferred", "bought", "unknown")


def undoable(entries: list[Entry]) -> list[Entry]:
    """Return the entries that changed something, or may have."""
    return [entry for entry in entries if entry["outcome"] in WITH_EFFECT or (entry["after"] and entry["before"])]


def after_of(entry: Entry) -> Record:
    """Return the record after a change: as it was recorded, else as it would be if the change took effect."""
    if entry["after"]:
        return dict(entry["after"])
    return {**(entry["before"] or {}), **entry["wanted"]}


def holder(entry: Entry) -> str:
    """Return the account in which the number should be found now."""
    return str(after_of(entry).get("account_sid") or entry["account_sid"])


def inverse(entry: Entry, live: Record | None, *, force: bool) -> Change:
    """Return the change that undoes one entry; `live` is the number's record now, None where it is not there.

    What has changed since the run is settled as `skipped`, unless `force`; a purchase always is.
    """
    if entry["operation"] == "buy":
        return skipped(entry, live, f"{entry['phone_number']}: a purchase is not undone", release_hint(entry))
    if entry["operation"] == "release":
        return bought_again(entry, live)
    if live is None:
        reason = NotFound(f"{entry['phone_number']} is not in {holder(entry)} any more")
        return replace(skipped(entry, None, "", None), reason=reason)
    return put_back(entry, live, force=force)


def bought_again(entry: Entry, live: Record | None) -> Change:
    """Return the purchase of a released number, with its former settings."""
    before = entry["before"] or {}
    wanted: Wanted = {name: before[name] for name in SETTINGS if before.get(name) not in (None, "")}
    return buying(entry["account_sid"], entry["phone_number"], wanted, live)


def put_back(entry: Entry, live: Record, *, force: bool) -> Change:
    """Return the change that sets what differs back, and moves the number back if the run moved it."""
    before, after = entry["before"] or {}, after_of(entry)
    changed = [name for name in difference(before, after) if name in SETTINGS]
    drifted = [name for name in changed if not is_one_of(live.get(name), before.get(name), after.get(name))]
    if drifted and not force:
        reason = f"{entry['phone_number']}: {', '.join(drifted)} was changed since"
        return skipped(entry, live, reason, "look at it, then --force puts it back all the same")
    wanted = former(before, changed)
    if entry["operation"] == "transfer":
        return transferring(live, str(before.get("account_sid")), wanted)
    return setting(live, wanted)


def former(before: Record, names: list[str]) -> Wanted:
    """Return the former values of fields; one that was not set is cleared, where that is possible."""
    wanted: Wanted = {}
    for name in names:
        value = before.get(name)
        if value is not None or SETTINGS[name].clearable:
            wanted[name] = "" if value is None else value
    return wanted


def is_one_of(live: Any, *values: Any) -> bool:
    """Say whether a live value is one of these, null and empty being the same."""
    return any(same(live, "" if value is None else value) for value in values)


def skipped(entry: Entry, live: Record | None, message: str, hint: str | None) -> Change:
    """Return an entry's change settled as skipped, with the reason."""
    outcome: Outcome = "skipped"
    sid = (live or {}).get("sid") or entry["sid"]
    reason = Refused(message, hint=hint)
    return Change("set", holder(entry), entry["phone_number"], sid, live, settled=outcome, reason=reason)


def release_hint(entry: Entry) -> str:
    """Return the command that gives a bought number back."""
    return f"to give it back: {command('release', entry['phone_number'], account=holder(entry))}"
