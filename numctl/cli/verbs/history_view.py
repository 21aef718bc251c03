"""Recorded changes for a person: the run, then each number with its fields before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from numctl.changes.change import own
from numctl.changes.operation import BUY
from numctl.changes.recorded import Entry, recorded
from numctl.model.number import Record, completed
from numctl.model.outcome import Outcome
from numctl.text.paint import Piece, Style, Text, line
from numctl.text.times import local
from numctl.wording import counted, has_password, masked, shown

OUTCOME_STYLES: Mapping[str, Style] = {
    "failed": "error",
    "unknown": "error",
    "skipped": "warning",
    "partial": "warning",
    "interrupted": "warning",
}
_SAID_BY_ITS_FIELDS = (Outcome.CHANGED, Outcome.TRANSFERRED)
"""Outcomes that need no line of their own."""


def of_run(run: Record, changes: Iterable[Entry]) -> Iterator[Text]:
    """Yield one run and what it did to each number."""
    yield from _header(run)
    last = None
    for entry in changes:
        if entry["phone_number"] != last:
            yield ""
            yield _heading(entry)
        last = entry["phone_number"]
        yield from _change(entry)


def of_number(changes: Sequence[tuple[Mapping[str, Any], Entry]]) -> Iterator[Text]:
    """Yield the changes of one number, each with its run."""
    yield _heading(changes[0][1])
    for run, entry in changes:
        yield ""
        interrupted = (" (", Piece("interrupted", "warning"), ")") if run["outcome"] == "interrupted" else ()
        yield line(f"{local(entry['started'], seconds=True)}  {run['id']}  {run['verb']}", *interrupted)
        yield from _change(entry)


def _header(run: Record) -> Iterator[Text]:
    yield line(f"run {run['id']}: {run['verb']}, ", Piece(run["outcome"], OUTCOME_STYLES.get(run["outcome"], "good")))
    rows = {
        "time": local(run["time"], seconds=True),
        "by": "@".join(part for part in (run["user"], run["host"]) if part),
        "profile": run["profile"],
        "account": run["account_sid"],
        "command": Piece(run["command"], "command"),
        "undoes": run["undoes"],
        "undone by": run["undone_by"],
    }
    for label, value in rows.items():
        if value:
            yield line(f"{label + ':':<11}", value, indent=2)
    if run["outcome"] == "interrupted":
        said = f": {counted(run['numbers'], 'number')} attempted; what was not attempted is not recorded"
        yield line(Piece("interrupted", "warning"), said, indent=2)


def _heading(entry: Entry) -> Text:
    name = next((of.get("friendly_name") for of in (entry["before"], entry["after"]) if of), None)
    return line(Piece(str(entry["phone_number"]), "number"), f"  {name}" if name else "")


def _change(entry: Entry) -> Iterator[Text]:
    """Yield what one change did, or was to do, and its outcome if the fields do not show it."""
    outcome, error = Outcome(entry["outcome"]), entry["error"]
    if outcome in (Outcome.BOUGHT, Outcome.RELEASED):
        yield line(Piece(outcome, "good"), indent=2)
    if outcome is not Outcome.UNCHANGED:
        for field, (old, new) in _steps(entry, outcome).items():
            yield from _step(field, old, new)
    if error:
        word = "error" if outcome.is_done else outcome
        message = str(error.get("message") or "").removeprefix(f"{entry['phone_number']}: ")
        yield line(Piece(word, OUTCOME_STYLES.get(word, "error")), f": {message}", indent=2)
    elif outcome is Outcome.UNKNOWN:
        yield line(Piece(outcome, "error"), ": the outcome was not recorded", indent=2)
    elif outcome not in (*_SAID_BY_ITS_FIELDS, Outcome.BOUGHT, Outcome.RELEASED):
        yield line(Piece(outcome, OUTCOME_STYLES.get(outcome, "muted")), indent=2)


def _steps(entry: Entry, outcome: Outcome) -> Mapping[str, Sequence[Any]]:
    """The fields that a change made different, or was to make different, with their values before and after."""
    change, before, after = recorded(entry), entry["before"] or {}, entry["after"]
    moved = {"account_sid": change.to_account} if change.to_account else {}
    asked = {name: [before.get(name), value] for name, value in {**moved, **change.wanted}.items()}
    if not (outcome.is_done and after) or entry["operation"] == BUY.name:
        return asked
    unsaid = {name: values for name, values in asked.items() if name not in after}
    return unsaid | own(change, completed(after, change.wanted))


def _step(field: str, old: object, new: object) -> Iterator[Text]:
    before, after = masked(shown(old)), masked(shown(new))
    if before != after:
        yield line(f"{field}: ", Piece(before, "old"), " → ", Piece(after, "new"), indent=2)
    elif old != new and has_password(new):
        yield line(f"{field}: ", Piece(after, "new"), " (password changed)", indent=2)
