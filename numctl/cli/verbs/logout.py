"""`numctl logout`: forget a profile and its secret."""

from __future__ import annotations

import os
from typing import Annotated

from numctl.cli.connection import Connection
from numctl.cli.messages import say, say_open_folders, waiter
from numctl.cli.option_groups import Shown
from numctl.cli.verbs.login import asked_profile, refuse_account, refuse_sandbox
from numctl.completion import accounts, cache
from numctl.credentials import keyring, profiles
from numctl.credentials.profiles import Profile, Profiles
from numctl.errors import AuthError, ExitCode

_SHOWN = Shown(without=("account", "sandbox", "timeout", "verbose"))


def command(connection: Annotated[Connection, _SHOWN]) -> ExitCode:
    """Remove a profile and its secret.

    Example: numctl logout --profile test
    """
    refuse_sandbox(connection)
    refuse_account(connection)
    say_open_folders()
    asked = asked_profile(connection, os.environ)
    _meant(profiles.load(), asked)  # where there is nothing to forget, nothing is made
    with profiles.alone():
        known = profiles.load()
        profile = _meant(known, asked)
        keyring.delete(profile, waiter(connection.no_input))
        profiles.save(known.without(profile.name))
        cache.forget(cache.profile_key(profile.name))
        accounts.forget(cache.profile_key(profile.name))
    say(f"numctl: profile {profile.name!r} is removed")
    return ExitCode.OK


def _meant(known: Profiles, asked: str | None) -> Profile:
    """The profile asked for, else the default one; raises AuthError if there is none."""
    name = asked or known.default_profile
    if not name:
        raise AuthError("there is no profile to remove", hint="numctl whoami --profiles lists them")
    return known.named(name)
