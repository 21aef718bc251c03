"""The accounts of one family: the account of the credentials and its subaccounts.

https://www.twilio.com/docs/iam/api/subaccounts
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from numctl.api.client import Client
from numctl.errors import AuthError, Malformed, NotFound
from numctl.model.ids import normal_sid
from numctl.model.number import Record
from numctl.text.suggestions import did_you_mean
from numctl.text.terminal import clean
from numctl.wording import quoted


def every_account(client: Client) -> Iterator[Record]:
    """The accounts of the family, each once."""
    seen: set[str] = set()
    for page in client.accounts():
        for account in page:
            if account["sid"].lower() not in seen:
                seen.add(account["sid"].lower())
                yield account


def active_accounts(client: Client) -> tuple[list[Record], list[str]]:
    """The active accounts, the account itself first, and a note on each one that is neither active nor closed.

    Raises Malformed if the account itself is not listed, AuthError if no account is active.
    """
    own = client.account_sid.lower()
    listed = sorted(every_account(client), key=lambda account: account["sid"].lower() != own)
    if not listed or listed[0]["sid"].lower() != own:
        raise Malformed(
            f"the service's list of accounts is incomplete: {client.account_sid} is not in it",
            hint="name accounts by their SIDs: --account AC…",
        )
    active = [account for account in listed if _status_of(account) == "active"]
    if not active:
        raise AuthError(f"no account is active: {_account_line(listed[0])}", hint="numctl accounts lists them")
    asleep = [account for account in listed if _status_of(account) not in ("active", "closed")]
    return active, [f"{_account_line(account)}: left out" for account in asleep]


def _status_of(account: Record) -> str:
    # an account without a status is not left out for it
    return str(account.get("status") or "active")


def _account_line(account: Record) -> str:
    name = account.get("friendly_name")
    return clean(f"{account['sid']}{f' ({name})' if name else ''} is {_status_of(account)}")


def find_account(client: Client, named: str, note: Callable[[list[Record]], object] = lambda accounts: None) -> str:
    """The SID of an account given by its SID, in any case, or by the exact name of exactly one active account.

    `note` gets the accounts of the family if they had to be read. Raises NotFound if no active account has that
    name, or several have it.
    """
    if re.fullmatch(r"AC[0-9a-fA-F]{32}", named):
        return normal_sid(named)
    listed = list(every_account(client))
    note(listed)
    found = [account for account in listed if account.get("friendly_name") == named]
    active = [account for account in found if _status_of(account) == "active"]
    if len(active) == 1:
        return str(active[0]["sid"])
    if active:
        sids = clean(", ".join(account["sid"] for account in active))
        raise NotFound(f"{len(active)} active accounts are named {quoted(named)}", hint=f"name one by its SID: {sids}")
    hints = [_account_line(account) for account in found if _status_of(account) != "closed"]
    names = [str(account["friendly_name"]) for account in listed if _status_of(account) == "active"]
    raise NotFound(
        f"no active account is named {quoted(named)}{did_you_mean(named, names, shown='{!r}')}",
        hint="\n".join([*hints, "numctl accounts lists them"]),
    )
