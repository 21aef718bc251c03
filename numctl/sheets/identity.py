"""Which number a row is for, with what spreadsheets do to numbers undone where that is certain."""

from __future__ import annotations

import re
from collections.abc import Callable

from numctl.model.ids import Invalid, check_e164, sid_check
from numctl.sheets.damage import spoiled

_PLUS_LOST = re.compile(r"([1-9][0-9]{6,14})(\.0+)?")
"""All digits of an E.164 number without its plus, perhaps with the decimals that a table library adds."""

_MARGIN = " \t\r\n\u00a0"


def _number_in(text: str) -> str:
    """Return the E.164 number in a cell, its lost plus put back; raises Invalid."""
    lost = _PLUS_LOST.fullmatch(text)
    return check_e164(f"+{lost[1]}" if lost else text)


_CHECKS: dict[str, Callable[[str], str]] = {
    "sid": sid_check("PN"),
    "phone_number": _number_in,
    "account_sid": sid_check("AC"),
    "date_updated": str,
}
"""How each key is checked. A date is only ever compared, so that any text will do."""


def check_key(name: str, text: str) -> str | None:
    """Return what a key's cell says, None where it is empty; raises Invalid, also where digits are gone."""
    text = key_text(text)
    if why := spoiled(text):
        raise Invalid(why)
    return _CHECKS[name](text) if text else None


def key_text(text: str) -> str:
    """Return a key's text without the blanks and the leading `'` that mark a cell as text."""
    return text.strip(_MARGIN).removeprefix("'").strip(_MARGIN)
