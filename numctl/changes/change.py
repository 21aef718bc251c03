"""Change: one thing to do to one number, its kind, and how it came out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from numctl.errors import ExitCode, Line, NumctlError, plain_line
from numctl.model.number import Record, completed, difference, pending, unsaid
from numctl.model.outcome import Outcome
from numctl.model.routing import DELETES
from numctl.model.settings import Wanted

if TYPE_CHECKING:
    from numctl.api.client import Client


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look showed: the change happened (with the record after it), it did not, or None: not known."""

    happened: bool | None
    after: Record | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One kind of change.

    `name` is what the history records, `verb` and `sign` what a plan shows. `send` returns the record after the
    change (None for a release) and raises what the client raises; `look` says whether a change with a lost answer
    took effect. With `look_first` it is sent again only after a look shows that it did not happen; the transport
    repeats the others by itself. `gone_may_be_done` says that "not found" may be the answer to its own repeat. The
    settings in `later` are set afterwards, by a second change.
    """

    name: str
    verb: str
    sign: str
    done: Outcome
    not_done: str
    send: Callable[[Client, Change], Record | None]
    look: Callable[[Client, Change], Seen]
    look_first: bool = False
    gone_may_be_done: bool = False
    ends_number: bool = False
    later: frozenset[str] = frozenset()
    loses: str = ""
    cost: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do to one number. If `settled`, nothing is sent.

    `remark` appears in the plan; `marks` are kept in the history beside what was wanted. For the purchase of a
    spare, `instead_of` lists the numbers that someone else took.
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
    """The plan's spares: each is handed out once, to a purchase whose own number was taken."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self.numbers = list(numbers)

    def take(self) -> str | None:
        """The next spare, or None; popping a list is atomic, so workers need no lock."""
        try:
            return self.numbers.pop(0)
        except IndexError:
            return None


@dataclass(frozen=True, slots=True)
class Result:
    """How one change came out, and the record after it.

    `vanished` says that a release found nothing, and that it is not yet known whether another account holds the
    number.
    """

    change: Change
    outcome: Outcome
    after: Record | None = None
    error: NumctlError | None = None
    vanished: bool = False

    @property
    def holds(self) -> bool:
        """Whether the requested state is in place now."""
        return self.error is None and not self.outcome.is_failure and self.outcome is not Outcome.PLANNED

    def as_json(self, line: Line = plain_line, run_id: str | None = None) -> dict[str, Any]:
        """The row for scripts; `line` writes the command in an error's hint."""
        after, others = self.after or {}, self.also_changed()
        row = {
            "phone_number": self.change.phone_number,
            "sid": after.get("sid") or self.change.sid,
            "account_sid": after.get("account_sid") or self.change.account_sid,
            "outcome": self.outcome,
            "changes": self.changes(),
            "number": self.after,
            "error": self.error.as_json(line) if self.error else None,
            "run": run_id,
            **({"pending": self.pending} if self.pending else {}),
        }
        return row | {"also_changed": others} if others else row

    @property
    def unshown(self) -> list[str]:
        """The settings that were sent and accepted, but that the service's record leaves out."""
        return unsaid(self.after, self.change.wanted) if self.after and self.outcome.is_done else []

    @property
    def pending(self) -> list[str]:
        """The settings that the service has accepted but not finished."""
        stands = self.error is None and (self.outcome.is_done or self.outcome is Outcome.UNCHANGED)
        return pending(self.after, self.change.wanted) if self.after and stands else []

    def changes(self) -> dict[str, list[Any]]:
        """Map each field that this change alters to `[before, after]`."""
        if self.outcome is Outcome.PLANNED:
            return own(self.change, predicted(self.change))
        return own(self.change, completed(self.after or {}, self.change.wanted) if self.after else {})

    def also_changed(self) -> dict[str, list[Any]]:
        """Map each writable field that somebody else altered between look and answer to `[before, after]`."""
        return {} if self.outcome is Outcome.PLANNED else others(self.change, self.after or {})


class Recorder(Protocol):
    """The part of the journal that one change needs."""

    def begin(self, change: Change) -> int:
        """Record the change before it is sent, and return the entry's key."""

    def end(self, entry: int, result: Result) -> None: ...


def unsent(change: Change, otherwise: Outcome) -> Result:
    """The result of a change that was not sent; `otherwise` is its outcome unless it is settled."""
    return Result(change, change.settled or otherwise, change.before, change.reason)


def predicted(change: Change) -> Record:
    """The record as it should be after the change, with what the service itself deletes."""
    after = dict(change.before or {})
    for name, value in change.wanted.items():
        after[name] = value
        if value and name in DELETES and after.get(DELETES[name]):
            after[DELETES[name]] = None
    if change.to_account:
        after["account_sid"] = change.to_account
    return {} if change.operation.ends_number else after


def own(change: Change, after: Record) -> dict[str, list[Any]]:
    """What differs because of this change: what was asked for, and what the service changes with it."""
    return {name: values for name, values in _made(change, after).items() if _is_own(change, name, values[1])}


def others(change: Change, after: Record) -> dict[str, list[Any]]:
    """What differs but not because of this change: somebody else's change between look and answer."""
    return {name: values for name, values in _made(change, after).items() if not _is_own(change, name, values[1])}


def took_effect(change: Change, after: Record) -> bool:
    """Whether the records before and after show something that the change altered."""
    return bool(difference(change.before or {}, after).keys() & own(change, after).keys())


def _made(change: Change, after: Record) -> dict[str, list[Any]]:
    """All that differs; a requested field that the record before leaves out counts as null before."""
    before = change.before or {}
    return difference(dict.fromkeys(unsaid(before, change.wanted)) | before if before else before, after)


def _is_own(change: Change, name: str, value: Any) -> bool:
    """Without a record before, everything belongs to the purchase."""
    if not change.before or name in change.wanted:
        return True
    if name == "account_sid":
        return bool(value == change.to_account)
    return not value and any(change.wanted.get(setter) for setter, gone in DELETES.items() if gone == name)


def exit_code(results: Sequence[Result]) -> ExitCode:
    """The exit code of several results, by the table of exit codes."""
    if any(result.outcome is Outcome.UNKNOWN or _leaves_unknown(result.error) for result in results):
        return ExitCode.UNKNOWN
    failures = [result for result in results if not result.holds and result.outcome is not Outcome.PLANNED]
    if not failures:
        return ExitCode.OK
    if any(result.outcome.is_done for result in results):
        return ExitCode.PARTIAL
    codes = {result.error.exit_code if result.error else ExitCode.REFUSED for result in failures}
    return codes.pop() if len(codes) == 1 else ExitCode.REFUSED


def _leaves_unknown(error: NumctlError | None) -> bool:
    """Whether a number was bought but it is not known if a setting was taken."""
    return error is not None and error.exit_code is ExitCode.UNKNOWN
