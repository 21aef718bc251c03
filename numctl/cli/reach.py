"""Reach: write commands so that, pasted, they act on the account that they were meant for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from numctl.errors import Command
from numctl.wording import shell_line


class Reach(NamedTuple):
    """How the running command reached its account: its options, the account in use, and whether always to name it.

    With NUMCTL_ACCOUNT set it is always named: a pasted command would otherwise act on that variable's account.
    """

    options: tuple[str, ...] = ()
    account_sid: str | None = None
    names_account: bool = False

    def line(self, command: Command) -> str:
        """Write a command as a line for a shell."""
        elsewhere = command.account and (self.names_account or command.account != self.account_sid)
        account = ("--account", str(command.account)) if elsewhere else ()
        return shell_line(["numctl", *command.words, *account, *self.options])


def reach_by(options: tuple[str, ...], account_sid: str, environ: Mapping[str, str]) -> Reach:
    """The Reach for these options, in this environment."""
    return Reach(options, account_sid, bool(environ.get("NUMCTL_ACCOUNT")))
