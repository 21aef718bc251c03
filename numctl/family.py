"""The accounts of one family: the account of the credentials and its subaccounts.

https://www.twilio.com/docs/iam/api/subaccounts
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from numctl.api import Client
from numctl.errors import AuthError, NotFound
from numctl.ids import normal_sid
from numctl.number import Record

STANDARD_KEY = "a Standard API key may not read the list of accounts; use the auth token or a Main API key"


def every_account(client: Client) -> Iterator[Record]:
    """Yield the accounts of the family; raises AuthError with the reason that a Standard key has."""
    try:
        for page in client.accounts():
            yield from page
    except AuthError as error:
        raise AuthError(error.message, hint=STANDARD_KEY, **error.said) from error


def active_accounts(client: Client) -> list[Record]:
    """Return the account and every active subaccount, the account itself first."""
    active = [account for account in every_account(client) if account.get("status") == "active"]
    return sorted(active, key=lambda account: account["sid"] != client.account_sid)


def find_account(client: Client, named: str) -> str:
    """Return the SID of an account given by its SID, in any case, or by the exact name of exactly one active account.

    Raises NotFound where there is none, or more than one, of that name.
    """
    if re.fullmatch(r"AC[0-9a-fA-F]{32}", named):
        return normal_sid(named)
    sids = [account["sid"] for account in active_accounts(client) if account.get("friendly_name") == named]
    if len(sids) == 1:
        return str(sids[0])
    if sids:
        raise NotFound(
            f"{len(sids)} active accounts are named {named!r}", hint=f"name one by its SID: {', '.join(sids)}"
        )
    raise NotFound(f"no active account is named {named!r}", hint="numctl accounts lists them")
