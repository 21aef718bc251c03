"""Audit: rules over live numbers, for configuration that cannot work or is probably a mistake.

RULES is the table: a rule is a row with its id, its severity, its reason and its check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from numctl.audit import checks
from numctl.audit.checks import Problem
from numctl.errors import Command, Line, UsageError, plain_line
from numctl.model.ids import Invalid, check_number_ref, sid_check
from numctl.model.number import Record
from numctl.text.suggestions import did_you_mean
from numctl.wording import masked, quoted

_Finding = dict[str, Any]
"""`rule`, `severity`, `phone_number`, `sid`, `account_sid`, `field`, `message`, `command`, in this order."""

SEVERITIES = ("error", "warning", "info")
"""The worst first: what cannot work, what is probably a mistake, what is good to know."""

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True)
class _Rule:
    """One thing that is looked for. If it `remembers`, its check also gets a dict, one for each audit."""

    id: str
    severity: str
    reason: str
    check: Callable[..., Iterable[Problem]]
    remembers: bool = False


RULES: tuple[_Rule, ...] = (
    _Rule(
        "fallback-without-primary",
        "error",
        "A fallback URL is called only after its primary failed; without a primary it never is.",
        checks.fallback_without_primary,
    ),
    _Rule(
        "unusable-url",
        "error",
        "The service calls http and https URLs; blanks or anything else in the place of one cannot be called.",
        checks.unusable_url,
    ),
    _Rule(
        "unreachable-host",
        "error",
        "The service calls from the internet: no localhost, private or link-local address can be reached.",
        checks.unreachable_host,
    ),
    _Rule(
        "placeholder-host",
        "error",
        "Nobody answers at example.com and its kin, or under .test, .invalid or .example: they are reserved.",
        checks.placeholder_host,
    ),
    _Rule(
        "emergency-address",
        "error",
        "An emergency address is set whose registration failed: emergency services are told no address.",
        checks.emergency_address,
    ),
    _Rule(
        "address-missing",
        "error",
        "Regulation asks for an address; without one the number may be taken back or stop working.",
        checks.address_missing,
    ),
    _Rule(
        "calls-unanswered",
        "warning",
        "The number can be called, but has no trunk, application or URL; it may still place calls.",
        checks.calls_unanswered,
    ),
    _Rule(
        "ignored-setting",
        "warning",
        "A trunk or an application answers instead, so what is set here does nothing.",
        checks.ignored_setting,
    ),
    _Rule(
        "plain-http",
        "warning",
        "Without TLS, who called, what was said and what is answered can be read and changed on the way.",
        checks.plain_http,
    ),
    _Rule(
        "demo-url",
        "warning",
        "A number may come with the provider's demonstration, and callers hear that until it is replaced.",
        checks.demo_url,
    ),
    _Rule(
        "fallback-same-host",
        "warning",
        "A fallback on the host of its primary is down whenever the primary is.",
        checks.fallback_same_host,
    ),
    _Rule(
        "duplicate-name",
        "warning",
        "Two numbers of one account with the same friendly name are easily taken for each other.",
        checks.duplicate_name,
        remembers=True,
    ),
    _Rule(
        "messages-unanswered",
        "info",
        "Nothing on the number receives messages; a Messaging Service, not seen here, may.",
        checks.messages_unanswered,
    ),
    _Rule(
        "emergency-address-pending",
        "info",
        "Registering an emergency address takes a while; until then emergency services are told none.",
        checks.emergency_address_pending,
    ),
    _Rule(
        "emergency-address-missing",
        "info",
        "Without an emergency address each call to 911 from a US or Canadian number costs a fee.",
        checks.emergency_address_missing,
    ),
    _Rule(
        "bundle-missing",
        "info",
        "Where regulation asks for an address, and outside the US and Canada, a bundle may be required.",
        checks.bundle_missing,
    ),
    _Rule(
        "hosted-number",
        "info",
        "The number belongs to another carrier, and calls may be answered there.",
        checks.hosted_number,
    ),
    _Rule(
        "beta-number",
        "info",
        "The number is new to the platform, and not everything may work on it yet.",
        checks.beta_number,
    ),
)


def audit(
    records: Iterable[Record],
    *,
    rules: Collection[str] | None = None,
    skip: Collection[str] = (),
    severity: str | None = None,
    line: Line = plain_line,
) -> Iterator[_Finding]:
    """Yield what is found, record by record, each finding as soon as its record was read.

    `rules` (none or empty: all) and `skip` are ids; `severity` is the least that is reported; `line` writes the
    command of a finding. Raises UsageError at once, before anything is read, for an unknown id or severity.
    """
    return _findings(records, _choose(rules or (), skip, severity), line)


def _choose(only: Collection[str], skip: Collection[str], severity: str | None) -> list[_Rule]:
    known = [rule.id for rule in RULES]
    for name in (*only, *skip):
        if name not in known:
            raise UsageError(f"there is no audit rule {quoted(name)}{did_you_mean(name, known)}", see="all rules")
    if severity not in (None, *SEVERITIES):
        meant = did_you_mean(str(severity), SEVERITIES)
        raise UsageError(
            f"{quoted(severity)} is not a severity{meant}", hint=f"the severities are {', '.join(SEVERITIES)}"
        )
    levels = SEVERITIES[: SEVERITIES.index(severity or "info") + 1]
    return [rule for rule in RULES if rule.id in (only or known) and rule.id not in skip and rule.severity in levels]


def _findings(records: Iterable[Record], rules: list[_Rule], line: Line) -> Iterator[_Finding]:
    started = [(rule, partial(rule.check, seen={}) if rule.remembers else rule.check) for rule in rules]
    for record in records:
        for rule, check in started:
            for problem in check(record):
                yield _finding(rule, record, problem, line)


def _finding(rule: _Rule, record: Record, problem: Problem, line: Line) -> _Finding:
    command = _command(record, problem.options)
    return {
        "rule": rule.id,
        "severity": rule.severity,
        "phone_number": record.get("phone_number"),
        "sid": record.get("sid"),
        "account_sid": record.get("account_sid"),
        "field": problem.field,
        "message": masked(_BLANKS.sub(" ", problem.message)),
        "command": line(command) if command else None,
    }


def _command(record: Record, options: tuple[str, ...]) -> Command | None:
    """Return the command that mends a problem; None where none does, or the record lacks its number."""
    if not options:
        return None
    try:
        number = check_number_ref(str(record.get("phone_number") or record.get("sid")))
        owner = sid_check("AC")(str(record["account_sid"])) if record.get("account_sid") else None
    except Invalid:
        return None
    return Command(("set", number, *options), owner)
