"""What can go wrong on the way, each as a fault that the test server can be told to commit."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from .reply import Reply, problem

STEP = 0.05
LONGEST = 20.0


@dataclass(frozen=True)
class Fault:
    """Something done instead of answering; `applies` says whether the request took effect before that.

    With `later` it takes effect so many seconds after it.
    """

    name: str
    act: Callable[[Any, Reply], None]
    applies: bool = True
    later: float | None = None

    def before(self) -> Fault:
        """The same fault as it hits a request that takes no effect."""
        return replace(self, name=f"{self.name}, before", applies=False)

    def taking(self, seconds: float) -> Fault:
        """The same fault as it hits a request that takes effect so many seconds later."""
        return replace(self, name=f"{self.name}, {seconds:g} s before it", applies=False, later=seconds)

    def __str__(self) -> str:
        return self.name


def _reset(connection: Any, reply: Reply) -> None:
    """Cut the connection so that the other side sees a reset, not an end."""
    connection.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close_connection = True
    connection.wfile = _Nowhere()
    connection.connection.close()
    connection.rfile.close()


class _Nowhere:
    """Takes what the server's machinery still writes after a reset."""

    closed = True

    def flush(self) -> None: ...

    def close(self) -> None: ...


def _hang(connection: Any, reply: Reply) -> None:
    connection.close_connection = True
    connection.server.service.closing.wait(LONGEST)


def _trickle(connection: Any, text: bytes) -> None:
    connection.close_connection = True
    for _ in range(int(LONGEST / STEP)):
        connection.wfile.write(text)
        connection.wfile.flush()
        if connection.server.service.closing.wait(STEP):
            return


def _trickle_headers(connection: Any, reply: Reply) -> None:
    connection.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _trickle(connection, b"s")


def _trickle_body(connection: Any, reply: Reply) -> None:
    connection.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    _trickle(connection, b" ")


def _truncate(connection: Any, reply: Reply) -> None:
    """Send half of what the headers promise, then end; of an answer without a body, half of the first line."""
    body = reply.payload()
    if not body:
        connection.close_connection = True
        connection.wfile.write(b"HTTP/1.1 2")
        return
    head = f"HTTP/1.1 {reply.status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(body) + 10}\r\n\r\n"
    connection.close_connection = True
    connection.wfile.write(head.encode() + body[: len(body) // 2])


def _cut_short(connection: Any, reply: Reply) -> None:
    """Say that it succeeded, and end in the middle of the record."""
    connection.close_connection = True
    connection.wfile.write(b'HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{"sid": "PN')


def _lie_about_encoding(connection: Any, reply: Reply) -> None:
    connection.write(Reply(200, b'{"not": "compressed"}', {"Content-Encoding": "gzip"}))


def _bomb(connection: Any, reply: Reply) -> None:
    connection.write(Reply(200, bomb(), {"Content-Encoding": "gzip"}))


@cache
def bomb(mebibytes: int = 256) -> bytes:
    """So much white space, compressed to a thousandth of it."""
    packer = zlib.compressobj(wbits=31)
    blank = b" " * (1 << 20)
    return b"".join(packer.compress(blank) for _ in range(mebibytes)) + packer.flush()


def late(seconds: float) -> Fault:
    """Answer rightly, but so many seconds after the request."""

    def act(connection: Any, reply: Reply) -> None:
        connection.server.service.closing.wait(seconds)
        connection.write(reply)

    return Fault(f"late by {seconds:g} s", act)


def status(code: int, headers: dict[str, str] | None = None, body: Any = None, *, applies: bool = False) -> Fault:
    """Answer with a status; the request took effect only where it is said."""
    shown = body if body is not None else problem(code, 20500, "Internal Server Error").body
    name = f"{code}{', after' if applies else ''}"
    return Fault(name, lambda connection, reply: connection.write(Reply(code, shown, headers or {})), applies)


def throttled(retry_after: str | None = None) -> Fault:
    """Refuse for too many requests, as the service does."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return status(429, headers, problem(429, 20429, "Too Many Requests").body)


def instead(name: str, body: Any, code: int = 200, headers: dict[str, str] | None = None) -> Fault:
    """Answer with another body, as it is; bytes stand for themselves."""
    return Fault(name, lambda connection, reply: connection.write(Reply(code, body, headers or {})))


def altered(name: str, change: Callable[[Any], Any]) -> Fault:
    """Answer with the right body, changed by a function; other answers than objects are left alone."""

    def act(connection: Any, reply: Reply) -> None:
        body = change(json.loads(reply.payload())) if reply.payload() else None
        connection.write(Reply(reply.status, body, reply.headers))

    return Fault(name, act)


RESET = Fault("reset", _reset)
HANG = Fault("hang", _hang)
TRICKLED_HEADERS = Fault("trickled headers", _trickle_headers)
TRICKLED_BODY = Fault("trickled body", _trickle_body)
TRUNCATED = Fault("truncated", _truncate)
CUT_SHORT = Fault("201 cut short", _cut_short)
LYING_GZIP = Fault("gzip that lies", _lie_about_encoding)
BROKEN_GZIP = instead("gzip cut short", gzip.compress(b'{"number": 1}')[:-9], headers={"Content-Encoding": "gzip"})
GZIP_BOMB = Fault("gzip bomb", _bomb)
EMPTY = instead("empty 200", b"")
HTML = instead("HTML 200", b"<html><body>Welcome to the wifi</body></html>", headers={"Content-Type": "text/html"})
HTML_404 = instead("HTML 404", b"<html>no such page</html>", 404, {"Content-Type": "text/html"})
FOREIGN = (
    HTML_404,
    instead("HTML 408", b"<html>Request Time-out</html>", 408, {"Content-Type": "text/html"}),
    instead("400 without a code", {"error": "bad gateway"}, 400),
    instead("a client's 499", b"", 499),
    instead("HTML 503", b"<html>No server is available</html>", 503, {"Content-Type": "text/html"}),
)
"""Refusals that are not the service's own, such as a proxy's: the request may have taken effect."""

WRONG_SHAPE = instead("wrong shape", {"sid": 7, "phone_number": ["+1"], "incoming_phone_numbers": "none"})
A_LIST = instead("a list", [{"sid": "PN"}])
DEEP = instead("deep JSON", b'{"sid": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")
HUGE_INTEGER = instead("huge integer", b'{"sid": ' + b"9" * 5000 + b"}")
ANOTHER_NUMBER = altered(
    "another number", lambda body: {**body, "phone_number": "+14155550000", "sid": "PN" + "e" * 32}
)

UNUSABLE = (LYING_GZIP, BROKEN_GZIP, EMPTY, HTML, WRONG_SHAPE, A_LIST, DEEP, HUGE_INTEGER)
"""Answers of 200 that cannot be used."""

PASSING = (RESET, TRUNCATED, *(status(code, applies=True) for code in (500, 502, 503, 504)))
"""What a repeat may get over, where the request took effect all the same."""

OWN_FAILURES = (status(500, applies=True), status(503, applies=True))
"""Failures that the service itself answers: where nothing shows of the request, it did nothing."""

UNANSWERED = (RESET, status(502, applies=True), *FOREIGN)
"""No answer of the service's; what may be sent again is."""

PENDING = (CUT_SHORT, status(504, applies=True), *UNUSABLE)
"""No answer that says what happened, and the service may have done it, or be at work on it."""
