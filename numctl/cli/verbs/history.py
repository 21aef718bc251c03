"""`numctl history`: what was changed from this machine, by whom, with what outcome."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any, Optional

import typer

from numctl.cli.connection import Connection, at_most_one
from numctl.cli.friendly_names import checked_ref
from numctl.cli.messages import SANDBOX, say, say_open_folders
from numctl.cli.option_groups import Shown
from numctl.cli.options import OutputOptions
from numctl.cli.pages import write_rows
from numctl.cli.prompts import confirm
from numctl.cli.verbs.history_view import OUTCOME_STYLES, of_number, of_run
from numctl.completion import runs
from numctl.credentials.resolve import sandbox_asked
from numctl.errors import ExitCode, UsageError
from numctl.history import file, pruning
from numctl.history.reader import CHANGE_KEYS, RUN_KEYS, History, parse_since
from numctl.model.ids import Invalid, normal_sid, sid_check
from numctl.model.outcome import Outcome
from numctl.output import Column, Output, Row, Shape, columns_of, open_writer
from numctl.text.stdout import Out, write_lines
from numctl.text.suggestions import closest
from numctl.text.times import local
from numctl.wording import counted, quoted, step


def _minute(row: Row) -> str:
    """The time of a run to the minute, in UTC."""
    return f"{row['time'][:10]} {row['time'][11:16]}Z"


def _steps(row: Row) -> Any:
    """What a change was to set, as before → after."""
    before = row["before"] or {}
    wanted = row["wanted"]
    return wanted and ", ".join(f"{field}: {step(before.get(field), new)}" for field, new in wanted.items())


_RUNS = Shape(
    name="runs",
    key="id",
    columns=columns_of((*RUN_KEYS, "undone_by"), Column("time", text=_minute, whole=True), whole=("id", "account_sid")),
    table=("id", "time", "user", "profile", "verb", "outcome", "numbers", "undone_by"),
    droppable=("user", "profile"),
)
_RUNS_ON_TERMINAL = replace(
    _RUNS,
    columns=columns_of(
        _RUNS.valid,
        Column("time", text=lambda row: local(row["time"], seconds=True), whole=True),
        Column("outcome", styles=OUTCOME_STYLES),
        whole=("id", "account_sid"),
    ),
)
_CHANGES = Shape(
    name="changes",
    key="phone_number",
    columns=columns_of(CHANGE_KEYS, Column("wanted", text=_steps), whole=("phone_number", "sid", "account_sid")),
    table=("phone_number", "operation", "outcome", "wanted", "ended"),
    once=True,
)
SHAPES = (_RUNS, _CHANGES)
_EMPTY = "numctl: history is empty"
_LISTING = Shown(
    without=("profile", "timeout", "no_input", "verbose"),
    helps={"account": "Only runs on this account; a SID.", "sandbox": "The history of the sandbox."},
)
_PRUNING = Shown(without=("profile", "account", "timeout", "verbose"), helps={"sandbox": "The history of the sandbox."})


def command(
    output: Annotated[OutputOptions, Shown(helps={"quiet": "One run ID per line; with ID, one number per line."})],
    connection: Annotated[Connection, _LISTING],
    id: Annotated[Optional[str], typer.Argument(metavar="[ID]", help="A run's ID.")] = None,
    number: Annotated[
        Optional[str], typer.Option("--number", metavar="NUMBER", help="Only runs that changed this number.")
    ] = None,
    since: Annotated[Optional[str], typer.Option("--since", metavar="DATE|7d", help="Only runs since then.")] = None,
    limit: Annotated[Optional[int], typer.Option("--limit", metavar="N", help="At most N rows.", min=1)] = None,
) -> ExitCode:
    """List what was changed from this machine.

    Example: numctl history --sandbox --since 7d
    """
    shown, out = output.chosen(), Out.standard()
    if id is not None and (meant := closest(id, below)):
        raise UsageError(f"there is no command {quoted(id)} of history: did you mean {meant[0]}?", see="for help")
    if id is not None and (number, since) != (None, None):
        raise UsageError("--number and --since pick runs: leave them out beside an ID")
    path = _history_path(connection)
    with History.open(path) as history:
        if id is not None:
            changes = islice(history.changes(id), limit)
            if out.terminal and shown.is_view:
                write_lines(of_run(history.find_run(id), changes))
            else:
                _write(filter(_holds, changes) if shown.quiet else changes, _CHANGES, shown, out)
            return ExitCode.OK
        ref = _checked_ref(number, connection)
        views_number = ref is not None and out.terminal and shown.is_view
        most = None if views_number else limit
        account = _account_of(connection)
        found = history.runs(number=ref, since=_moment(since), account_sid=account, limit=most)
        if ref is not None and views_number:
            _write_changes(ref, history, found, limit)
        else:
            picked = ref is not None or since or account or limit
            listed = found if picked else runs.noted(sandbox_asked(os.environ, connection.sandbox), found)
            _write(listed, _RUNS_ON_TERMINAL if out.terminal else _RUNS, shown, out)
    return ExitCode.OK


def _prune(
    connection: Annotated[Connection, _PRUNING],
    older_than: Annotated[
        int, typer.Option("--older-than", metavar="DAYS", help="Delete runs older than DAYS.", min=0)
    ],
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Do not ask.", rich_help_panel="Safety")] = False,
) -> ExitCode:
    """Delete old runs for good.

    On a terminal it asks first. Example: numctl history prune --older-than 30 --sandbox
    """
    if connection.account:
        raise UsageError("prune deletes runs of all accounts: leave out --account")
    path = _history_path(connection)
    old = counted(older_than, "day")
    count = pruning.count_older(path, older_than)
    asks = count and not yes and not connection.no_input and sys.stdin is not None and sys.stdin.isatty()
    if asks:
        question = f"Delete {counted(count, 'run')} older than {old} for good? They can't be undone then."
        confirm(question, no_input=False, stdin_taken=False)
    count = pruning.prune(path, older_than)
    if count:
        runs.forget(sandbox_asked(os.environ, connection.sandbox))
    say(f"numctl: {counted(count, 'run')} older than {old} {'is' if count == 1 else 'are'} deleted")
    return ExitCode.OK


below = {"prune": _prune}
"""The subcommands of `history`."""


def _holds(change: Row) -> bool:
    """Whether the requested state is in place: -q prints only such numbers, as after the run itself."""
    return change["error"] is None and not Outcome(change["outcome"]).is_failure


def _history_path(connection: Connection) -> Any:
    """The history file: the sandbox has its own."""
    say_open_folders()
    if not sandbox_asked(os.environ, connection.sandbox):
        return file.history_path()
    say(SANDBOX)
    return file.sandbox_history_path()


def _account_of(connection: Connection) -> str | None:
    """The account whose runs to list, None for all; raises UsageError for a name, which would need a request."""
    named = at_most_one(connection.account)
    try:
        return named and normal_sid(sid_check("AC")(named))
    except Invalid as error:
        raise UsageError(f"--account must be a SID here, since history sends no request: {error.message}") from error


def _checked_ref(number: str | None, connection: Connection) -> str | None:
    """The reference to a number in its normal form; raises UsageError."""
    return None if number is None else normal_sid(checked_ref(number, connection))


def _moment(since: str | None) -> Any:
    """The moment that --since means; raises UsageError."""
    return None if since is None else parse_since(since, datetime.now(UTC))


def _write_changes(ref: str, history: History, runs: Iterable[Row], limit: int | None) -> None:
    """Show one number's changes to a person."""
    changes = [(run, change) for run in runs for change in history.changes_to(ref, run["id"])][:limit]
    if changes:
        write_lines(of_number(changes))
    else:
        say(_EMPTY)


def _write(rows: Iterable[Row], shape: Shape, output: Output, out: Out) -> None:
    """Write rows as they are read."""
    if not write_rows(open_writer(output, shape, out), rows, out) and out.terminal:
        say(_EMPTY)
    if out.left_out:
        say(f"numctl: hidden at this width: {', '.join(out.left_out)} (choose with --fields)")
