"""Audit rules over live numbers: configuration that cannot work, or is probably a mistake.

RULES is the table: each rule has an ID, a severity, a reason and a check.
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

SEVERITIES = ("error", "warning", "info")
"""Worst first: what cannot work, what is probably a mistake, what is good to know."""

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True)
class Rule:
    """One thing to look for. If it `remembers`, its check also gets a dict that lives as long as the audit."""

    id: str
    severity: str
    reason: str
    check: Callable[..., Iterable[Problem]]
    remembers: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found on one number, and the command that fixes it, if one does."""

    rule: str
    severity: str
    phone_number: Any
    sid: Any
    account_sid: Any
    friendly_name: Any
    field: str
    message: str
    command: Command | None

    def as_json(self, line: Line = plain_line) -> dict[str, Any]:
        """The row that scripts read; `line` writes the command."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "phone_number": self.phone_number,
            "sid": self.sid,
            "account_sid": self.account_sid,
            "field": self.field,
            "message": self.message,
            "command": line(self.command) if self.command else None,
        }


RULES: tuple[Rule, ...] = (
    Rule(
        "fallback-without-primary",
        "error",
        "A fallback URL is called only after the primary URL failed.",
        checks.fallback_without_primary,
    ),
    Rule(
        "unusable-url",
        "error",
        "Only http and https URLs can be called, not blanks or other text.",
        checks.unusable_url,
    ),
    Rule(
        "unreachable-host",
        "error",
        "The service cannot reach localhost, private or link-local addresses.",
        checks.unreachable_host,
    ),
    Rule(
        "placeholder-host",
        "error",
        "Nobody answers at example.com and other reserved domains.",
        checks.placeholder_host,
    ),
    Rule(
        "emergency-address",
        "error",
        "The emergency address failed to register, so emergency services get none.",
        checks.emergency_address,
    ),
    Rule(
        "address-missing",
        "error",
        "Without a required address the number may stop working or be taken back.",
        checks.address_missing,
    ),
    Rule(
        "calls-unanswered",
        "warning",
        "The number can be called, and has no trunk, application or URL.",
        checks.calls_unanswered,
    ),
    Rule(
        "ignored-setting",
        "warning",
        "A trunk or an application takes precedence over this setting.",
        checks.ignored_setting,
    ),
    Rule(
        "plain-http",
        "warning",
        "Without TLS, calls, messages and answers can be read and changed in transit.",
        checks.plain_http,
    ),
    Rule("demo-url", "warning", "Callers hear the provider's demo until the URL is replaced.", checks.demo_url),
    Rule(
        "fallback-same-host",
        "warning",
        "A fallback on the primary URL's host is down whenever the primary is.",
        checks.fallback_same_host,
    ),
    Rule(
        "duplicate-name",
        "warning",
        "Two numbers of one account with one name are easily mixed up.",
        checks.duplicate_name,
        remembers=True,
    ),
    Rule(
        "messages-unanswered",
        "info",
        "Nothing on the number receives messages; a Messaging Service may.",
        checks.messages_unanswered,
    ),
    Rule(
        "emergency-address-pending",
        "info",
        "Until registration ends, emergency services get no address.",
        checks.emergency_address_pending,
    ),
    Rule(
        "emergency-address-missing",
        "info",
        "Each 911 call from a US or Canadian number without one costs a fee.",
        checks.emergency_address_missing,
    ),
    Rule(
        "bundle-missing",
        "info",
        "Outside the US and Canada a regulatory bundle is often required.",
        checks.bundle_missing,
    ),
    Rule("hosted-number", "info", "Another carrier owns the number and may handle its calls.", checks.hosted_number),
    Rule("beta-number", "info", "The number is new to the platform; not everything may work yet.", checks.beta_number),
)


def audit(
    records: Iterable[Record],
    *,
    rules: Collection[str] | None = None,
    skip: Collection[str] = (),
    severity: str | None = None,
) -> Iterator[Finding]:
    """Yield the findings number by number, as the records are read.

    `rules` (none or empty: all) and `skip` are IDs; `severity` is the lowest to report. Raises UsageError for an
    unknown ID or severity before anything is read.
    """
    return _findings(records, _choose(rules or (), skip, severity))


def _choose(only: Collection[str], skip: Collection[str], severity: str | None) -> list[Rule]:
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


def _findings(records: Iterable[Record], rules: list[Rule]) -> Iterator[Finding]:
    started = [(rule, partial(rule.check, seen={}) if rule.remembers else rule.check) for rule in rules]
    for record in records:
        for rule, check in started:
            for problem in check(record):
                yield _finding(rule, record, problem)


def _finding(rule: Rule, record: Record, problem: Problem) -> Finding:
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        phone_number=record.get("phone_number"),
        sid=record.get("sid"),
        account_sid=record.get("account_sid"),
        friendly_name=record.get("friendly_name"),
        field=problem.field,
        message=masked(_BLANKS.sub(" ", problem.message)),
        command=_command(record, problem.options),
    )


def _command(record: Record, options: tuple[str, ...]) -> Command | None:
    """The command that fixes a problem; None if none does, or if the record does not say which number it is."""
    if not options:
        return None
    try:
        number = check_number_ref(str(record.get("phone_number") or record.get("sid")))
        owner = sid_check("AC")(str(record["account_sid"])) if record.get("account_sid") else None
    except Invalid:
        return None
    return Command(("set", number, *options), owner)
