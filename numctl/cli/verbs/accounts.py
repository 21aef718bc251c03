"""`numctl accounts`: the account and its subaccounts."""

from __future__ import annotations

from numctl.cli.options import Connection, OutputOptions
from numctl.errors import ExitCode


def command(output: OutputOptions, connection: Connection) -> ExitCode:
    """List the account and its subaccounts, never a token.

    Example: numctl accounts --sandbox
    """
    from numctl.api.accounts import every_account
    from numctl.cli.pages import write_rows
    from numctl.cli.session import connect
    from numctl.output import Out, Shape, open_writer

    names = ("sid", "friendly_name", "status")
    shape = Shape("accounts", names, names, names, "sid", plain=frozenset(names), text_keys=frozenset({"sid"}))
    out = Out.standard()
    writer = open_writer(output.chosen(), shape, out)
    accounts = every_account(connect(connection).client)
    write_rows(writer, ({name: account.get(name) for name in names} for account in accounts), out)
    return ExitCode.OK
