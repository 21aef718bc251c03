"""`numctl undo`: put back what a recorded change replaced."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from numctl.cli.options import Changing, Connection, OutputOptions
from numctl.errors import AuthError, ExitCode, NotFound

if TYPE_CHECKING:
    from numctl.cli.session import Session
    from numctl.number import Record
    from numctl.plan import Change


def command(
    changing: Changing,
    output: OutputOptions,
    connection: Connection,
    id: Annotated[Optional[str], typer.Argument(metavar="ID", help="A run of the history.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also what was changed since.", rich_help_panel="Safety")
    ] = False,
) -> ExitCode:
    """Put back what a recorded change replaced.

    Without an ID: the account's newest run that changed something. Example: numctl undo --sandbox --dry-run
    """
    from numctl.cli.change import Order, carry_out
    from numctl.cli.outlet import checked
    from numctl.cli.session import connect

    shown = checked(output)
    session = connect(connection, concurrency=changing.concurrency)
    run, entries = recorded(session, id)
    changes = inverses(session, entries, force)
    question = f"Undo run {run['id']} ({run['verb']}, {len(changes)} numbers)?"
    return carry_out(session, Order("undo", changes, changing, shown, undoes=run["id"], question=question))


def recorded(session: Session, id: str | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a run and its changes that had an effect; raises NotFound where there is none."""
    from numctl.history import History
    from numctl.undoing import undoable

    with History.open(session.history_path) as history:
        run = history.find_run(id) if id is not None else history.last_undoable(session.client.account_sid)
        if run is None:
            raise NotFound("there is nothing to undo on this account", hint="numctl history lists the runs")
        return run, undoable(list(history.changes(run["id"])))


def inverses(session: Session, entries: list[dict[str, Any]], force: bool) -> list[Change]:
    """Return the inverse of each entry, having looked at what the numbers are now."""
    from numctl.undoing import holder, inverse

    by_account: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        by_account[holder(entry)].append(entry["phone_number"])
    lives = {account: live_records(session, account, refs) for account, refs in by_account.items()}
    return [inverse(entry, lives[holder(entry)].get(entry["phone_number"]), force=force) for entry in entries]


def live_records(session: Session, account_sid: str, refs: list[str]) -> dict[str, Record]:
    """Return the records by number; raises AuthError where the credentials do not reach the account."""
    from numctl.selection import find

    try:
        found = find(refs, [session.parent.on(account_sid)])
    except NotFound as error:
        raise AuthError(f"{account_sid}: these credentials do not reach the account that the run changed") from error
    return {record["phone_number"]: record for record in found.numbers}
