"""What a change will do: the record after it, what it clears, overrides, unassigns and costs."""

from __future__ import annotations

from numctl.audit.webhook_hosts import host_of, unreachable
from numctl.changes.change import Change, own, predicted
from numctl.changes.operation import RELEASE, SET, TRANSFER
from numctl.model.number import EMERGENCY, Record, can, is_clearing
from numctl.model.routing import DELETES, OVERRIDES, PRECEDENCE, handler
from numctl.model.settings import CLEARABLE, IGNORED, REGULATORY_FIELDS, URL_FIELDS
from numctl.wording import has_password

_ASKS = (*REGULATORY_FIELDS, EMERGENCY)
"""Clearing one of these needs confirmation even for a single number: without it the number may be suspended."""


def cleared(change: Change) -> list[str]:
    """The fields that hold something now and that the change, or the service for it, empties."""
    if change.operation is not SET:
        return []
    return [name for name, (_, new) in own(change, predicted(change)).items() if name in CLEARABLE and not new]


def _silences(change: Change) -> bool:
    """Whether something answers calls now and nothing would after the change."""
    if not change.before or change.operation is not SET:
        return False
    return bool(handler(change.before, "calls").field) and not handler(predicted(change), "calls").field


def takes_away(change: Change) -> bool:
    """Whether the change takes away what answers the number, or a regulatory setting.

    The service does so by itself when a trunk and a voice application replace each other.
    """
    handling = {handler(change.before or {}, what).field for what in PRECEDENCE}
    return any(name in _ASKS or name in handling for name in cleared(change))


def consequences(change: Change) -> list[str]:
    """What a setting overrides, deletes or costs, in one line each."""
    lines = []
    live, after = change.before or {}, predicted(change)
    for name, value in change.wanted.items():
        if has_password(value) and value != live.get(name):
            lines.append(f"{name} contains a password: everyone who can read the number can read it")
        gone = DELETES.get(name)
        if value and gone and live.get(gone):
            lines.append(f"{name} unassigns {gone} ({live[gone]})")
        over = [deciding for deciding, ignored in OVERRIDES.items() if name in ignored and after.get(deciding)]
        if value and over:
            lines.append(f"{name} has no effect: {_handling(over[0], after)}")
        void = [one for one in OVERRIDES.get(name, ()) if value and after.get(one) and one not in change.wanted]
        if void:
            have = "has" if len(void) == 1 else "have"
            lines.append(f"{', '.join(void)} {have} no effect any more: {_handling(name, after)}")
    lines += _of_emergency_calls(change)
    lines += _left_behind(change) if change.operation is TRANSFER else []
    if _silences(change):
        lines.append("nothing will handle calls")
    return lines


def _handling(field: str, record: Record) -> str:
    kind = "trunk" if field == "trunk_sid" else "application"
    return f"{kind} {record[field]} handles {'messages' if field.startswith('sms') else 'calls'}"


def _of_emergency_calls(change: Change) -> list[str]:
    lines = [f"{IGNORED} is ignored by the service since 2021"] if IGNORED in change.wanted else []
    if change.operation is RELEASE and is_clearing(change.before or {}):
        lines.append(
            "its former emergency address is still being unregistered: the service may refuse until that is done"
        )
    return lines


def _left_behind(change: Change) -> list[str]:
    """What a transfer does not take along: https://support.twilio.com/hc/en-us/articles/360038163473"""
    live = change.before or {}
    lines = []
    if live.get("origin") == "hosted":
        lines.append("it is hosted: only the service's support can move it (22121)")
    if change.phone_number.startswith("+1") and can(live, "sms"):
        lines.append(
            "registrations for messages (A2P 10DLC, toll-free verification, Trust Hub) do not move along, "
            "nor back, and a WhatsApp sender stays"
        )
    return lines


def warnings_of(change: Change) -> list[str]:
    """List what is wrong with the URLs that a change sets, as the audit would find it afterwards."""
    live, found = change.before or {}, []
    for name in URL_FIELDS:
        url = change.wanted.get(name)
        if not url or url == live.get(name):
            continue
        host = host_of(str(url))
        if unreachable(host):
            found.append(f"{name}: {host} cannot be reached from the internet")
        elif str(url)[:5].lower() == "http:":
            found.append(f"{name} is plain http: what is sent there can be read and changed on the way")
    return found


def losses(change: Change) -> list[str]:
    """List what is lost with a change, said once for a whole plan."""
    return [change.operation.loses] if change.operation.loses else []


def costs(change: Change) -> list[str]:
    """What the account will pay for because of the change."""
    lines = [change.operation.cost] if change.operation.cost and change.settled is None else []
    turned_on = change.settled is None and change.wanted.get("voice_caller_id_lookup") is True
    if turned_on and not (change.before or {}).get("voice_caller_id_lookup"):
        lines.append("with caller-ID lookup, billed per call")
    if change.settled is None and change.wanted.get(EMERGENCY) and EMERGENCY in own(change, predicted(change)):
        lines.append("with an emergency address, billed monthly")
    return lines
