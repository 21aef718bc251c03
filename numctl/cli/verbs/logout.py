"""`numctl logout`: forget a profile and its secret."""

from __future__ import annotations

from numctl.cli.options import Connection
from numctl.errors import AuthError, ExitCode


def command(connection: Connection) -> ExitCode:
    """Forget a profile and its secret.

    Example: numctl logout --profile test
    """
    import os

    from numctl.cli.messages import say, say_open_folders, waiter
    from numctl.cli.verbs.login import asked_profile, refuse_account, refuse_sandbox
    from numctl.completion import cache as numbercache
    from numctl.credentials import keyring as keychain
    from numctl.credentials import profiles

    refuse_sandbox(connection)
    refuse_account(connection)
    say_open_folders()
    known = profiles.load()
    name = asked_profile(connection, os.environ) or known.default_profile
    if not name:
        raise AuthError("there is no profile to forget", hint="numctl whoami --profiles lists them")
    profile = known.named(name)
    keychain.delete(profile, waiter(connection.no_input))
    profiles.save(known.without(name))
    numbercache.forget(numbercache.profile_key(name))
    say(f"numctl: profile {name!r} is forgotten")
    return ExitCode.OK
