"""The options that say which account a command talks to, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Optional

import typer

from numctl.errors import UsageError

CONNECTION = "Connection"


@dataclass(frozen=True)
class Connection:
    """Which account to talk to, and how; before the verb or after it."""

    profile: Annotated[
        Optional[str],
        typer.Option("--profile", metavar="NAME", help="Profile (NUMCTL_PROFILE).", rich_help_panel=CONNECTION),
    ] = None
    account: Annotated[
        Optional[list[str]],
        typer.Option(
            "--account",
            metavar="ACCOUNT",
            help="Act on a subaccount: SID or exact name.",
            rich_help_panel=CONNECTION,
        ),
    ] = None
    sandbox: Annotated[
        bool,
        typer.Option("--sandbox", help="Use the sandbox: no account, no cost.", rich_help_panel=CONNECTION),
    ] = False
    timeout: Annotated[
        Optional[float],
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Seconds per request (default 60).",
            min=0.1,
            max=86400,
            rich_help_panel=CONNECTION,
        ),
    ] = None
    no_input: Annotated[bool, typer.Option("--no-input", help="Never prompt.", rich_help_panel=CONNECTION)] = False
    verbose: Annotated[
        bool,
        typer.Option("-v", "--verbose", help="Show requests on standard error.", rich_help_panel=CONNECTION),
    ] = False

    def __post_init__(self) -> None:
        """Raise UsageError for an empty value: an unset shell variable names no account."""
        if self.profile == "" or "" in (self.account or ()):
            raise UsageError(f"--{'profile' if self.profile == '' else 'account'} is empty")

    def under(self, root: Connection) -> Connection:
        """These options, completed by those given before the verb."""
        return Connection(
            profile=self.profile or root.profile,
            account=list(dict.fromkeys([*(root.account or ()), *(self.account or ())])),
            sandbox=self.sandbox or root.sandbox,
            timeout=self.timeout if self.timeout is not None else root.timeout,
            no_input=self.no_input or root.no_input,
            verbose=self.verbose or root.verbose,
        )


@dataclass(frozen=True)
class Everywhere:
    """Whether to look in all accounts of the family."""

    all_accounts: Annotated[
        bool,
        typer.Option(
            "--all-accounts",
            help="Look in the account and every active subaccount.",
            rich_help_panel=CONNECTION,
        ),
    ] = False


def at_most_one(accounts: Sequence[str] | None) -> str | None:
    """The one account given; raises UsageError if there are several."""
    if accounts and len(accounts) > 1:
        raise UsageError("this command acts on one account: give --account once")
    return accounts[0] if accounts else None
