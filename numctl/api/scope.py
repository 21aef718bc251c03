"""Which accounts and which region the credentials reach, and what to say when they do not.

An API key reaches only the resources of its own account: https://www.twilio.com/docs/iam/api/subaccounts
"""

from __future__ import annotations

from dataclasses import dataclass

from numctl.api.hints import OTHER_REGION
from numctl.errors import AuthError

WITH_A_KEY = "use the parent account's auth token, or an API key of that account (numctl login --api-key SK…)"
_WITH_A_TOKEN = "numctl accounts lists the accounts that these credentials reach"
_OF_OTHER_CAUSES = frozenset({20005, 20006, 20008, 22300, 22401, 22402, 22403, 70051})
"""Codes of a 401 or 403 with another cause than an account out of reach."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the credentials are for: their own account, whether they are an API key, and their region."""

    account_sid: str
    keyed: bool = False
    region: str | None = None

    def explain(self, error: AuthError, account_sid: str | None = None) -> AuthError:
        """Say why the service refused; `account_sid` is the account that was asked for.

        None stands for the list of accounts, which a key need not be able to read.
        """
        if error.code in _OF_OTHER_CAUSES:
            return error
        if account_sid is None and self.keyed:
            message = f"the list of accounts: an API key reaches only its own account; {error.message}"
            return AuthError(message, hint=WITH_A_KEY, **error.said)
        if account_sid not in (None, self.account_sid):
            return self._elsewhere(error, str(account_sid))
        if error.status == 401 and self.region not in (None, "us1"):
            hint = "\n".join(filter(None, (OTHER_REGION.format(self.region), error.hint)))
            return AuthError(error.message, hint=hint, **error.said)
        return error

    def _elsewhere(self, error: AuthError, account_sid: str) -> AuthError:
        if self.keyed:
            message = f"{account_sid}: an API key reaches only its own account; {error.message}"
            return AuthError(message, hint=WITH_A_KEY, **error.said)
        message = f"{account_sid} is not in this family of accounts, or is closed; {error.message}"
        return AuthError(message, hint=_WITH_A_TOKEN, **error.said)
