"""`numctl logout`: forget a profile and its secret."""

from __future__ import annotations

from numctl.cli.options import Connection
from numctl.errors import AuthError, ExitCode


def command(connection: Connection) -> ExitCode:
    """Forget a profile and its secret.

    Example: numctl logout --profile test
    """
    import os

    from numctl import keychain, numbercache, profiles
    from numctl.cli.login import refuse_account, refuse_sandbox
    from numctl.cli.stderr import say

    refuse_sandbox(connection)
    refuse_account(connection)
    asked = connection.profile or os.environ.get("NUMCTL_PROFILE")
    name = profiles.check_name(asked) if asked else None
    known = profiles.load()
    name = name or known.default_profile
    if not name:
        raise AuthError("there is no profile to forget", hint="numctl whoami --profiles lists them")
    profile = known.named(name)
    keychain.delete(profile)
    profiles.save(known.without(name))
    numbercache.forget(f"profile-{name}")
    say(f"numctl: profile {name!r} is forgotten")
    return ExitCode.OK
