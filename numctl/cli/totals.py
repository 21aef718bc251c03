"""The end of a run over several numbers: totals, one line per reason for failure, and what to do next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from numctl.changes.change import Result
from numctl.errors import Line as CommandLine
from numctl.errors import OutcomeUnknown, Unavailable
from numctl.model.outcome import Outcome
from numctl.text.paint import Piece, Style, Text, line
from numctl.wording import counted

_REASONS = 20
"""The most reasons to show on standard error; the results have them all."""

_NUMBERS = 2
"""The most numbers to name beside a reason."""

_ADVICE = 3
"""The most different hints to show for one reason."""

_REPEATABLE = (Unavailable, OutcomeUnknown)
"""Errors that may not occur again if the same command is repeated."""

_ORDER = (
    Outcome.BOUGHT,
    Outcome.CHANGED,
    Outcome.RELEASED,
    Outcome.TRANSFERRED,
    Outcome.UNCHANGED,
    Outcome.SKIPPED,
    Outcome.FAILED,
    Outcome.UNKNOWN,
)
_STYLES: dict[Outcome, Style] = {
    **dict.fromkeys(_ORDER[:4], "good"),
    Outcome.SKIPPED: "warning",
    Outcome.FAILED: "error",
    Outcome.UNKNOWN: "error",
}


def total_line(results: Sequence[Result]) -> Text:
    """Count the outcomes: `295 changed, 3 unchanged, 5 failed.`"""
    counts = Counter(result.outcome for result in results)
    pieces: list[str | Piece] = []
    for outcome in _ORDER:
        if counts[outcome]:
            pieces += [", " if pieces else "", Piece(f"{counts[outcome]} {outcome}", _STYLES.get(outcome))]
    return line(*pieces, ".")


def reason_lines(results: Sequence[Result], command: CommandLine) -> Iterator[Text]:
    """Yield each reason for failure once, with its numbers and hints."""
    groups: dict[tuple[Outcome, str], list[Result]] = {}
    for result in results:
        if result.error and result.change.settled is not Outcome.UNCHANGED:
            groups.setdefault((result.outcome, reason_of(result)), []).append(result)
    for (outcome, reason), members in list(groups.items())[:_REASONS]:
        named = [member.change.phone_number for member in members]
        shown = named if len(named) <= _NUMBERS + 1 else [*named[:_NUMBERS], f"{len(named) - _NUMBERS} more"]
        rest = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
        told = Piece(f"{len(members)} {outcome}:", _STYLES.get(outcome))
        yield line(told, f" {reason}" if shown[0] in reason else f" {reason}: {rest}", indent=2)
        errors = (member.error for member in members if member.error)
        advice = list(dict.fromkeys(filter(None, (error.advice(command) for error in errors))))
        yield from (f"    {part}" for text in advice[:_ADVICE] for part in text.splitlines())
    if len(groups) > _REASONS:
        yield f"  and {counted(len(groups) - _REASONS, 'more reason')}; --json has them all"


def reason_of(result: Result) -> str:
    """The reason for a failure without its number, so that equal reasons can be counted together."""
    assert result.error is not None
    number = re.escape(result.change.phone_number)
    if not result.change.phone_number:
        return result.error.message
    return re.sub(rf"^{number}(: | (?=\S))", "", result.error.message)


def next_line(results: Sequence[Result], *, forgets: bool = False) -> Text | None:
    """How to finish, if the same command can: it skips what is done.

    `forgets` says that releases are not recorded, so that a second run would not find what the first one released.
    """
    left = [result for result in results if not result.holds and not result.change.settled]
    again = "run the same command again" + (" with --ignore-missing" if forgets else "")
    if any(result.outcome is Outcome.SKIPPED or isinstance(result.error, _REPEATABLE) for result in left):
        return f"To finish: {again}."
    return f"To finish: fix the cause, then {again}." if left else None
