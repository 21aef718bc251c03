"""`numctl undo`: put back what a recorded change replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Optional

import typer

from numctl.changes.change import Change, Operation, Result
from numctl.changes.from_history import former_holder, holder, inverse, may_be_bought_again, undoable
from numctl.changes.operation import BUY, RELEASE, WAY_BACK, recorded_as
from numctl.changes.perform import was_taken
from numctl.cli.change import carry_out, connect_to_change
from numctl.cli.connection import Connection
from numctl.cli.options import Changing, OutputOptions
from numctl.cli.order import Order
from numctl.cli.outlet import checked
from numctl.cli.session import Session
from numctl.cli.verbs.after_purchase import give_back
from numctl.errors import AuthError, ExitCode, NotFound, NumctlError, Refused
from numctl.history.reader import History
from numctl.model.number import Record
from numctl.output.results import RESULTS
from numctl.wording import counted

SHAPES = (RESULTS,)


def command(
    changing: Changing,
    output: OutputOptions,
    connection: Connection,
    id: Annotated[Optional[str], typer.Argument(metavar="[ID]", help="A run's ID.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Undo even what was changed since.", rich_help_panel="Safety")
    ] = False,
) -> ExitCode:
    """Undo a recorded change.

    Without an ID: the account's newest run that changed something; a release has to be named.

    Example: numctl undo --sandbox --dry-run
    """
    shown = checked(output)
    session = connect_to_change(connection, changing, shown)
    run, entries = _recorded(session, id)
    changes = _inverses(session, entries, force)
    count = sum(change.settled is None for change in changes)
    question = f"Undo run {run['id']} ({run['verb']}, {counted(count, 'number')})?"
    closing = partial(_rest, session, run["id"], force, [recorded_as(entry["operation"]) for entry in entries])
    return carry_out(
        session, Order("undo", changes, changing, shown, undoes=run["id"], question=question, closing=closing)
    )


def _recorded(session: Session, id: str | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A run and its changes that had an effect; raises NotFound if there is none."""
    with History.open(session.history_path) as history:
        run = history.find_run(id) if id is not None else history.last_undoable(session.client.account_sid)
        if run is None:
            raise NotFound("there is nothing to undo on this account", hint="numctl history lists the runs")
        if id is None and run["verb"] == RELEASE.name:
            earlier = history.last_undoable(session.client.account_sid, besides=(RELEASE.name, BUY.name))
            raise _not_by_itself(session, run, earlier)
        return run, undoable(list(history.changes(run["id"])))


def _not_by_itself(session: Session, run: dict[str, Any], earlier: dict[str, Any] | None) -> Refused:
    """Why a release is not undone without its ID, and what can be undone instead."""
    ways = [f"to look whether they are for sale, and buy them: {session.line('undo', run['id'])}"]
    if earlier:
        what = f"{earlier['verb']}, {counted(earlier['numbers'], 'number')}"
        ways.append(f"to undo the run before it ({what}): {session.line('undo', earlier['id'])}")
    message = (
        f"the newest run, {run['id']}, released {counted(run['numbers'], 'number')}: a release can't simply be undone"
    )
    return Refused(message, hint="\n".join([WAY_BACK, *ways]))


def _inverses(session: Session, entries: list[dict[str, Any]], force: bool) -> list[Change]:
    """The inverse of each entry, given what the numbers are now."""
    lives: dict[str, Record] = {}
    for place in (holder, former_holder):
        by_account: dict[str, list[str]] = defaultdict(list)
        for entry in entries:
            account = place(entry)
            if account and entry["phone_number"] not in lives:
                by_account[account].append(entry["phone_number"])
        for account, refs in by_account.items():
            lives.update(_live_records(session, account, refs))
    offered = _offered(session, entries, lives)
    return [
        inverse(
            entry,
            lives.get(entry["phone_number"]),
            force=force,
            offered=offered.get(entry["phone_number"], False),
        )
        for entry in entries
    ]


def _offered(
    session: Session, entries: list[dict[str, Any]], lives: Mapping[str, Record]
) -> dict[str, NumctlError | bool]:
    """For each released number: whether it is for sale now, or why the service refused to say."""
    from numctl.api.for_sale import is_offered
    from numctl.api.lookup import ONE_BY_ONE, at_once

    def ask(entry: dict[str, Any]) -> NumctlError | bool:
        client, kind = session.parent.on(entry["account_sid"]), (entry["before"] or {}).get("type")
        try:
            return is_offered(client, entry["phone_number"], kind)
        except Refused as refusal:
            return refusal.with_message(f"{entry['phone_number']}: {refusal.message}")

    asked = [entry for entry in entries if may_be_bought_again(entry, lives.get(entry["phone_number"]))]
    answers: dict[str, NumctlError | bool] = {}
    for start in range(0, len(asked), ONE_BY_ONE):
        some = asked[start : start + ONE_BY_ONE]
        answers |= zip((entry["phone_number"] for entry in some), at_once(ask, some), strict=True)
    return answers


def _live_records(session: Session, account_sid: str, refs: list[str]) -> dict[str, Record]:
    """The records by number; raises AuthError if the credentials do not reach the account."""
    try:
        found = session.find(refs, [session.parent.on(account_sid)])
    except NotFound as error:
        raise AuthError(f"{account_sid}: these credentials do not reach the account that the run changed") from error
    return {record["phone_number"]: record for record in found.numbers}


def _rest(
    session: Session,
    run_id: str,
    force: bool,
    operations: Sequence[Operation],
    results: Sequence[Result],
    undo_id: str | None,
) -> list[str]:
    """How to give back what was bought again, and how to go on with what is not put back.

    A purchase is never undone, neither the run's nor the undo's own. A released number that is not for sale is not
    tried again: the same command would end in the same way.
    """
    left = any(
        not result.holds and not (what is RELEASE and (result.change.settled or was_taken(result)))
        for result, what in zip(results, operations, strict=True)
        if what is not BUY
    )
    options = ["--force"] if force else []
    more = [f"for the rest: {session.line('undo', run_id, *options)}"] if left else []
    return [*give_back(session, results, undo_id), *more]
