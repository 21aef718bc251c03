"""Session: from options and environment to a client; verbs reach the service only through it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from numctl.api import bare
from numctl.api.accounts import active_accounts, find_account
from numctl.api.client import Client
from numctl.api.hosts import origins_of
from numctl.api.lookup import ONE_BY_ONE, Found, joined
from numctl.api.throttle import Pace
from numctl.api.transport import Transport
from numctl.cli.connection import Connection, at_most_one
from numctl.cli.messages import SANDBOX, on_terminal, say, say_open_folders, waiter
from numctl.cli.names import Names
from numctl.cli.progress import waiting
from numctl.cli.reach import Reach, reach_by
from numctl.completion import accounts
from numctl.credentials.resolve import Credentials, StandIn, resolve, sandbox_asked
from numctl.errors import Command, Refused, UsageError
from numctl.history.file import history_path, is_kept, sandbox_history_path
from numctl.system.clock import Clock, SystemClock
from numctl.wording import counted

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from numctl.changes.looking import Looks
    from numctl.model.number import Record


@dataclass(frozen=True)
class Session:
    """What a verb works with: the credentials, a client for the account in use, and the clock."""

    connection: Connection
    credentials: Credentials
    parent: Client
    clock: Clock
    shows_plan: bool = False

    @cached_property
    def reach(self) -> Reach:
        """How printed commands reach the account in use."""
        return reach_by(_as_options(self.connection, self.credentials), self.credentials.account_sid, os.environ)

    def line(self, *words: str, account: str | None = None) -> str:
        """Write a numctl command as a line that, pasted, acts on this account (None: the one in use)."""
        return self.reach.line(Command(words, account))

    @cached_property
    def client(self) -> Client:
        """The client of the one account that `--account` names, else of the credentials' own."""
        named = at_most_one(self.asked)
        return self.parent if named is None else self._named(named)

    @cached_property
    def names(self) -> Names:
        """The names of accounts."""
        return Names(self.parent, self.clock)

    def expect_plan(self, account_sid: str) -> None:
        """Request the name of an account for its plan, while its numbers are looked up.

        Not with --concurrency 1: the numbers would wait for the name.
        """
        if self.shows_plan and self.parent.transport.pace.most > 1:
            self.names.ask(account_sid)

    @cached_property
    def looks(self) -> Looks:
        """The look-ups for a plan."""
        from numctl.changes.looking import Looks

        return Looks(self.clock, self._recent_changes, say if on_terminal() else lambda line: None)

    def _recent_changes(self, refs: Collection[str]) -> Sequence[Record]:
        """What this machine did, or may have done, to these numbers and SIDs within a minute, newest first."""
        from numctl.changes.lag import DOUBTED
        from numctl.history.reader import History

        if not refs or not self.keeps_history():
            return []
        try:
            with History.open(self.history_path) as history:
                return history.recent(refs, datetime.now(UTC) - DOUBTED)
        except Refused:  # before anything is sent, a history that cannot be used is refused anyway
            return []

    def find(self, refs: Sequence[str], clients: Sequence[Client]) -> Found:
        """Find numbers for a plan; for a few in one account, its name is requested at the same time.

        For more, the name is requested only once there is something to plan.
        """
        if len(clients) == 1 and 0 < len(refs) <= ONE_BY_ONE:
            self.expect_plan(clients[0].account_sid)
        with waiting(f"Looking up {counted(len(refs), 'number')}…"):
            return self.looks.find(refs, clients)

    def find_further(self, found: Found, refs: Sequence[str], clients: Sequence[Client]) -> Found:
        """Look in further accounts for what is missing, and return all that is found in the order asked."""
        if not found.missing:
            return found
        with waiting(f"Looking up {counted(len(found.missing), 'number')}…"):
            further = self.looks.find(found.missing, clients)
        return joined(refs, found, further, instead_of=found.missing)

    def _named(self, account: str) -> Client:
        sid = find_account(self.parent, account, self.note_accounts)
        if sid != account:
            self.names.learn({sid: account})
        return self.parent.on(sid)

    def note_accounts(self, family: Iterable[Record]) -> None:
        """Remember the accounts of the family for completion."""
        accounts.note(self.credentials, family)

    @property
    def asked(self) -> Sequence[str]:
        """The accounts asked for, on the command line or else in NUMCTL_ACCOUNT."""
        from_environment = os.environ.get("NUMCTL_ACCOUNT")
        return self.connection.account or ([from_environment] if from_environment else [])

    def clients(self, all_accounts: bool) -> list[Client]:
        """The client of each account to look in; raises UsageError if accounts are named and all are asked for."""
        if all_accounts and self.connection.account:
            raise UsageError("--all-accounts and --account can't be combined")
        if all_accounts:
            family, left_out = active_accounts(self.parent)
            self.note_accounts(family)
            for line in left_out:
                say(f"numctl: {line}")
            self.names.learn({account["sid"]: account.get("friendly_name") for account in family})
            return [self.parent.on(account["sid"]) for account in family]
        clients = {client.account_sid: client for client in map(self._named, self.asked)}
        return list(clients.values()) or [self.parent]

    def keeps_history(self) -> bool:
        """Whether a history is kept; raises AuthError for a malformed variable."""
        return is_kept(os.environ)

    @property
    def in_sandbox(self) -> bool:
        """Whether the sandbox answers."""
        return self.credentials.source == "sandbox"

    @property
    def history_path(self) -> Path:
        """The file of the history: the sandbox keeps its own."""
        return sandbox_history_path() if self.in_sandbox else history_path()


def connect(connection: Connection, *, concurrency: int = 8, shows_plan: bool = False) -> Session:
    """The session for these options; raises AuthError if there are no credentials.

    `shows_plan` says that a plan will be shown, which names accounts.
    """
    say_open_folders()
    sandbox = sandbox_asked(os.environ, connection.sandbox)
    credentials = resolve(
        os.environ,
        profile=connection.profile,
        stand_in=stand_in() if sandbox else None,
        tell=waiter(connection.no_input),
    )
    for note in credentials.notes:
        say(f"numctl: {note}")
    clock = SystemClock()
    transport = Transport(
        origins_of(credentials.api_url, credentials.region, credentials.edge),
        (credentials.user, credentials.secret),
        timeout=connection.timeout or 60.0,
        clock=clock,
        log=say if connection.verbose else None,
        adapter=_mounted_sandbox() if sandbox else None,
        pace=Pace(concurrency),
        region=credentials.region,
    )
    return Session(connection, credentials, Client(transport, credentials.account_sid), clock, shows_plan)


def _as_options(connection: Connection, credentials: Credentials) -> tuple[str, ...]:
    """The options that a printed command needs to reach the same account."""
    if credentials.source == "sandbox":
        return ("--sandbox",)
    return ("--profile", connection.profile) if connection.profile else ()


def stand_in() -> StandIn:
    """How the sandbox is reached."""
    from numctl.sandbox import BASE_URL, default_path
    from numctl.sandbox.state import credentials

    return StandIn(*credentials(default_path()), BASE_URL)


def _mounted_sandbox() -> BaseAdapter:
    """The sandbox, to be mounted in a session of requests."""
    from numctl.sandbox import default_path
    from numctl.sandbox.app import create_app

    with bare.imports():
        from numctl.sandbox.mount import SandboxAdapter

    say(SANDBOX)
    return SandboxAdapter(create_app(default_path()))
