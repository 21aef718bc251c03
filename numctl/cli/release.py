"""`numctl release`: give numbers back."""

from __future__ import annotations

from typing import Annotated

import typer

from numctl.cli.options import Changing, Connection, Everywhere, OutputOptions
from numctl.cli.targets import Numbers
from numctl.errors import ExitCode


def command(
    numbers: Numbers,
    everywhere: Everywhere,
    changing: Changing,
    output: OutputOptions,
    connection: Connection,
    ignore_missing: Annotated[
        bool,
        typer.Option("--ignore-missing", help="Count a number that is not there as done.", rich_help_panel="Safety"),
    ] = False,
) -> ExitCode:
    """Give numbers back. Calls and messages to them stop, and they may be gone for good.

    Example: numctl release +14155550100 --sandbox --dry-run
    """
    from numctl.cli.change import Order, carry_out
    from numctl.cli.outlet import checked
    from numctl.cli.session import connect
    from numctl.cli.targets import refuse_missing
    from numctl.plan import gone, releasing
    from numctl.selection import find

    refs = numbers.refs()
    shown = checked(output)
    session = connect(connection, concurrency=changing.concurrency)
    clients = session.clients(everywhere.all_accounts) if refs else []
    found = find(refs, clients)
    if not ignore_missing:
        refuse_missing(found, clients, everywhere.all_accounts)
    changes = {record[key]: releasing(record) for record in found.numbers for key in ("phone_number", "sid")}
    changes |= {ref: gone(clients[0].account_sid, ref) for ref in found.missing}
    in_order = list(dict.fromkeys(id(changes[ref]) for ref in refs))
    by_id = {id(change): change for change in changes.values()}
    return carry_out(session, Order("release", [by_id[key] for key in in_order], changing, shown, numbers.stdin_taken))
