"""What can be loaded into the sandbox, and which account is then the main one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from numctl.errors import UsageError
from numctl.model.number import Record
from numctl.sandbox import ACCOUNT_SID, SUBACCOUNT_SID

_FORMS = {
    "sid": re.compile(r"PN[0-9a-fA-F]{32}"),
    "account_sid": re.compile(r"AC[0-9a-fA-F]{32}"),
    "phone_number": re.compile(r"\+[1-9][0-9]{1,14}"),
}
_HINT = "load what `numctl list --json` printed"


def checked(found: Iterable[object]) -> list[Record]:
    """The records, each with a valid and unique SID and number, and an account; raises UsageError."""
    kept: list[Record] = []
    seen: dict[str, set[str]] = {"sid": set(), "phone_number": set()}
    for place, record in enumerate(found, start=1):
        kept.append(_checked_one(place, record))
        for field, values in seen.items():
            value = kept[-1][field]
            if value in values:
                raise UsageError(f"record {place}: {field} {value} appears twice", hint=_HINT)
            values.add(value)
    return kept


def _checked_one(place: int, record: object) -> Record:
    if not isinstance(record, Mapping):
        raise UsageError(f"record {place}: is not an object", hint=_HINT)
    for field, form in _FORMS.items():
        value = record.get(field)
        if not isinstance(value, str) or not form.fullmatch(value):
            raise UsageError(f"record {place}: {field} is missing or malformed", hint=_HINT)
    return dict(record)


def family(account_sids: Iterable[str]) -> tuple[str, list[str]]:
    """The main account and its subaccounts.

    The first account in the records is the main one, as in a list of all accounts; the sandbox's own accounts keep
    their roles if they are among them. Its subaccount is always there, so that a transfer can be rehearsed.
    """
    named = list(dict.fromkeys(account_sids))
    own = ACCOUNT_SID in named or not named or named[0] == SUBACCOUNT_SID
    main = ACCOUNT_SID if own else named[0]
    return main, [sid for sid in dict.fromkeys([SUBACCOUNT_SID, *named]) if sid != main]
