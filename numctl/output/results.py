"""The results of a change, in every format, and its plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numctl.changes.change import Result
from numctl.errors import Line, plain_line
from numctl.model.outcome import Outcome
from numctl.model.settings import CLEARABLE
from numctl.output import Column, Output, Row, Shape, open_writer
from numctl.text.stdout import Out
from numctl.wording import step

_SHOWN = 10
"""Of more rows, a terminal shows only what needs attention; the totals count the rest."""


def _steps(row: Row) -> str:
    """A result's changes as before → after; for a purchase, only what a person may have asked for."""
    changes = row["changes"].items()
    if row["outcome"] is Outcome.BOUGHT:  # the service's defaults for all the rest are no news
        changes = [(field, values) for field, values in changes if field in CLEARABLE]
    return ", ".join(f"{field}: {step(old, new)}" for field, (old, new) in changes)


def _details(row: Row) -> str:
    """What changed, or why nothing did."""
    why = (_message(row) or "").removeprefix(f"{row['phone_number']}: ")
    return ", ".join(filter(None, (_steps(row), why)))


def _message(row: Row) -> Any:
    return row["error"]["message"] if row["error"] else None


RESULTS = Shape(
    name="results",
    key="phone_number",
    columns=(
        Column("phone_number", whole=True),
        Column("sid", whole=True),
        Column("account_sid", whole=True),
        Column("outcome", styles={Outcome.FAILED: "error", Outcome.UNKNOWN: "error", Outcome.SKIPPED: "warning"}),
        Column("changes", text=_details),
        Column("number"),
        Column("error", cell=_message),
        Column("run"),
        Column("also_changed"),
        Column("pending"),
    ),
    table=("phone_number", "outcome", "changes"),
    sheet=("phone_number", "sid", "outcome", "changes", "error"),
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
    if output == Output() and out.terminal and len(chosen) > _SHOWN:
        chosen = [result for result in chosen if not result.holds]
    rows = [result.as_json(line, run_id) for result in chosen]
    if rows or output.kind != "table" or output.quiet:
        writer.write(rows)
        writer.finish()
