"""What a value looks like in the cell of a sheet, and how it is read back: pure functions, used by writer and reader.

A text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV Injection"). `guard` and
`unguard` are exact inverses: a text that already looks guarded is guarded once more.
"""

from __future__ import annotations

import json
import re
from typing import Any

from numctl.model.ids import E164_FORM

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""A formula, or one behind apostrophes. Full-width signs count: some spreadsheets fold them into the ASCII ones."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters other than tab and line breaks, and what neither UTF-8 nor XML 1.0 can hold."""

_XML_ESCAPED = re.compile("_x(?:000[Dd]|005[Ff])_")
_XML_UNSAFE = re.compile("\r|_(?=x[0-9A-Fa-f]{4}_)")


def guard(text: str) -> str:
    """The text with a leading apostrophe if a spreadsheet would otherwise run it."""
    return "'" + text if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """Take off the apostrophe that `guard` put on, and no other."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def storable(text: str) -> str:
    """The text without the characters that a CSV or XLSX cell cannot hold."""
    return _UNSTORABLE.sub("", text)


def as_text(value: Any) -> str:
    """A value as text: null is empty, booleans are `true` and `false`, objects and arrays are JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return str(value)


def as_cell(value: Any, *, key: bool = False) -> str:
    """Exactly the text that a cell holds for a value, before any quoting.

    `key` marks a column of identifiers: a well-formed E.164 number there keeps its leading + unguarded.
    """
    if not isinstance(value, str):
        return storable(as_text(value))
    if key and E164_FORM.fullmatch(value):
        return value
    return guard(storable(value))


def escape_xlsx(text: str) -> str:
    """Write a carriage return, and what looks like an escape, as `_xHHHH_` (ECMA-376 part 1, 22.4.2.4 bstr).

    XML would turn a carriage return into a line feed, and a spreadsheet would decode what only looks like an escape.
    """
    return _XML_UNSAFE.sub(lambda found: "_x000D_" if found[0] == "\r" else "_x005F_", text)


def unescape_xlsx(text: str) -> str:
    """Undo `escape_xlsx`, whose exact inverse it is; other escapes are left as they are."""
    return _XML_ESCAPED.sub(lambda found: chr(int(found[0][2:6], 16)), text)
