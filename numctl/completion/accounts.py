"""The accounts that completion offers for `--account` and `--to`: those that the credentials in use reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from numctl.completion import store
from numctl.completion.cache import key_of

if TYPE_CHECKING:
    from numctl.credentials.resolve import Credentials
    from numctl.model.number import Record


def note(credentials: Credentials, accounts: Iterable[Record]) -> None:
    """Remember the accounts of a whole family, except closed ones."""
    known = {
        str(account["sid"]): store.one_line(account.get("friendly_name"))
        for account in accounts
        if account.get("status") != "closed"
    }
    store.replace("accounts", key_of(credentials, credentials.account_sid), known)


def noted(credentials: Credentials, accounts: Iterable[Record]) -> Iterator[Record]:
    """Yield the accounts of a whole family, and remember them once all were taken."""
    taken = []
    for account in accounts:
        taken.append(account)
        yield account
    note(credentials, taken)


def forget(key: str) -> None:
    """Forget the accounts that somebody's credentials reach."""
    store.forget("accounts", key)
