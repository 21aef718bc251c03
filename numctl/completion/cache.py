"""The numbers of an account with their friendly names, for completion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from numctl.completion import store
from numctl.model.outcome import Outcome

if TYPE_CHECKING:
    from numctl.changes.change import Result
    from numctl.credentials.resolve import Credentials
    from numctl.model.number import Record

_Names = dict[str, str]
"""A number's friendly name, by the number."""


def key_of(credentials: Credentials, account_sid: str) -> str:
    """The cache of an account's numbers, named by what a script can tell from options and environment."""
    if account_sid != credentials.account_sid or credentials.source == "environment":
        return f"account-{account_sid}"
    return "sandbox" if credentials.source == "sandbox" else profile_key(str(credentials.profile))


def profile_key(name: str) -> str:
    """The key of a profile's cache, with = before each capital: `Prod` and `prod` never share a file.

    The completion scripts turn a name into the same key.
    """
    return "profile-" + re.sub("[A-Z]", r"=\g<0>", name)


def noted(key: str, pages: Iterable[list[Record]]) -> Iterator[list[Record]]:
    """Pass an account's pages on, and refresh its cache once all of them were taken."""
    names: _Names = {}
    for page in pages:
        if len(names) < store.LARGEST:
            names.update(_named(page))
        yield page
    refresh(key, names)


def _named(records: Iterable[Record]) -> _Names:
    return {
        str(record["phone_number"]): store.one_line(record.get("friendly_name"))
        for record in records
        if record.get("phone_number")
    }


def amend(credentials: Credentials, results: Sequence[Result]) -> None:
    """Update the caches of the accounts that a run touched."""
    for account_sid in dict.fromkeys(result.change.account_sid for result in results):
        key = key_of(credentials, account_sid)
        names = before = load(key)
        for result in results:
            if result.change.account_sid == account_sid:
                names = _amended(names, result)
        if names != before:
            refresh(key, names)


def _amended(names: _Names, result: Result) -> _Names:
    if result.outcome in (Outcome.RELEASED, Outcome.TRANSFERRED):
        return {number: name for number, name in names.items() if number != result.change.phone_number}
    bought_or_changed = result.outcome in (Outcome.BOUGHT, Outcome.CHANGED)
    return names | _named([result.after]) if bought_or_changed and result.after else names


def refresh(key: str, names: _Names) -> None:
    store.replace("numbers", key, names)


def forget(key: str) -> None:
    """Remove numbers that are no longer the account's."""
    store.forget("numbers", key)


def load(key: str) -> _Names:
    """The numbers that are known of an account."""
    return store.load("numbers", key)
