"""Check the credentials of a request, and which accounts they reach.

https://www.twilio.com/docs/iam/api-keys
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from secrets import token_hex
from typing import NamedTuple

from werkzeug.datastructures import Authorization

from numctl.sandbox import ACCOUNT_SID
from numctl.sandbox.problems import NOT_AUTHENTICATED, Problem


class ApiKey(NamedTuple):
    """An API key. It reaches only the account that it was made in; only a Main key reads `/Accounts`."""

    sid: str
    secret: str
    account_sid: str = ACCOUNT_SID
    main: bool = False


def new_key() -> ApiKey:
    """A fresh Standard key of the main account."""
    return ApiKey("SK" + token_hex(16), token_hex(16))


class Reach(NamedTuple):
    """What credentials reach: these accounts, and whether they may read the accounts themselves."""

    accounts: frozenset[str]
    reads_accounts: bool

    def check(self, account_sid: str) -> None:
        """Raise Problem for an account out of reach; an unknown one gets the same answer."""
        if account_sid not in self.accounts:
            raise _unauthenticated()

    def check_reads_accounts(self) -> None:
        """Raise Problem for a Standard key, which may not read accounts."""
        if not self.reads_accounts:
            raise _unauthenticated()


def reach_of(given: Authorization | None, token: str, keys: Iterable[ApiKey], account_sids: list[str]) -> Reach:
    """What the credentials of a request reach (RFC 7617); raises Problem for unknown ones.

    The main account comes first in `account_sids`. The sandbox's own SID still names it after `load` has replaced
    it.
    """
    user, password = (given.username or "", given.password or "") if given and given.type == "basic" else ("", "")
    main = account_sids[0]
    if user in (main, ACCOUNT_SID) and _same(password, token):
        return Reach(frozenset(account_sids), True)
    for key in keys:
        if user == key.sid and _same(password, key.secret):
            own = main if key.account_sid == ACCOUNT_SID else key.account_sid
            return Reach(frozenset({own}), key.main)
    raise _unauthenticated()


def _unauthenticated() -> Problem:
    return Problem(401, NOT_AUTHENTICATED, "Authenticate", {"WWW-Authenticate": 'Basic realm="numctl sandbox"'})


def _same(given: str, kept: str) -> bool:
    return hmac.compare_digest(given.encode(), kept.encode())
