"""Recognise what a spreadsheet leaves in a cell when it lost the content."""

from __future__ import annotations

import re

from numctl.wording import quoted

_SHORTENED = re.compile(r"[+-]?[0-9]([.,][0-9]+)?[eE][+-][0-9]{2,3}")
"""A long number as a spreadsheet writes it: 1.4155552344E+10; not a name such as 3E5."""

_ERROR_VALUE = re.compile(
    r"#(N/A|NAME\?|REF!|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|GETTING_DATA"
    r"|NV|BEZUG!|WERT!|ZAHL!|ÜBERLAUF!|NOM\?|NOMBRE!|NUL!|VALEUR!|N/D|¡REF!|¡VALOR!|¿NOMBRE\?|NOMBRE\?|¡NUM!|¡NULO!"
    r"|¡DIV/0!|REF\?|RIF!|VALORE!|NOME\?|NULLO!|VALOR!|NÚM!|NULO!|N/B|VERW!|WAARDE!|NAAM\?|GETAL!|LEEG!|DEEL/0!"
    r"|N/D!|ADR!|ARG!|NAZWA\?|LICZBA!|ZERO!|DZIEL/0!|Н/Д|ССЫЛКА!|ЗНАЧ!|ИМЯ\?|ЧИСЛО!|ПУСТО!|ДЕЛ/0!)|Err:[0-9]{3}"
)
"""The error values of Excel (en, de, fr, es, it, pt, nl, pl, ru) and of LibreOffice, as CSV has them."""

_ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OTHER_DATE = re.compile(r"[0-9]{1,4}[-./ ]+([0-9]{1,2}|[^\W\d_]{3,9})[-./ ]+[0-9]{1,4}\.?|[34][0-9]{4}")
"""A date as a spreadsheet shows it, such as 4/1/2010 or 01.04.2010, or the days that it counts."""


def damage_in(text: str) -> str | None:
    """Why a text cannot be what somebody meant to put into a cell, or None."""
    if _SHORTENED.fullmatch(text):
        return (
            f"{quoted(text)} is a number that a spreadsheet shortened, its digits are lost: format the column as text"
        )
    if _ERROR_VALUE.fullmatch(text):
        return f"{quoted(text)} is a spreadsheet's error value, not a setting"
    return None


def damaged_date(text: str) -> str | None:
    """Why a text is no API version: a spreadsheet took it for a date and wrote it in its own way."""
    if _ISO_DATE.fullmatch(text) or not _OTHER_DATE.fullmatch(text):
        return None
    return f"{text!r} is a date as a spreadsheet writes it: format the column as text and write it as 2010-04-01"
