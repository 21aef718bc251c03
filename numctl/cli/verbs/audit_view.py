"""What an audit found, for a person: by number, errors first, each with the command that fixes it, then the totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from numctl.audit.rules import SEVERITIES, Finding
from numctl.errors import Command, Line
from numctl.text.paint import Piece, Style, Text, line
from numctl.wording import counted

_STYLES: dict[str, Style] = {"error": "error", "warning": "warning", "info": "muted"}
_NOUNS = {"error": "error", "warning": "warning", "info": "note"}

_FEW = 3
"""A finding that at least this many numbers share is shown once."""

_NAMED = 5
"""The most numbers to name in a shared finding."""

_TYPED = 20
"""The most numbers on a printed command line; for more, the audit's own output is piped into it."""

_Block = tuple[int, int, Callable[[], Iterator[Text]]]
"""The rank of its worst severity, 1 if it is about several numbers, and the function that writes it."""


def report(findings: Sequence[Finding], checked: int, write: Line) -> Iterator[Text]:
    """Yield the report on `count` numbers checked; `write` writes a command."""
    if not findings:
        yield f"no findings: {counted(checked, 'number')} checked"
        return
    for _, _, lines in sorted(_blocks(findings, write), key=lambda block: block[:2]):
        yield from lines()
        yield ""
    yield _totals(findings, checked)


def _blocks(findings: Sequence[Finding], write: Line) -> Iterator[_Block]:
    common: dict[object, list[Finding]] = defaultdict(list)
    single: dict[object, list[Finding]] = defaultdict(list)
    of_rule: dict[object, int] = defaultdict(int)
    for finding in findings:
        common[_without_number(finding)].append(finding)
        of_rule[finding.account_sid, finding.rule] += 1
    for group in common.values():
        if len(group) < _FEW:
            for finding in group:
                single[_number(finding)].append(finding)
    names_account = len({finding.account_sid for finding in findings}) > 1
    for of_one in single.values():
        worst_first = sorted(of_one, key=_severity)
        yield _severity(worst_first[0]), 0, partial(_of_one, worst_first, names_account, write)
    for group in common.values():
        if len(group) >= _FEW:
            alone = of_rule[group[0].account_sid, group[0].rule] == len(group)
            yield _severity(group[0]), 1, partial(_of_many, group, alone, write)


def _without_number(finding: Finding) -> object:
    options = finding.command.words[2:] if finding.command else None
    return finding.account_sid, finding.rule, finding.message, options


def _number(finding: Finding) -> object:
    return finding.sid or finding.phone_number


def _severity(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)


def _of_one(findings: Sequence[Finding], names_account: bool, write: Line) -> Iterator[Text]:
    account = Piece(f"  {findings[0].account_sid}", "muted") if names_account else ""
    yield line(*_named(findings[0], "  "), account)
    for finding in findings:
        yield _message(finding, indent=2)
        if finding.command:
            yield line(Piece(write(finding.command), "command"), indent=4)


def _of_many(findings: Sequence[Finding], alone: bool, write: Line) -> Iterator[Text]:
    shown = findings if len(findings) <= _NAMED + 1 else findings[:_NAMED]
    rest = len(findings) - len(shown)
    names = [piece for finding in shown for piece in (Piece(", "), *_named(finding, " "))][1:]
    yield _message(findings[0], indent=0)
    yield line(f"{counted(len(findings), 'number')}: ", *names, f" and {rest} more" if rest else "", indent=2)
    command = _command(findings, alone, write)
    if command:
        yield line(Piece(command, "command"), indent=2)


def _message(finding: Finding, indent: int) -> Text:
    severity = Piece(finding.severity, _STYLES[finding.severity])
    return line(severity, f": {finding.message} ", Piece(f"({finding.rule})", "muted"), indent=indent)


def _named(finding: Finding, gap: str) -> tuple[Piece, ...]:
    name = f"{gap}{finding.friendly_name}" if finding.friendly_name else ""
    return Piece(str(finding.phone_number or finding.sid), "number"), Piece(name)


def _command(findings: Sequence[Finding], alone: bool, write: Line) -> str | None:
    """Write one command for several numbers; `alone` says that the rule finds no others in the account."""
    commands = [finding.command for finding in findings if finding.command]
    if not commands:
        return None
    (verb, _, *options), account = commands[0].words, commands[0].account
    if alone and len(commands) > _TYPED:
        numbers = write(Command(("audit", "--rule", findings[0].rule, "-q"), account))
        return f"{numbers} | {write(Command((verb, '-', *options), account))}"
    return write(Command((verb, *(command.words[1] for command in commands), *options), account))


def _totals(findings: Sequence[Finding], checked: int) -> str:
    by_severity = [(name, sum(finding.severity == name for finding in findings)) for name in SEVERITIES]
    counts = ", ".join(counted(count, _NOUNS[name]) for name, count in by_severity if count)
    numbers = len({_number(finding) for finding in findings})
    rest = checked - numbers
    fine = f"; nothing found on {counted(rest, 'other')}" if rest else ""
    return f"{counts} on {counted(numbers, 'number')}{fine}"
