"""The plan as a person reads it: who pays, what changes from what to what, what that overrides, clears and costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from numctl.changes.change import Change, predicted
from numctl.changes.consequences import cleared, consequences, costs
from numctl.cli.session import Session
from numctl.model.number import difference, unsaid
from numctl.model.outcome import Outcome
from numctl.wording import counted, has_password, shown, step

_NAMED = 5
"""So many numbers are named in a group of equal changes; a longer group names the first ones and counts the rest."""


def plan_lines(session: Session, changes: Sequence[Change]) -> list[str]:
    """Return the plan, line by line."""
    open_ones = [change for change in changes if change.settled is None]
    lines: list[str] = []
    accounts = list(dict.fromkeys(change.account_sid for change in open_ones or changes))
    session.names.ask(*accounts)
    for account_sid in accounts:
        lines.append(_account_line(session, account_sid))
        lines += _account_lines([change for change in open_ones if change.account_sid == account_sid])
    lines += _settled_lines(session, changes)
    lines += _summary_lines(open_ones)
    return lines


def _account_line(session: Session, account_sid: str) -> str:
    """Return the account's SID, its name where it may be read, and whose credentials act."""
    name = session.names.of(account_sid)
    region = session.credentials.region
    where = f", region {region}" if region not in (None, "us1") else ""
    return f"{account_sid}{f' ({name})' if name else ''}, {session.credentials.where}{where}"


def _account_lines(changes: Sequence[Change]) -> list[str]:
    """Return the changes of one account, equal ones folded into one."""
    groups: dict[tuple[str, ...], list[Change]] = defaultdict(list)
    for change in changes:
        groups[*_effect_lines(change), *_passwords(change)].append(change)
    lines = []
    for members in groups.values():
        lines.append(f"  {members[0].operation.verb} {_named(members)}")
        lines += [f"    {line}" for line in _effect_lines(members[0])]
    return lines


def _passwords(change: Change) -> list[str]:
    """Return what tells changes apart that look the same because a password is masked."""
    values = [pair for name in change.wanted for pair in ((change.before or {}).get(name), change.wanted[name])]
    return [str(value) for value in values if has_password(value)]


def _named(changes: Sequence[Change]) -> str:
    """Return the numbers of a group: the first by name, the rest by count."""
    numbers = [change.phone_number for change in changes]
    shown = numbers if len(numbers) <= _NAMED else numbers[: _NAMED - 1]
    rest = f" and {len(numbers) - len(shown)} more" if len(shown) < len(numbers) else ""
    return f"{', '.join(shown)}{rest}" + (f" ({len(numbers)} numbers)" if len(numbers) > 1 else "")


def _effect_lines(change: Change) -> list[str]:
    """Return what one change does, without the number that it does it to."""
    lines = [change.remark] if change.remark else []
    lines += [f"{name}: {step(old, new)}" for name, (old, new) in _visible(change).items()]
    hidden = unsaid(change.before, change.wanted) if change.before else []
    lines += [f"{name}: (not shown by the service) → {shown(change.wanted[name])}" for name in hidden]
    lines += [f"! {line}" for line in consequences(change)]
    lines += [f"! {change.operation.loses}"] if change.operation.loses else []
    return lines


def _visible(change: Change) -> dict[str, list[Any]]:
    """Return what a change makes different of what the number's record shows."""
    return difference(change.before or {}, predicted(change))


def _settled_lines(session: Session, changes: Sequence[Change]) -> list[str]:
    """Return the count of numbers that are as wanted, and each refusal with the command to give first."""
    same = sum(change.settled is Outcome.UNCHANGED for change in changes)
    lines = [f"  unchanged: {same} already up to date"] if same else []
    for change in changes:
        if change.reason:
            lines.append(f"  {change.settled}: {change.reason.message}")
            advice = change.reason.advice(session.reach.line) if change.reason.command else None
            lines += [f"    {advice}"] if advice else []
    return lines


def _summary_lines(changes: Sequence[Change]) -> list[str]:
    """Return what is cleared and what costs money, counted, in lines of their own."""
    clears = Counter(name for change in changes for name in cleared(change))
    bills = Counter(cost for change in changes for cost in costs(change))
    lines = [f"clears: {', '.join(f'{name} on {count}' for name, count in clears.items())}"] if clears else []
    return lines + [f"cost: {counted(count, 'number')} {cost}" for cost, count in bills.items()]
