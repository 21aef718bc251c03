"""Which number a row is for; damage that spreadsheets do to numbers is undone if that is certain."""

from __future__ import annotations

import re
from collections.abc import Callable

from numctl.model.ids import Invalid, check_e164, sid_check
from numctl.sheets.damage import damage_in

_PLUS_LOST = re.compile(r"([1-9][0-9]{6,14})(\.0+)?")
"""An E.164 number without its plus, perhaps with the decimals that a table library adds."""

_MARGIN = " \t\r\n\u00a0"


def _number_in(text: str) -> str:
    """The E.164 number in a cell, with a lost plus put back."""
    lost = _PLUS_LOST.fullmatch(text)
    return check_e164(f"+{lost[1]}" if lost else text)


_CHECKS: dict[str, Callable[[str], str]] = {
    "sid": sid_check("PN"),
    "phone_number": _number_in,
    "account_sid": sid_check("AC"),
    "date_updated": str,
}
"""How each key is checked. A date is only compared, so any text is fine."""


def check_key(name: str, text: str) -> str | None:
    """A key's value, None if its cell is empty; raises Invalid, also if digits are lost."""
    text = key_text(text)
    if why := damage_in(text):
        raise Invalid(why)
    return _CHECKS[name](text) if text else None


def key_text(text: str) -> str:
    """A key's text without blanks and without the leading `'` that marks a cell as text."""
    return text.strip(_MARGIN).removeprefix("'").strip(_MARGIN)
