"""`numctl show`: one number in full, and what handles its calls and messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from numctl.cli.connection import Connection, Everywhere
from numctl.cli.friendly_names import checked_ref
from numctl.cli.options import OutputOptions
from numctl.cli.session import Session, connect
from numctl.cli.verbs.show_view import view
from numctl.errors import ExitCode
from numctl.model.number import Record
from numctl.output import check_output, write_object
from numctl.output.shapes import NUMBERS
from numctl.text.stdout import Out, write_lines

SHAPES = (NUMBERS,)


def command(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="An E.164 number or a PN SID.")],
    everywhere: Everywhere,
    output: OutputOptions,
    connection: Connection,
) -> ExitCode:
    """Show one number in full, and what handles its calls and messages.

    Example: numctl show +14155550100 --sandbox
    """
    ref = checked_ref(number, connection)
    shown = output.chosen()
    out = Out.standard()
    check_output(shown, NUMBERS, out)
    record = _found(connect(connection), ref, everywhere.all_accounts)
    if shown.is_view:
        write_lines(view(record, datetime.now(UTC) if out.terminal else None))
    else:
        write_object(shown, NUMBERS, record, out)
    return ExitCode.OK


def _found(session: Session, ref: str, all_accounts: bool) -> Record:
    from numctl.api.lookup import find
    from numctl.cli.targets import refuse_missing

    clients = session.clients(all_accounts)
    found = find([ref], clients)
    refuse_missing(found, clients, all_accounts)
    return found.numbers[0]
