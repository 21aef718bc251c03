"""`numctl release`: release numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from numctl.api.client import Client
from numctl.api.lookup import Found, by_ref, key_of
from numctl.changes.change import Change
from numctl.changes.plan import gone, releasing
from numctl.cli.change import carry_out, connect_to_change
from numctl.cli.connection import Connection, Everywhere
from numctl.cli.options import Changing, OutputOptions
from numctl.cli.order import Order
from numctl.cli.outlet import checked
from numctl.cli.session import Session
from numctl.cli.targets import Numbers, refuse_missing
from numctl.errors import ExitCode
from numctl.history.reader import History
from numctl.output.results import RESULTS

SHAPES = (RESULTS,)


def command(
    numbers: Numbers,
    everywhere: Everywhere,
    changing: Changing,
    output: OutputOptions,
    connection: Connection,
    ignore_missing: Annotated[
        bool,
        typer.Option("--ignore-missing", help="Treat a missing number as released.", rich_help_panel="Safety"),
    ] = False,
) -> ExitCode:
    """Release numbers, perhaps for good. Calls and messages to them stop, and they may be gone for good.

    Example: numctl release +14155550100 --sandbox --dry-run
    """
    refs = numbers.refs(connection)
    shown = checked(output)
    session = connect_to_change(connection, changing, shown)
    clients = session.clients(everywhere.all_accounts) if refs else []
    found = session.find(refs, clients)
    if not ignore_missing:
        done = _given_back(session, found.missing, clients)
        left = [ref for ref in found.missing if ref not in done]
        refuse_missing(replace(found, missing=left), clients, everywhere.all_accounts)
    changes = _releases(refs, found, clients)
    return carry_out(session, Order("release", changes, changing, shown, numbers.stdin_taken))


def _given_back(session: Session, refs: Sequence[str], clients: Sequence[Client]) -> set[str]:
    """The numbers that this machine released from these accounts: a second release finds them done."""
    if not refs or not session.keeps_history():
        return set()
    accounts = {client.account_sid for client in clients}
    with History.open(session.history_path) as history:
        return {ref for ref in refs if history.gave_back(ref, accounts)}


def _releases(refs: Sequence[str], found: Found, clients: Sequence[Client]) -> list[Change]:
    """The release of each number, once, in the order asked; one that is missing counts as released."""
    held = by_ref(found.numbers)
    keys = dict.fromkeys(held[key]["sid"] if key in held else key for key in map(key_of, refs))
    changes = {record["sid"]: releasing(record) for record in found.numbers}
    changes |= {key_of(ref): gone(clients[0].account_sid, ref) for ref in found.missing}
    return [changes[key] for key in keys]
