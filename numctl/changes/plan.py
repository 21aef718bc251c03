"""Plan: from a live record and wanted settings to a Change, settled where nothing is to be sent. Pure."""

from __future__ import annotations

from dataclasses import replace

from numctl.changes.change import Change, Operation
from numctl.changes.operation import BUY, RELEASE, SET, TRANSFER
from numctl.errors import Command, NumctlError, Refused, UsageError
from numctl.model.number import EMERGENCY, Record, contradicted, is_changing, is_clearing, is_under_way, unsaid
from numctl.model.outcome import Outcome
from numctl.model.settings import SETTINGS, Wanted, same


def check_wanted(wanted: Wanted) -> None:
    """Raise UsageError for settings that contradict each other."""
    if wanted.get("trunk_sid") and wanted.get("voice_application_sid"):
        raise UsageError("--trunk-sid and --voice-application-sid delete each other: give one of them")


def setting(live: Record, wanted: Wanted) -> Change:
    """Return the change of one number's settings, settled as `unchanged` where all of them are seen to hold already."""
    if EMERGENCY in wanted and is_changing(live):
        return _while_changing(live, wanted)
    holds = not unsaid(live, wanted) and not contradicted(live, wanted)
    change = replace(_on(live, SET), wanted=wanted, settled=Outcome.UNCHANGED if holds else None)
    held, other = live.get(EMERGENCY), wanted.get(EMERGENCY)
    return _refused_swap(change) if held and other and not same(held, other) else change


def _while_changing(live: Record, wanted: Wanted) -> Change:
    """Return the change while the service registers or clears an emergency address.

    What is under way is not sent again, and the service takes nothing else of it until that is done.
    """
    if is_under_way(live, wanted):
        rest = {name: value for name, value in wanted.items() if name != EMERGENCY}
        holds = not unsaid(live, rest) and not contradicted(live, rest)
        return replace(_on(live, SET), wanted=wanted if holds else rest, settled=Outcome.UNCHANGED if holds else None)
    number, status = live["phone_number"], live["emergency_address_status"]
    reason = Refused(
        f"{number}: its emergency address is being changed ({status}): it takes no other before that is done",
        hint="try again once emergency_address_status is registered or unregistered",
        command=Command(("show", number), live.get("account_sid")),
    )
    return replace(_on(live, SET), wanted=wanted, settled=Outcome.FAILED, reason=reason)


def _refused_swap(change: Change) -> Change:
    """Return a change settled because it replaces one emergency address by another: that takes two, with a wait."""
    account, number, held = change.account_sid, change.phone_number, (change.before or {})[EMERGENCY]
    reason = Refused(
        f"{number}: its emergency address {held} has to be cleared before another can be set",
        hint="clear it, and once its emergency_address_status is unregistered set the other",
        command=_clearing(change),
        then=Command(("set", number, SETTINGS[EMERGENCY].option, str(change.wanted[EMERGENCY])), account),
    )
    return replace(change, settled=Outcome.FAILED, reason=reason)


def _clearing(change: Change) -> Command:
    return Command(("set", change.phone_number, "--clear", EMERGENCY), change.account_sid)


def releasing(live: Record) -> Change:
    """Return the change that gives a number back, settled where an emergency address keeps the service from it."""
    change = _on(live, RELEASE)
    if not live.get(EMERGENCY):
        return change
    if is_clearing(live):
        wait = f"{change.phone_number}: its emergency address is being cleared, and keeps it from being released"
        hint = "release it once emergency_address_status is unregistered; to see that"
        see = Command(("show", change.phone_number), change.account_sid)
        return replace(change, settled=Outcome.FAILED, reason=Refused(wait, hint=hint, command=see))
    reason = Refused(
        f"{change.phone_number} has an emergency address ({live[EMERGENCY]}): it cannot be released before that is "
        "cleared",
        hint="clear it, wait until its emergency_address_status is unregistered, and release again; to clear it",
        command=_clearing(change),
    )
    return replace(change, settled=Outcome.FAILED, reason=reason)


def gone(account_sid: str, ref: str) -> Change:
    """Return the release of a number that is not there, settled, where that is as good as released."""
    sid = ref if ref.startswith("PN") else None
    return Change(RELEASE, account_sid, "" if sid else ref, sid, settled=Outcome.UNCHANGED)


def transferring(live: Record, to_account: str, wanted: Wanted) -> Change:
    """Return the change that moves a number to another account; where it is there already, only settings are left."""
    if live.get("account_sid") == to_account:
        return setting(live, wanted)
    return replace(_on(live, TRANSFER), wanted=wanted, to_account=to_account)


def buying(account_sid: str, phone_number: str, wanted: Wanted, owned: Record | None = None) -> Change:
    """Return the purchase, settled where the number is the account's already: then nothing may be sent."""
    change = Change(BUY, account_sid, phone_number, wanted=wanted)
    if owned is None:
        return change
    found = replace(change, sid=owned["sid"], before=owned)
    hidden, other = unsaid(owned, wanted), contradicted(owned, wanted)
    if not hidden and not other:
        return replace(found, settled=Outcome.UNCHANGED)
    why = "with other settings" if other else f"and the service does not show its {', '.join(hidden)}"
    reason = NumctlError(
        f"{phone_number} is the account's already, {why}",
        hint="run",
        command=Command(("set", phone_number, *setting_words(wanted)), account_sid),
    )
    return replace(found, settled=Outcome.FAILED, reason=reason)


def setting_words(wanted: Wanted) -> list[str]:
    """Return settings as the words of a command line."""
    words = []
    for name, value in wanted.items():
        option = SETTINGS[name].option
        if isinstance(value, bool):
            words.append(option if value else f"--no-{option[2:]}")
        else:
            words += [option, value] if value else ["--clear", name]
    return words


def _on(live: Record, operation: Operation) -> Change:
    return Change(operation, str(live.get("account_sid") or ""), live["phone_number"], live["sid"], live)
