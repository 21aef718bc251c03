"""`numctl transfer`: move numbers between the accounts of one family."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Optional

import typer

from numctl.api.accounts import find_account
from numctl.changes.change import Change
from numctl.changes.plan import transferring
from numctl.cli.change import carry_out, connect_to_change
from numctl.cli.connection import Connection, Everywhere
from numctl.cli.options import Changing, OutputOptions
from numctl.cli.order import Order
from numctl.cli.outlet import checked
from numctl.cli.targets import Numbers, refuse_missing
from numctl.errors import ExitCode, UsageError
from numctl.model.ids import AddressSid, BundleSid, IdentitySid
from numctl.model.settings import REGULATORY_FIELDS
from numctl.output.results import RESULTS

_THERE = "Of the target account"
_OF_ONE_ACCOUNT = (
    *REGULATORY_FIELDS,
    "emergency_address_sid",
    "trunk_sid",
    "voice_application_sid",
    "sms_application_sid",
)
"""Settings that refer to something in the account itself."""


@dataclass(frozen=True)
class _Target:
    """Where the numbers go, and what regulation asks for there."""

    to: Annotated[str, typer.Option("--to", metavar="ACCOUNT", help="SID or exact name.", rich_help_panel=_THERE)]
    address_sid: Annotated[
        Optional[AddressSid],
        typer.Option("--address-sid", metavar="SID", help="Address.", rich_help_panel=_THERE),
    ] = None
    bundle_sid: Annotated[
        Optional[BundleSid],
        typer.Option("--bundle-sid", metavar="SID", help="Bundle.", rich_help_panel=_THERE),
    ] = None
    identity_sid: Annotated[
        Optional[IdentitySid],
        typer.Option("--identity-sid", metavar="SID", help="Identity.", rich_help_panel=_THERE),
    ] = None


SHAPES = (RESULTS,)


def command(
    numbers: Numbers,
    target: _Target,
    everywhere: Everywhere,
    changing: Changing,
    output: OutputOptions,
    connection: Connection,
) -> ExitCode:
    """Move numbers between an account and its subaccounts.

    Example: numctl transfer +14155550100 --to 'Sandbox branch' --sandbox --dry-run
    """
    if not target.to:
        raise UsageError("--to is empty: name the account")
    refs = numbers.refs(connection)
    shown = checked(output)
    session = connect_to_change(connection, changing, shown)
    to_account = find_account(session.parent, target.to, session.note_accounts)
    if to_account != target.to:
        session.names.learn({to_account: target.to})
    clients = session.clients(everywhere.all_accounts) if refs else []
    if refs:
        session.names.ask(to_account)
    found = session.find(refs, clients)
    name = session.names.of_existing(to_account) if refs else None
    found = session.find_further(found, refs, [session.parent.on(to_account)])
    refuse_missing(found, clients, everywhere.all_accounts)
    given = {name: getattr(target, name) for name in REGULATORY_FIELDS}
    wanted = {name: value for name, value in given.items() if value is not None}
    changes = [_with_remark(transferring(live, to_account, wanted)) for live in found.numbers]
    moves = any(change.settled is None and change.to_account for change in changes)
    notes = [f"to: {f'{name} ({to_account})' if name else to_account}"] if moves else []
    return carry_out(session, Order("transfer", changes, changing, shown, numbers.stdin_taken, notes=notes))


def _with_remark(change: Change) -> Change:
    """The transfer, with a warning about settings that point into the account it leaves."""
    live = change.before or {}
    left = [name for name in _OF_ONE_ACCOUNT if live.get(name) and name not in change.wanted]
    if not left or change.settled or not change.to_account:
        return change
    verb = "names" if len(left) == 1 else "name"
    return replace(change, remark=f"! {', '.join(left)} {verb} what stays in {change.account_sid}")
