"""`numctl whoami`: which credentials are in use, and where they come from."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from numctl.api.accounts import every_account
from numctl.cli.connection import Connection
from numctl.cli.option_groups import Shown
from numctl.cli.options import OutputOptions
from numctl.cli.pages import write_rows
from numctl.cli.session import Session, connect
from numctl.credentials import profiles
from numctl.credentials.keyring import backend_name
from numctl.errors import AuthError, ExitCode, NumctlError
from numctl.output import Shape, check_output, columns_of, open_writer, write_object
from numctl.text.stdout import Out, write_lines

_FACTS = (
    "account_sid",
    "friendly_name",
    "profile",
    "source",
    "main_account",
    "subaccounts",
    "auth",
    "key_sid",
    "region",
    "edge",
    "api_url",
    "keyring",
)
_WHOAMI = Shape("whoami", "account_sid", columns_of(_FACTS, whole=("account_sid", "key_sid")))
_PROFILES = Shape(
    "profiles", "profile", columns_of(("profile", "default", *profiles.KEYS), whole=("account_sid", "key_sid"))
)
SHAPES = (_WHOAMI, _PROFILES)


def command(
    output: Annotated[OutputOptions, Shown(helps={"quiet": "Only the account's SID."})],
    connection: Connection,
    profiles: Annotated[bool, typer.Option("--profiles", help="List the profiles, without a request.")] = False,
) -> ExitCode:
    """Show the account and the credentials in use.

    Example: numctl whoami --sandbox
    """
    shown = output.chosen()
    if profiles:
        return _list_profiles(output)
    out = Out.standard()
    check_output(shown, _WHOAMI, out)
    session = connect(connection)
    row = _facts(session)
    if shown.kind == "table" and not shown.quiet and shown.fields is None:
        write_lines(f"{name:<16}{'-' if value is None else value}" for name, value in row.items())
    else:
        write_object(shown, _WHOAMI, row, out)
    return ExitCode.OK


def _facts(session: Session) -> dict[str, Any]:
    """What is known of the account in use; raises AuthError if the service does not accept it."""
    credentials = session.credentials
    account = _own_account(session)
    subaccounts = _count_subaccounts(session) if account else None
    return {
        "account_sid": session.client.account_sid,
        "friendly_name": account.get("friendly_name") if account else None,
        "profile": credentials.profile,
        "source": credentials.source,
        "main_account": account.get("owner_account_sid") if account else None,
        "subaccounts": subaccounts,
        "auth": credentials.auth,
        "key_sid": credentials.key_sid,
        "region": credentials.region,
        "edge": credentials.edge,
        "api_url": credentials.api_url,
        "keyring": _keyring_name() if credentials.source == "keyring" else None,
    }


def _own_account(session: Session) -> dict[str, Any] | None:
    """The account's record, None if a Standard key may not read it; raises AuthError for bad credentials."""
    try:
        return session.client.account(session.client.account_sid)
    except AuthError:
        next(iter(session.client.pages(page_size=1)), None)
        return None


def _count_subaccounts(session: Session) -> int | None:
    """How many subaccounts there are, None if that may not be known."""
    sid = session.client.account_sid
    try:
        owned = [account for account in every_account(session.parent) if account.get("owner_account_sid") == sid]
    except NumctlError:
        return None
    return len([account for account in owned if account["sid"] != sid])


def _keyring_name() -> str:
    """The keyring's backend."""
    return backend_name()


def _list_profiles(output: OutputOptions) -> ExitCode:
    """Write the profiles, without asking the keyring or the service."""
    out = Out.standard()
    writer = open_writer(output.chosen(), _PROFILES, out)
    known = profiles.load()
    rows = [
        {"profile": name, "default": name == known.default_profile}
        | {key: getattr(profile, key) for key in profiles.KEYS}
        for name, profile in known.by_name.items()
    ]
    write_rows(writer, rows, out)
    return ExitCode.OK
