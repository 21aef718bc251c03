"""What a spreadsheet leaves in a cell when it lost what was there."""

from __future__ import annotations

import re

SHORTENED = re.compile(r"[+-]?[0-9]([.,][0-9]+)?[eE][+-][0-9]{2,3}")
"""A long number as a spreadsheet writes it: 1.4155552344E+10; not a name such as 3E5."""

ERROR_VALUE = re.compile(
    r"#(N/A|NAME\?|REF!|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|GETTING_DATA"
    r"|NV|BEZUG!|WERT!|ZAHL!|NOMBRE\?|REF\?|VALEUR!|NOM\?|NOMBRE!)|Err:[0-9]{3}"
)
"""The error values of Excel (also in German, French and Spanish) and of LibreOffice, as CSV has them."""


def spoiled(text: str) -> str | None:
    """Return why a text is not what somebody meant to stand in a cell, or None."""
    if SHORTENED.fullmatch(text):
        return f"{text!r} is a number that a spreadsheet shortened, its digits are gone: make the column text"
    if ERROR_VALUE.fullmatch(text):
        return f"{text!r} is a spreadsheet's error value, not a setting"
    return None
