"""Call a WSGI application (PEP 3333) and collect its whole answer: what the adapter and the server share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class _Collected(NamedTuple):
    """A whole answer: `status` is such as `200 OK`."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


def call(app: WSGIApplication, method: str, url: str, headers: Mapping[str, str], body: bytes) -> _Collected:
    """Send one request to the application and return what it answers; `url` may be a path with its query."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, found: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
        started.append((status, found))
        return lambda chunk: None

    chunks: Iterable[bytes] = app(_environment(method, url, headers, body), start_response)
    try:
        content = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    return _Collected(*started[-1], content)


def _environment(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Return the request as PEP 3333 wants it; each character of the path stands for one byte."""
    parts = urlsplit(url)
    names = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return {
        **names,
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, "latin-1"),
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": names.get("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme or "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
