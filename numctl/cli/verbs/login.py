"""`numctl login`: verify an account's credentials and store them in the OS keyring."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Mapping
from typing import Annotated, Optional

import typer

from numctl.api.client import Client
from numctl.api.transport import Transport
from numctl.cli.connection import Connection
from numctl.cli.messages import say, say_open_folders, waiter
from numctl.cli.option_groups import Shown
from numctl.cli.prompts import ask
from numctl.credentials import keyring as keychain
from numctl.credentials import profiles
from numctl.credentials.profiles import Profile, check_name, label
from numctl.credentials.resolve import check_secret, profile_in, sandbox_asked, service_url
from numctl.errors import AuthError, Cancelled, ExitCode, UsageError
from numctl.model.ids import AccountSid, Invalid, KeySid, sid_check

_ACCEPTED = (20008, 70051)
"""Codes of refusals that prove the credentials right: test credentials, or a Restricted key."""

_LONGEST = 4096
"""The most bytes of a secret's line; longer input is not a secret, or never ends."""


def command(
    connection: Annotated[Connection, Shown(without=("sandbox", "account"))],
    account_sid: Annotated[
        Optional[AccountSid], typer.Option("--account-sid", metavar="AC…", help="The account.")
    ] = None,
    api_key: Annotated[
        Optional[KeySid],
        typer.Option("--api-key", metavar="SK…", help="An API key; without it, the auth token."),
    ] = None,
    region: Annotated[Optional[str], typer.Option("--region", metavar="NAME", help="Region, such as ie1.")] = None,
    edge: Annotated[
        Optional[str], typer.Option("--edge", metavar="NAME", help="Edge; a known region has a default.")
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="Make this the default profile.")] = False,
) -> ExitCode:
    """Store an account's credentials in the keyring.

    The secret is asked for, or read from standard input. Example: numctl login --account-sid AC… < token.txt
    """
    refuse_sandbox(connection)
    refuse_account(connection)
    name = asked_profile(connection, os.environ) or "default"
    account = account_sid or _asked_account(connection)
    profile = Profile(name, account, api_key, _checked_label(region), _checked_label(edge))
    profile.reached_at()
    profiles.load()  # a file that cannot be used is said before the secret is asked for
    say_open_folders()
    secret = _read_secret(connection, "API key's secret" if api_key else "auth token")
    _verify(profile, secret, connection)
    keeper = _keep(profile, secret, connection, default=default)
    say(f"numctl: profile {name!r} is stored ({keeper})")
    return ExitCode.OK


def refuse_sandbox(connection: Connection) -> None:
    """Raise UsageError for the sandbox, which has no secret to store or remove."""
    if sandbox_asked(os.environ, connection.sandbox):
        raise UsageError("the sandbox needs no login and has no profile: leave out --sandbox and NUMCTL_SANDBOX")


def asked_profile(connection: Connection, environ: Mapping[str, str]) -> str | None:
    """The profile that the option or else the variable names; raises UsageError or AuthError."""
    if connection.profile:
        return check_name(connection.profile)
    return profile_in(environ) if environ.get("NUMCTL_PROFILE") else None


def refuse_account(connection: Connection) -> None:
    """Raise UsageError for --account: a profile belongs to the account of its credentials."""
    if connection.account:
        raise UsageError("--account picks a subaccount in other commands; a profile is of the account of --account-sid")


def _checked_label(text: str | None) -> str | None:
    """A region or an edge; raises UsageError."""
    return None if text is None else label(text)


def _asked_account(connection: Connection) -> str:
    """Ask for the account's SID; raises UsageError if nobody can be asked, or for a wrong answer."""
    if connection.no_input or sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "which account? there is no terminal to ask on", hint="name it: numctl login --account-sid AC…"
        )
    return sid_check("AC", shown=False)(ask("Account SID (AC…):", no_input=connection.no_input, stdin_taken=False))


def _read_secret(connection: Connection, what: str) -> str:
    """The secret, from a hidden prompt on a terminal, else from standard input; raises UsageError."""
    if sys.stdin is not None and sys.stdin.isatty():
        if connection.no_input:
            raise UsageError(f"--no-input: give the {what} on standard input")
        secret = _hidden(f"{what[0].upper()}{what[1:]} (hidden): ")
    else:
        secret = _first_line(what)
    try:
        return check_secret(secret.strip()) if secret.strip() else _refuse_empty(what)
    except Invalid as error:
        raise UsageError(f"the {what} cannot be used: {error.message}") from error


def _first_line(what: str) -> str:
    """The first line of standard input; raises UsageError if it is too long to be a secret, or no text."""
    raw = sys.stdin.buffer.readline(_LONGEST + 1) if sys.stdin is not None else b""
    if len(raw) > _LONGEST:
        raise UsageError(f"standard input does not hold the {what}: its first line is longer than {_LONGEST} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input does not hold the {what}: it is not text") from error


def _hidden(prompt: str) -> str:
    """Ask for a secret on the terminal; raises Cancelled at its end (Ctrl-D)."""
    try:
        return getpass.getpass(prompt, stream=sys.stderr)
    except EOFError as error:
        raise Cancelled("nothing was given; nothing was stored") from error


def _refuse_empty(what: str) -> str:
    """Raise UsageError for a secret that was not given."""
    raise UsageError(f"no {what} was given", hint="type it at the prompt, or give it on standard input")


def _keep(profile: Profile, secret: str, connection: Connection, *, default: bool) -> str:
    """Store a profile and its secret, forget the secret that the name had before, and return what keeps the new one.

    The profiles are read only now: other logins and logouts may have ended while the secret was waited for.
    """
    tell = waiter(connection.no_input)
    with profiles.alone():
        known = profiles.load()
        keeper = keychain.store(profile, secret, tell)
        profiles.save(known.with_profile(profile, default=default))
        former = known.by_name.get(profile.name)
        if former is not None and keychain.entry(former) != keychain.entry(profile):
            try:
                keychain.delete(former, tell)
            except AuthError as error:
                say(f"numctl: the former secret of profile {profile.name!r} is still in the keyring: {error.message}")
    return keeper


def _verify(profile: Profile, secret: str, connection: Connection) -> None:
    """Ask the service whether it accepts the credentials; raises AuthError if not, and then nothing is stored.

    The request lists numbers, since a Standard API key may not read the account. A Restricted key may not be allowed to
    list, and test credentials never are; the code of that refusal proves that the credentials are right.
    """
    url = service_url(*profile.reached_at())
    user = profile.key_sid or profile.account_sid
    log = say if connection.verbose else None
    timeout, region = connection.timeout or 60.0, profile.reached_at()[0]
    transport = Transport(url, (user, secret), timeout=timeout, log=log, region=region)
    try:
        next(iter(Client(transport, profile.account_sid).pages(page_size=1)), None)
    except AuthError as error:
        if error.code in _ACCEPTED:
            say(f"numctl: accepted, but it may not do everything: {error.message}")
            return
        message = f"the service does not accept these credentials: {error.message}"
        hint = "\n".join(filter(None, ("nothing was stored", _of_a_region(region))))
        raise AuthError(message, hint=hint, **error.said) from error


def _of_a_region(region: str | None) -> str:
    """A hint for refused credentials if a region is set."""
    from numctl.api.hints import OTHER_REGION

    return OTHER_REGION.format(region) if region not in (None, "us1") else ""
