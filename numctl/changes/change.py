"""Plan: what would change on each number, what that overrides, deletes and costs, and how it came out.

Pure: from live records and wanted settings to Changes, and from Results to JSON rows and an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from numctl.changes.operation import BUY, RELEASE, SET, TRANSFER, Operation
from numctl.errors import Command, ExitCode, Line, NumctlError, UsageError, plain_line
from numctl.model.number import Record, contradicted, difference, unsaid
from numctl.model.outcome import Outcome
from numctl.model.routing import DELETES
from numctl.model.settings import SETTINGS, Wanted


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do to one number. `settled` says that nothing is to be sent, and why.

    `remark` is said in the plan; `marks` are kept in the history beside what was wanted. `instead_of` names what was
    taken by someone else, where this is a spare's purchase.
    """

    operation: Operation
    account_sid: str
    phone_number: str
    sid: str | None = None
    before: Record | None = None
    wanted: Wanted = field(default_factory=dict)
    to_account: str | None = None
    settled: Outcome | None = None
    reason: NumctlError | None = None
    spares: SparePool | None = None
    remark: str = ""
    marks: dict[str, str] | None = None
    instead_of: tuple[str, ...] = ()


class SparePool:
    """Numbers that the plan showed as spares: each is handed out once, to a purchase whose own number was taken."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self.numbers = list(numbers)

    def take(self) -> str | None:
        """Return the next spare, or None; popping a list is atomic, so that workers need no lock."""
        try:
            return self.numbers.pop(0)
        except IndexError:
            return None


@dataclass(frozen=True, slots=True)
class Result:
    """How one change came out, and the record after it."""

    change: Change
    outcome: Outcome
    after: Record | None = None
    error: NumctlError | None = None

    @property
    def holds(self) -> bool:
        """Say whether what was asked for is so now."""
        return self.error is None and not self.outcome.is_failure and self.outcome is not Outcome.PLANNED

    def as_json(self, line: Line = plain_line) -> dict[str, Any]:
        """Return the row that scripts read; `line` writes the command that an error advises."""
        return {
            "phone_number": self.change.phone_number,
            "sid": self.after["sid"] if self.after else self.change.sid,
            "outcome": self.outcome,
            "changes": self.changes(),
            "number": self.after,
            "error": self.error.as_json(line) if self.error else None,
        }

    @property
    def unshown(self) -> list[str]:
        """Return the settings that were sent and accepted, and that the service's record leaves out."""
        return unsaid(self.after, self.change.wanted) if self.after and self.outcome.is_done else []

    def changes(self) -> dict[str, list[Any]]:
        """Return each writable field that differs, with its value before and after."""
        return made(self.change, predicted(self.change) if self.outcome is Outcome.PLANNED else self.after or {})


def unsent(change: Change, otherwise: Outcome) -> Result:
    """Return the result of a change for which nothing was sent; `otherwise` is its outcome unless it is settled."""
    return Result(change, change.settled or otherwise, change.before, change.reason)


def check_wanted(wanted: Wanted) -> None:
    """Raise UsageError for settings that contradict each other."""
    if wanted.get("trunk_sid") and wanted.get("voice_application_sid"):
        raise UsageError("--trunk-sid and --voice-application-sid delete each other: give one of them")


def setting(live: Record, wanted: Wanted) -> Change:
    """Return the change of one number's settings, settled as `unchanged` where all of them are seen to hold already."""
    holds = not unsaid(live, wanted) and not contradicted(live, wanted)
    return replace(_on(live, SET), wanted=wanted, settled=Outcome.UNCHANGED if holds else None)


def releasing(live: Record) -> Change:
    """Return the change that gives a number back."""
    return _on(live, RELEASE)


def gone(account_sid: str, ref: str) -> Change:
    """Return the release of a number that is not there, settled, where that is as good as released."""
    sid = ref if ref.startswith("PN") else None
    return Change(RELEASE, account_sid, "" if sid else ref, sid, settled=Outcome.UNCHANGED)


def transferring(live: Record, to_account: str, wanted: Wanted) -> Change:
    """Return the change that moves a number to another account, settled where it is there already."""
    there = live.get("account_sid") == to_account
    settled = Outcome.UNCHANGED if there else None
    return replace(_on(live, TRANSFER), wanted=wanted, to_account=to_account, settled=settled)


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


def predicted(change: Change) -> Record:
    """Return the record as it should be after the change, with what the service deletes by itself."""
    after = dict(change.before or {})
    for name, value in change.wanted.items():
        after[name] = value
        if value and name in DELETES and after.get(DELETES[name]):
            after[DELETES[name]] = None
    if change.to_account:
        after["account_sid"] = change.to_account
    return {} if change.operation.ends_number else after


def made(change: Change, after: Record) -> dict[str, list[Any]]:
    """Return what a change makes different; what was asked for and the record before leaves out is null before."""
    before = change.before or {}
    return difference(dict.fromkeys(unsaid(before, change.wanted)) | before if before else before, after)


def exit_code(results: Sequence[Result]) -> ExitCode:
    """Return the exit code of several results, as the table of exit codes says."""
    if any(result.outcome is Outcome.UNKNOWN for result in results):
        return ExitCode.UNKNOWN
    failures = [result for result in results if not result.holds and result.outcome is not Outcome.PLANNED]
    if not failures:
        return ExitCode.OK
    if any(result.outcome.is_done for result in results):
        return ExitCode.PARTIAL
    codes = {result.error.exit_code if result.error else ExitCode.REFUSED for result in failures}
    return codes.pop() if len(codes) == 1 else ExitCode.REFUSED
