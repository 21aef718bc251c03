"""The text cache that completion scripts read: an account's numbers with their friendly names, one a line.

`+14155550100<TAB>Friendly name`, in `numbers/KEY.tsv` of the cache folder, 0600. It is a convenience: what cannot be
written or read is passed over in silence, and what is too much is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from numctl.errors import NumctlError
from numctl.model.outcome import Outcome
from numctl.wording import masked

if TYPE_CHECKING:
    from numctl.changes.change import Result
    from numctl.credentials.resolve import Credentials
    from numctl.model.number import Record

LARGEST = 5000
"""Lines of a cache; a shell reads them all at each TAB."""

_Names = dict[str, str]
"""A number's friendly name, by the number."""


def key_of(credentials: Credentials, account_sid: str) -> str:
    """Return which cache an account's numbers stand in: what a script can tell from options and environment."""
    if account_sid != credentials.account_sid or credentials.source == "environment":
        return f"account-{account_sid}"
    return "sandbox" if credentials.source == "sandbox" else profile_key(str(credentials.profile))


def profile_key(name: str) -> str:
    """Return the key of a profile's cache, with = before each capital: `Prod` and `prod` never share a file.

    The completion scripts make the same of a name.
    """
    return "profile-" + re.sub("[A-Z]", r"=\g<0>", name)


def cache_path(key: str) -> Path:
    """Return the file of one cache."""
    from numctl.system.files import cache_dir

    return cache_dir() / "numbers" / f"{key}.tsv"


def noted(key: str, pages: Iterable[list[Record]]) -> Iterator[list[Record]]:
    """Yield the pages of an account's whole list, and refresh its cache once all of them were taken."""
    names: _Names = {}
    for page in pages:
        if len(names) < LARGEST:
            names.update(_named(page))
        yield page
    refresh(key, names)


def _named(records: Iterable[Record]) -> _Names:
    """Return the friendly names of records."""
    return {str(record["phone_number"]): _name_of(record) for record in records if record.get("phone_number")}


def _name_of(record: Record) -> str:
    """Return a friendly name as one line without control, bidirectional or other invisible characters."""
    text = masked(str(record.get("friendly_name") or ""))
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def amend(credentials: Credentials, results: Sequence[Result]) -> None:
    """Bring the caches of the accounts that a run touched up to date."""
    for account_sid in dict.fromkeys(result.change.account_sid for result in results):
        key = key_of(credentials, account_sid)
        names = before = load(key)
        for result in results:
            if result.change.account_sid == account_sid:
                names = _amended(names, result)
        if names != before:
            refresh(key, names)


def _amended(names: _Names, result: Result) -> _Names:
    """Return the names after one result."""
    if result.outcome in (Outcome.RELEASED, Outcome.TRANSFERRED):
        return {number: name for number, name in names.items() if number != result.change.phone_number}
    bought_or_changed = result.outcome in (Outcome.BOUGHT, Outcome.CHANGED)
    return names | _named([result.after]) if bought_or_changed and result.after else names


def refresh(key: str, names: _Names) -> None:
    """Replace a cache whole, bounded; what stands there already is not written again."""
    from numctl.system.files import cache_dir, private_dir, write_private

    lines = [f"{number}\t{name}\n" for number, name in list(names.items())[:LARGEST]]
    content = "".join(lines).encode("utf-8", "replace")
    with suppress(NumctlError, OSError):
        path = cache_path(key)
        if not path.is_file() or path.read_bytes() != content:
            private_dir(cache_dir())
            write_private(path, content)


def forget(key: str) -> None:
    """Remove a cache whose numbers are not the account's any more."""
    from numctl.system.files import check_regular

    with suppress(NumctlError, OSError):
        if check_regular(cache_path(key)):
            cache_path(key).unlink()


def load(key: str) -> _Names:
    """Return what a cache holds, nothing where there is none that can be read."""
    try:
        text = cache_path(key).read_text(encoding="utf-8")
    except (NumctlError, OSError, ValueError):
        return {}
    pairs = (line.split("\t", 1) for line in text.split("\n") if "\t" in line)
    return {pair[0]: pair[1] for pair in pairs}
