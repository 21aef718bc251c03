"""Turn a recorded run into the Changes that put back what it replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from numctl.changes.change import Change, own, predicted, took_effect
from numctl.changes.operation import BUY, RELEASE, SET, TRANSFER, WAY_BACK
from numctl.changes.plan import buying, setting, transferring
from numctl.changes.recorded import Entry, recorded
from numctl.errors import Command, NotFound, NumctlError, Refused
from numctl.model.number import Record, completed
from numctl.model.outcome import Outcome
from numctl.model.routing import DELETES
from numctl.model.settings import DEFAULTS, IGNORED, RESTORABLE, SETTINGS, Wanted, same

_FORCE = "check the number; --force puts it back anyway"


def undoable(entries: list[Entry]) -> list[Entry]:
    """The entries that changed something, or may have, even if only some settings were taken.

    They are sorted by number: with several at once, the order in which they began is chance. What was set after a
    purchase, by a second change, is part of the purchase.
    """
    found = [entry for entry in entries if Outcome(entry["outcome"]).may_have_effect or _was_set(entry)]
    bought = {entry["phone_number"] for entry in found if entry["operation"] == BUY.name}
    found = [entry for entry in found if entry["operation"] == BUY.name or entry["phone_number"] not in bought]
    return sorted(found, key=lambda entry: str(entry["phone_number"]))


def _was_set(entry: Entry) -> bool:
    """Whether settings differ after the entry, whatever its outcome."""
    return entry["operation"] == SET.name and took_effect(recorded(entry), entry["after"] or {})


def _after_of(entry: Entry) -> Record:
    """The recorded record after a change, else the record as it would be."""
    change = recorded(entry)
    return completed(entry["after"], change.wanted) if entry["after"] else dict(predicted(change))


def holder(entry: Entry) -> str:
    """The account that should hold the number now."""
    return str(_after_of(entry).get("account_sid") or entry["account_sid"])


def former_holder(entry: Entry) -> str | None:
    """The account that the number was moved from: it may still be there, or again."""
    if entry["operation"] != TRANSFER.name:
        return None
    return str((entry["before"] or {}).get("account_sid") or entry["account_sid"])


def may_be_bought_again(entry: Entry, live: Record | None) -> bool:
    """Whether undoing the entry depends on what is for sale now."""
    hosted = (entry["before"] or {}).get("origin") == "hosted"
    return entry["operation"] == RELEASE.name and live is None and not hosted


def inverse(entry: Entry, live: Record | None, *, force: bool, offered: NumctlError | bool = False) -> Change:
    """The change that undoes one entry; `live` is the number's record now, None if it is gone.

    What has changed since the run is settled as `skipped`, unless `force`; a purchase always is. `offered` says
    whether a released number is for sale now, or why that could not be asked.
    """
    if entry["operation"] == BUY.name:
        return _purchase_kept(entry, live)
    if entry["operation"] == RELEASE.name:
        return _bought_again(entry, live, offered)
    if live is None:
        return _as_settled(entry, None, NotFound(f"{entry['phone_number']} is no longer in {holder(entry)}"))
    return _with_ignored(entry, live, _put_back(entry, live, force=force))


def _with_ignored(entry: Entry, live: Record, change: Change) -> Change:
    """Say in the plan that a field stays as the service has set it."""
    before = (entry["before"] or {}).get(IGNORED)
    if change.settled or change.remark or IGNORED not in live or before in (None, live[IGNORED]):
        return change
    return replace(change, remark=f"! {IGNORED} was {before}, and stays {live[IGNORED]}: the service decides it")


def _purchase_kept(entry: Entry, live: Record | None) -> Change:
    """A purchase is not undone; a number that is gone already needs no release."""
    if live is None:
        return _as_settled(entry, None, None)
    back = Command(("release", entry["phone_number"]), holder(entry))
    reason = Refused(f"{entry['phone_number']}: a purchase can't be undone", hint="to release it", command=back)
    return _as_settled(entry, live, reason)


def _bought_again(entry: Entry, live: Record | None, offered: NumctlError | bool) -> Change:
    """The purchase of a released number, with its former settings; the service sells only its own numbers."""
    before, number = entry["before"] or {}, entry["phone_number"]
    if live is None and before.get("origin") == "hosted":
        reason = f"{number} was hosted, not one of the service's own numbers: it cannot be bought"
        return _as_settled(entry, None, Refused(reason, hint="have it hosted again"))
    change = buying(entry["account_sid"], number, _not_by_default(before), live)
    if live is not None:
        return change
    if offered is True:
        return replace(change, remark="! this buys it: the service offers it for sale again")
    refusal = offered or Refused(f"{number} is not among the numbers offered for sale", hint=WAY_BACK)
    return replace(change, settled=Outcome.FAILED, reason=refusal)


def _not_by_default(before: Record) -> Wanted:
    """The settings that a purchase has to send for the number to be as it was."""
    defaults = {**DEFAULTS, "friendly_name": _default_name(str(before.get("phone_number")))}
    return {
        name: before[name]
        for name in SETTINGS
        if name in RESTORABLE and before.get(name) not in (None, "", defaults.get(name))
    }


def _default_name(number: str) -> str:
    """The service's default name for a number: its last ten digits as in North America."""
    return f"({number[-10:-7]}) {number[-7:-4]}-{number[-4:]}"


def _put_back(entry: Entry, live: Record, *, force: bool) -> Change:
    """Set what the run changed back, and move the number back if the run moved it."""
    before, after = entry["before"] or {}, _after_of(entry)
    changed = [name for name in own(recorded(entry), after) if name in RESTORABLE and name in before]
    seen = [name for name in changed if name in live]
    drifted = [name for name in seen if not _is_one_of(live[name], before.get(name), after.get(name))]
    if drifted and not force:
        reason = f"{entry['phone_number']}: {', '.join(drifted)} was changed since"
        return _as_settled(entry, live, Refused(reason, hint=_FORCE))
    wanted = _former(before, changed)
    if not force and (why := _unassigns(before, changed, live, wanted)):
        return _as_settled(entry, live, Refused(f"{entry['phone_number']}: {why}", hint=_FORCE))
    change = _moved_back(entry, live, wanted)
    lost = [name for name in changed if _cannot_go_back(before, name) and live.get(name)]
    if lost:
        return _without(entry, change, lost, "was not set before, and cannot be cleared", force=force)
    hidden = [name for name in SETTINGS if name in RESTORABLE and name in entry["wanted"] and name not in before]
    if hidden:
        return _without(entry, change, hidden, "was not shown by the service before", force=force)
    return change


def _unassigns(before: Record, changed: list[str], live: Record, wanted: Wanted) -> str:
    """Name a trunk or application, set since by somebody else, that putting this back would delete."""
    for name, gone in DELETES.items():
        if wanted.get(name) and gone not in changed and live.get(gone) and not _is_one_of(live[gone], before.get(gone)):
            return f"{gone} was set since, and putting {name} back would delete it"
    return ""


def _moved_back(entry: Entry, live: Record, wanted: Wanted) -> Change:
    """Change settings, in the account that the number was moved from if it is not there."""
    account_sid = former_holder(entry)
    if account_sid is None or live.get("account_sid") == account_sid:
        return setting(live, wanted)
    return transferring(live, account_sid, wanted)


def _without(entry: Entry, change: Change, lost: list[str], why: str, *, force: bool) -> Change:
    """What cannot be put back completely: `skipped`, unless `force` takes what there is."""
    reason = f"{entry['phone_number']}: {', '.join(lost)} {why}"
    if force and change.settled is None:
        return replace(change, remark=f"! {', '.join(lost)} {why.partition(',')[0]}, and stays as it is")
    hint = None if change.settled else "--force puts back the rest"
    return _as_settled(entry, change.before, Refused(reason, hint=hint))


def _cannot_go_back(before: Record, name: str) -> bool:
    """Whether a field was not set and cannot be cleared; an unset boolean is false."""
    return before.get(name) in (None, "") and not SETTINGS[name].clearable and SETTINGS[name].type is not bool


def _former(before: Record, names: list[str]) -> Wanted:
    """The former values of fields that can be set; one that was not set is cleared."""
    wanted: Wanted = {}
    for name in names:
        if not _cannot_go_back(before, name):
            value = before.get(name)
            wanted[name] = bool(value) if SETTINGS[name].type is bool else value or ""
    return wanted


def _is_one_of(live: Any, *values: Any) -> bool:
    """Null and empty are the same."""
    return any(same(live, "" if value is None else value) for value in values)


def _as_settled(entry: Entry, live: Record | None, reason: NumctlError | None) -> Change:
    """Without a reason there is nothing to put back."""
    outcome = Outcome.SKIPPED if reason else Outcome.UNCHANGED
    sid = (live or {}).get("sid") or entry["sid"]
    return Change(SET, holder(entry), entry["phone_number"], sid, live, settled=outcome, reason=reason)
