"""The results of a change, in every format, and its plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from numctl.errors import Line, plain_line
from numctl.model.outcome import Outcome
from numctl.model.settings import CLEARABLE
from numctl.output import Out, Output, Row, Shape, open_writer
from numctl.text.terminal import clean
from numctl.wording import step

if TYPE_CHECKING:
    from numctl.changes.change import Result


def _as_text(row: Row, name: str) -> Any:
    """Return a result's column as a table shows it: the changes as before → after, the error as its message."""
    if name == "changes":
        changes = row["changes"].items()
        if row["outcome"] is Outcome.BOUGHT:  # the service's defaults for all the rest are no news
            changes = [(field, values) for field, values in changes if field in CLEARABLE]
        return ", ".join(f"{field}: {step(old, new)}" for field, (old, new) in changes)
    return _in_sheet(row, name)


def _in_sheet(row: Row, name: str) -> Any:
    """Return a result's column as a sheet holds it."""
    if name == "error":
        return row["error"]["message"] if row["error"] else None
    return row.get(name)


RESULTS = Shape(
    name="results",
    fields=(
        "phone_number",
        "sid",
        "account_sid",
        "outcome",
        "changes",
        "number",
        "error",
        "run",
        "also_changed",
        "pending",
    ),
    columns=("phone_number", "sid", "outcome", "changes", "error"),
    table=("phone_number", "outcome", "changes"),
    key="phone_number",
    value=_in_sheet,
    show=_as_text,
    plain=frozenset({"phone_number", "sid", "outcome", "changes"}),
    text_keys=frozenset({"phone_number", "sid"}),
    styles={"outcome": {Outcome.FAILED: "red", Outcome.UNKNOWN: "red", Outcome.SKIPPED: "yellow"}},
)


def write_results(
    results: Sequence[Result], output: Output, line: Line = plain_line, run_id: str | None = None
) -> None:
    """Write one row per number, in the order asked; with -q only the numbers for which the result holds.

    `line` writes the command that an error advises; `run_id` is the run's in the history.
    """
    out = Out.standard()
    writer = open_writer(output, RESULTS, out)
    chosen = [result for result in results if not output.quiet or result.holds or result.outcome is Outcome.PLANNED]
    rows = [result.as_json(line, run_id) for result in chosen]
    if rows or output.kind != "table" or output.quiet:
        writer.write(rows)
        writer.finish()


def write_plan(lines: Iterable[str]) -> None:
    """Write a plan for a person to standard output."""
    out = Out.standard()
    for line in lines:
        out.write(clean(line).encode() + b"\n")
    out.flush()
