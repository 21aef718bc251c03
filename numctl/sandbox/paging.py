"""Lists by page: PageSize, Page and PageToken in, the URIs of the neighbouring pages out.

https://www.twilio.com/docs/usage/twilios-response#pagination
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from numctl.sandbox.problems import INVALID_PAGE_SIZE, INVALID_PAGE_TOKEN, INVALID_PARAMETER, bad
from numctl.sandbox.state import Cursor, Slice, cut

_DEFAULT_SIZE = 50
_LARGEST_SIZE = 1000
_OURS = ("PageSize", "Page", "PageToken")


class _Asked(NamedTuple):
    """The page that a request asks for: its size, its number, which is only echoed, and where it begins."""

    size: int
    number: int
    cursor: Cursor


def asked(query: Mapping[str, str]) -> _Asked:
    """The page that a query asks for; raises Problem."""
    page = query.get("Page") or "0"
    if not re.fullmatch(r"[0-9]{1,9}", page):
        raise bad(INVALID_PARAMETER, "Page must be a whole number")
    return _Asked(size_of(query), int(page), _cursor_of(query.get("PageToken", "")))


def size_of(query: Mapping[str, str]) -> int:
    """The page size that a query asks for; raises Problem."""
    text = query.get("PageSize") or str(_DEFAULT_SIZE)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= _LARGEST_SIZE:
        raise bad(INVALID_PAGE_SIZE, f"PageSize must be from 1 to {_LARGEST_SIZE}")
    return int(text)


def _cursor_of(token: str) -> Cursor:
    """Where a page token points; raises Problem for one that was not given out here."""
    found = re.fullmatch(r"P([AB])([0-9a-f]{32})", token)
    if not token:
        return Cursor()
    if not found or int(found[2], 16) >= 2**63:
        raise bad(INVALID_PAGE_TOKEN, "PageToken is not valid")
    return Cursor(int(found[2], 16), found[1] == "B")


def _token_of(cursor: Cursor) -> str:
    """PA for a page after the cursor, PB for one before it."""
    return f"P{'B' if cursor.backwards else 'A'}{cursor.row:032x}"


def answer(key: str, page: Slice, path: str, query: Mapping[str, str], wanted: _Asked) -> str:
    """The JSON of a page; the records' own JSON is passed on as stored."""
    filters = {name: value for name, value in query.items() if name not in _OURS}
    start = wanted.number * wanted.size

    def uri(number: int, cursor: Cursor | None = None) -> str:
        token = {"PageToken": _token_of(cursor)} if cursor and cursor.row else {}
        return f"{path}?{urlencode(filters | {'PageSize': wanted.size, 'Page': number} | token)}"

    envelope: dict[str, Any] = {
        "first_page_uri": uri(0),
        "end": start + max(len(page.texts) - 1, 0),
        "previous_page_uri": uri(max(wanted.number - 1, 0), page.previous) if page.previous else None,
        "uri": uri(wanted.number, wanted.cursor),
        "page_size": wanted.size,
        "start": start,
        "next_page_uri": uri(wanted.number + 1, page.next) if page.next else None,
        "page": wanted.number,
    }
    return f"{json.dumps(envelope)[:-1]}, {json.dumps(key)}: [{', '.join(page.texts)}]}}"


def page_of(held: Sequence[Any], wanted: _Asked) -> Slice:
    """One page of a list in memory; rows count from 1."""
    rows = [(row, json.dumps(record)) for row, record in enumerate(held, start=1)]
    size, start = wanted.size + 1, wanted.cursor.row
    if wanted.cursor.backwards:
        return cut(rows[max(start - 1 - size, 0) : start - 1][::-1], wanted.cursor, wanted.size)
    return cut(rows[start : start + size], wanted.cursor, wanted.size)
