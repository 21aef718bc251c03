"""From a live record and wanted settings to a Change, settled if there is nothing to send."""

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
        raise UsageError("--trunk-sid and --voice-application-sid can't be combined: each deletes the other")


def setting(live: Record, wanted: Wanted) -> Change:
    """The change of a number's settings, settled as `unchanged` if the record shows all of them already."""
    if EMERGENCY in wanted and is_changing(live):
        return _while_changing(live, wanted)
    holds = not unsaid(live, wanted) and not contradicted(live, wanted)
    change = replace(_on(live, SET), wanted=wanted, settled=Outcome.UNCHANGED if holds else None)
    held, other = live.get(EMERGENCY), wanted.get(EMERGENCY)
    return _refused_swap(change) if held and other and not same(held, other) else change


def _while_changing(live: Record, wanted: Wanted) -> Change:
    """The change while the service registers or clears an emergency address.

    What is under way is not sent again, and the service takes no other address until that is done.
    """
    if is_under_way(live, wanted):
        rest = {name: value for name, value in wanted.items() if name != EMERGENCY}
        holds = not unsaid(live, rest) and not contradicted(live, rest)
        return replace(_on(live, SET), wanted=wanted if holds else rest, settled=Outcome.UNCHANGED if holds else None)
    number, status = live["phone_number"], live["emergency_address_status"]
    reason = Refused(
        f"{number}: its emergency address is being changed ({status}) and cannot be set until that is done",
        hint="try again once emergency_address_status is registered or unregistered",
        command=Command(("show", number), live.get("account_sid")),
    )
    return replace(_on(live, SET), wanted=wanted, settled=Outcome.FAILED, reason=reason)


def _refused_swap(change: Change) -> Change:
    """Replacing one emergency address by another takes two changes, with a wait in between."""
    account, number, held = change.account_sid, change.phone_number, (change.before or {})[EMERGENCY]
    reason = Refused(
        f"{number}: its emergency address {held} must be cleared before another can be set",
        hint="clear it, wait until emergency_address_status is unregistered, then set the other one",
        command=_clearing(change),
        then=Command(("set", number, SETTINGS[EMERGENCY].option, str(change.wanted[EMERGENCY])), account),
    )
    return replace(change, settled=Outcome.FAILED, reason=reason)


def _clearing(change: Change) -> Command:
    return Command(("set", change.phone_number, "--clear", EMERGENCY), change.account_sid)


def releasing(live: Record) -> Change:
    """The release, settled if an emergency address prevents it."""
    change = _on(live, RELEASE)
    if not live.get(EMERGENCY):
        return change
    if is_clearing(live):
        wait = f"{change.phone_number}: it cannot be released while its emergency address is being cleared"
        hint = "release it once emergency_address_status is unregistered; to check"
        see = Command(("show", change.phone_number), change.account_sid)
        return replace(change, settled=Outcome.FAILED, reason=Refused(wait, hint=hint, command=see))
    reason = Refused(
        f"{change.phone_number} has an emergency address ({live[EMERGENCY]}): it cannot be released until that is "
        "cleared",
        hint="clear it, wait until its emergency_address_status is unregistered, and release again; to clear it",
        command=_clearing(change),
    )
    return replace(change, settled=Outcome.FAILED, reason=reason)


def gone(account_sid: str, ref: str) -> Change:
    """The settled release of a number that is not there, which is as good as released."""
    sid = ref if ref.startswith("PN") else None
    return Change(RELEASE, account_sid, "" if sid else ref, sid, settled=Outcome.UNCHANGED)


def transferring(live: Record, to_account: str, wanted: Wanted) -> Change:
    """The move to another account; if the number is there already, only the settings remain."""
    if live.get("account_sid") == to_account:
        return setting(live, wanted)
    return replace(_on(live, TRANSFER), wanted=wanted, to_account=to_account)


def buying(account_sid: str, phone_number: str, wanted: Wanted, owned: Record | None = None) -> Change:
    """The purchase, settled if the account already has the number: then nothing may be sent."""
    change = Change(BUY, account_sid, phone_number, wanted=wanted)
    if owned is None:
        return change
    found = replace(change, sid=owned["sid"], before=owned)
    hidden, other = unsaid(owned, wanted), contradicted(owned, wanted)
    if not hidden and not other:
        return replace(found, settled=Outcome.UNCHANGED)
    why = "with other settings" if other else f"and the service does not show its {', '.join(hidden)}"
    reason = NumctlError(
        f"{phone_number} is already in the account, {why}",
        hint="to set it",
        command=Command(("set", phone_number, *setting_words(wanted)), account_sid),
    )
    return replace(found, settled=Outcome.FAILED, reason=reason)


def setting_words(wanted: Wanted) -> list[str]:
    """Settings as words of a command line."""
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
