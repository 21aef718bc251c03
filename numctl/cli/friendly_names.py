"""Find the number that a friendly name may mean: in the completion cache, so that no request is needed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress

from numctl.cli.connection import Connection
from numctl.completion import cache
from numctl.credentials.resolve import chosen_profile, in_environment, sandbox_asked
from numctl.errors import NumctlError, UsageError
from numctl.model.ids import Invalid, check_number_ref
from numctl.wording import quoted

_NAMED = 3
"""The most numbers of one name to list."""


def checked_ref(text: str, connection: Connection) -> str:
    """An exact reference to one number; raises UsageError, with the number that has this name if there is one."""
    try:
        return check_number_ref(text)
    except Invalid as error:
        found = _numbers_named(text, connection, os.environ)
        if not found:
            raise
        have = "has" if len(found) == 1 else "have"
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        numbers = f"{', '.join(found[:_NAMED])}{more}"
        raise UsageError(f"{quoted(text)} is not a number; {numbers} {have} that name") from error


def _numbers_named(name: str, connection: Connection, environ: Mapping[str, str]) -> list[str]:
    with suppress(NumctlError):
        key = _key(connection, environ)
        names = cache.load(key) if key else {}
        return [number for number, known in names.items() if known and known.casefold() == name.strip().casefold()]
    return []


def _key(connection: Connection, environ: Mapping[str, str]) -> str | None:
    """The cache of the account in use, if that is known without a request."""
    account = [*(connection.account or ()), environ.get("NUMCTL_ACCOUNT") or ""][0]
    if account:
        return f"account-{account}" if re.fullmatch("AC[0-9a-f]{32}", account) else None
    if sandbox_asked(environ, connection.sandbox):
        return "sandbox"
    if not connection.profile and in_environment(environ):
        return f"account-{environ.get('TWILIO_ACCOUNT_SID')}"
    return cache.profile_key(chosen_profile(environ, connection.profile))
