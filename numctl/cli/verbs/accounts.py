"""`numctl accounts`: the account and its subaccounts."""

from __future__ import annotations

from typing import Annotated

from numctl.api.accounts import every_account
from numctl.cli.connection import Connection
from numctl.cli.option_groups import Shown
from numctl.cli.options import OutputOptions
from numctl.cli.pages import write_rows
from numctl.cli.session import connect
from numctl.completion.accounts import noted
from numctl.errors import ExitCode
from numctl.output import Shape, columns_of, open_writer
from numctl.text.stdout import Out

_ACCOUNTS = Shape("accounts", "sid", columns_of(("sid", "friendly_name", "status"), whole=("sid",)))
SHAPES = (_ACCOUNTS,)


def command(
    output: Annotated[OutputOptions, Shown(helps={"quiet": "One SID per line."})], connection: Connection
) -> ExitCode:
    """List the account and its subaccounts.

    Example: numctl accounts --sandbox
    """
    out = Out.standard()
    writer = open_writer(output.chosen(), _ACCOUNTS, out)
    session = connect(connection)
    accounts = every_account(session.client)
    if not session.asked:
        accounts = noted(session.credentials, accounts)
    write_rows(writer, ({name: account.get(name) for name in _ACCOUNTS.valid} for account in accounts), out)
    return ExitCode.OK
