"""`numctl history`: what was changed from this machine, by whom, with what outcome."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from numctl.cli.options import Connection, OutputOptions, at_most_one
from numctl.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from numctl.render import Output, Row, Shape


def command(
    output: OutputOptions,
    connection: Connection,
    id: Annotated[Optional[str], typer.Argument(metavar="ID|prune", help="A run's ID, or prune.")] = None,
    number: Annotated[
        Optional[str], typer.Option("--number", metavar="NUMBER", help="Runs that touched this number.")
    ] = None,
    since: Annotated[Optional[str], typer.Option("--since", metavar="DATE|7d", help="Runs from then on.")] = None,
    limit: Annotated[Optional[int], typer.Option("--limit", metavar="N", help="At most N rows.", min=1)] = None,
    older_than: Annotated[
        Optional[int], typer.Option("--older-than", metavar="DAYS", help="With prune: what to forget.", min=0)
    ] = None,
) -> ExitCode:
    """Show what was changed from this machine, with what outcome.

    Example: numctl history --sandbox --since 7d
    """
    from numctl.history import History

    path = history_path(connection)
    check_together(id, number, since, limit, older_than)
    if id == "prune":
        return prune(path, older_than)
    with History.open(path) as history:
        if id is not None:
            from itertools import islice

            shown = output.chosen()
            changes = islice(history.changes(id), limit)
            write(filter(holds, changes) if shown.quiet else changes, changes_shape(), shown)
        else:
            write(
                history.runs(
                    number=checked_ref(number), since=moment(since), account_sid=account_of(connection), limit=limit
                ),
                runs_shape(),
                output.chosen(),
            )
    return ExitCode.OK


def check_together(
    id: str | None, number: str | None, since: str | None, limit: int | None, older_than: int | None
) -> None:
    """Raise UsageError for an option that would be ignored."""
    if id is not None and (number, since) != (None, None):
        raise UsageError("--number and --since pick runs: leave them out beside an ID or prune")
    if id == "prune" and limit is not None:
        raise UsageError("--limit does not go with prune")
    if id != "prune" and older_than is not None:
        raise UsageError("--older-than goes with prune: numctl history prune --older-than DAYS")


def holds(change: Row) -> bool:
    """Say whether what was asked for holds: only such numbers go into a pipe, as after the run itself."""
    from numctl.outcome import Outcome

    return change["error"] is None and not Outcome(change["outcome"]).is_failure


def history_path(connection: Connection) -> Any:
    """Return the file of the history that is meant: the sandbox keeps its own."""
    import os

    from numctl.cli.stderr import SANDBOX, say, say_open_folders
    from numctl.credentials import sandbox_asked
    from numctl.historyfile import history_path, sandbox_history_path

    say_open_folders()
    if not sandbox_asked(os.environ, connection.sandbox):
        return history_path()
    say(SANDBOX)
    return sandbox_history_path()


def prune(path: Any, older_than: int | None) -> ExitCode:
    """Forget old runs for good."""
    from numctl.cli.stderr import say
    from numctl.history import prune

    if older_than is None:
        raise UsageError("how old? numctl history prune --older-than DAYS")
    count = prune(path, older_than)
    say(f"numctl: {count} runs older than {older_than} days are forgotten")
    return ExitCode.OK


def account_of(connection: Connection) -> str | None:
    """Return the account whose runs are meant, None for all; raises UsageError for a name, which would be a request."""
    from numctl.ids import Invalid, normal_sid, sid_check

    named = at_most_one(connection.account)
    try:
        return named and normal_sid(sid_check("AC")(named))
    except Invalid as error:
        raise UsageError(f"--account of the history is a SID, which nobody is asked for: {error.message}") from error


def checked_ref(number: str | None) -> str | None:
    """Return the reference to a number in its normal form; raises UsageError."""
    from numctl.ids import check_number_ref, normal_sid

    return None if number is None else normal_sid(check_number_ref(number))


def moment(since: str | None) -> Any:
    """Return the moment that --since means; raises UsageError."""
    from datetime import UTC, datetime

    from numctl.history import parse_since

    return None if since is None else parse_since(since, datetime.now(UTC))


def write(rows: Iterable[Row], shape: Shape, output: Output) -> None:
    """Write rows as they are read."""
    from numctl.cli.pages import write_rows
    from numctl.cli.stderr import say
    from numctl.render import Out, open_writer

    out = Out.standard()
    if not write_rows(open_writer(output, shape, out), rows, out) and out.terminal:
        say("numctl: nothing is on record")
    if out.left_out:
        say(f"numctl: no room for {', '.join(out.left_out)}: --fields picks columns, --json has all")


def runs_shape() -> Shape:
    """Return what a run looks like."""
    from numctl.history import RUN_KEYS
    from numctl.render import Shape

    names = (*RUN_KEYS, "undone_by")
    table = ("id", "time", "user", "profile", "verb", "outcome", "numbers", "undone_by")
    return Shape(
        "runs",
        names,
        names,
        table,
        "id",
        show=run_shown,
        plain=frozenset(names),
        text_keys=frozenset({"id", "account_sid", "time"}),
        droppable=("user", "profile"),
    )


def run_shown(row: Row, name: str) -> Any:
    """Return a run's column as a table shows it: its time to the minute, in UTC."""
    return f"{row['time'][:10]} {row['time'][11:16]}Z" if name == "time" else row.get(name)


def changes_shape() -> Shape:
    """Return what one change of a run looks like."""
    from numctl.history import CHANGE_KEYS
    from numctl.render import Shape

    table = ("phone_number", "operation", "outcome", "wanted", "ended")
    keys = frozenset({"phone_number", "sid", "account_sid"})
    return Shape(
        "changes",
        CHANGE_KEYS,
        CHANGE_KEYS,
        table,
        "phone_number",
        show=shown,
        plain=frozenset(CHANGE_KEYS),
        text_keys=keys,
        once=True,
    )


def shown(row: Row, name: str) -> Any:
    """Return a change's column as a table shows it."""
    from numctl.render.results import step

    if name != "wanted" or not row["wanted"]:
        return row.get(name)
    before = row["before"] or {}
    return ", ".join(f"{field}: {step(before.get(field), new)}" for field, new in row["wanted"].items())
