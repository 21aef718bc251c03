"""Read a list of the service to its end, page by page, or say that it is incomplete.

https://www.twilio.com/docs/usage/twilios-response#pagination
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from numctl.api.request import Request
from numctl.api.transport import Transport
from numctl.errors import Malformed
from numctl.model.number import Record

_LONGEST_ADDRESS = 8192
_MOST_EMPTY = 100
"""Empty pages in a row before the list is taken to be endless."""

_SERVICE_HOST = re.compile(r"https://[a-z0-9.-]+\.twilio\.com")


class Paging(Enum):
    """Where an answer names the next page."""

    NEXT_PAGE_URI = "next_page_uri"
    """Beside the list: the resources of 2010-04-01."""
    META = "meta"
    """In `meta.next_page_url`, with the list's name in `meta.key`: the newer products."""
    NONE = "none"
    """Nowhere: there is only one page."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A list of the service: its name in an answer, the key that tells its rows apart, and how it is paged."""

    name: str
    key: str
    paging: Paging = Paging.NEXT_PAGE_URI


def pages(transport: Transport, request: Request, collection: Collection) -> Iterator[list[Record]]:
    """Yield the pages of a list; `request` asks for the first.

    A row repeated on the next page with rows is left out: a list that changes while it is read shifts. Raises
    Malformed for another shape, for pages that go in a circle, and for a paged list that does not say what follows.
    """
    walk = _Walk(collection.key)
    page = _fetch(transport, request)
    while True:
        rows = _rows(page, collection)
        following = _next_path(page, collection, request, transport.origin(request.product))
        yield walk.fresh(rows, following)
        if following is None:
            return
        page = _fetch(transport, replace(request, path=following, params={}))


def _fetch(transport: Transport, request: Request) -> Record:
    answer = transport.request(request)
    if answer is None:
        raise Malformed("the service sent an empty answer instead of a list")
    return answer


def _next_path(page: Record, collection: Collection, request: Request, origin: str) -> str | None:
    """The path and query of the next page, None after the last one."""
    if collection.paging is Paging.NONE:
        return None
    address = _next_address(page, collection)
    if address is None or address == "":
        return None
    relative = _relative(address, origin) if isinstance(address, str) else ""
    if len(relative) <= _LONGEST_ADDRESS and re.fullmatch(rf"{re.escape(request.path)}(\?[^#\s]*)?", relative):
        return relative
    raise Malformed(f"the next page is not under this account: {str(address)[:80]!r}; the list is not complete")


def _next_address(page: Record, collection: Collection) -> Any:
    if collection.paging is Paging.NEXT_PAGE_URI:
        if "next_page_uri" not in page:
            raise Malformed("the service did not say whether a page follows; the list is not complete")
        return page["next_page_uri"]
    meta = page.get("meta")
    if not isinstance(meta, dict) or meta.get("key") != collection.name or "next_page_url" not in meta:
        raise Malformed("the service did not say whether a page follows; the list is not complete")
    return meta["next_page_url"]


def _relative(address: str, origin: str) -> str:
    """The path and query of an address on this origin or on one of the service's own hosts, else empty."""
    if address.startswith("/"):
        return address
    parts = urlsplit(address)
    host = f"{parts.scheme}://{parts.netloc}"
    if host != origin and not _SERVICE_HOST.fullmatch(host):
        return ""
    return address.removeprefix(host)


class _Walk:
    """Follow pages: leave out repeated rows, and detect pages that never end."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._addresses: set[str] = set()
        self._starts: set[str] = set()
        self._last: dict[str, None] = {}
        self._empty = 0

    def fresh(self, rows: list[Record], following: str | None) -> list[Record]:
        """The rows that the last page with rows did not have; raises Malformed if pages go in a circle.

        A page that begins as an earlier one did is that page again, whatever its address. A single repeated row
        is what a shift by one looks like, and counts as an empty page.
        """
        keys = dict.fromkeys(row[self._key] for row in rows)
        fresh = [row for row in rows if row[self._key] not in self._last]
        shifted = len(rows) == 1 and not fresh
        again = not shifted and not self._starts.isdisjoint(islice(keys, 1))
        stands = bool(rows) and not fresh and not shifted
        self._empty = 0 if fresh else self._empty + 1
        if following in self._addresses or again or (following and (self._empty > _MOST_EMPTY or stands)):
            raise Malformed("the service's pages repeat without end; the list is not complete")
        self._starts.update(islice(self._last, 1))
        self._addresses.update([following] if following else ())
        self._last = keys or self._last
        return fresh


def _rows(page: Record, collection: Collection) -> list[Record]:
    rows, key = page.get(collection.name), collection.key
    if not isinstance(rows, list) or not all(isinstance(row, dict) and isinstance(row.get(key), str) for row in rows):
        raise Malformed(f"the service's answer has no list of {collection.name.replace('_', ' ')}")
    unique = {row[key]: row for row in rows}
    return rows if len(unique) == len(rows) else list(unique.values())
