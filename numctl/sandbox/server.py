"""Serve the stand-in on loopback, to any client of the service's API.

The standard library's server runs the application, because werkzeug's closes every connection after one answer, which
costs a client more than the answer itself.
"""

from __future__ import annotations

import os
import secrets
import signal
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.test import Client

from numctl.errors import Refused
from numctl.sandbox.access import ApiKey
from numctl.sandbox.app import create_app
from numctl.system.files import reason

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HOST = "127.0.0.1"
_LARGEST_BODY = 1024 * 1024
_IDLE_SECONDS = 300


class _Conversation(BaseHTTPRequestHandler):
    """Pass one connection's requests to the application, as many as the client sends on it (HTTP/1.1)."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    # Buffered, so that the head and the body of an answer go out in one packet.
    wbufsize = -1

    def converse(self) -> None:
        """Answer one request."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isascii() or not length.isdigit():
            self.send_error(411)
        elif int(length) > _LARGEST_BODY:
            self.send_error(413)
        else:
            self._answer(int(length))

    def _answer(self, length: int) -> None:
        body = self.rfile.read(length)
        # The standard library decodes bytes as Latin-1, and leaves line breaks in a folded header.
        path = self.path.encode("latin-1").decode("utf-8", "replace")
        headers = [(name, " ".join(value.split())) for name, value in self.headers.items()]
        found = Client(self.server.app, use_cookies=False).open(path, method=self.command, headers=headers, data=body)
        self.send_response(found.status_code)
        for name, value in found.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            # Without this, a client that keeps connections would use one that is closed.
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(found.data)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = do_OPTIONS = converse

    def version_string(self) -> str:
        """The server's name, without Python's version."""
        return "numctl-sandbox"

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: paths hold numbers, and standard error belongs to the verb."""


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """A server on loopback with a thread for each connection; none keeps the process from ending."""

    daemon_threads = True
    # On Windows the option would let two servers share a port.
    allow_reuse_address = os.name != "nt"
    request_queue_size = 128

    def __init__(self, app: WSGIApplication, port: int) -> None:
        """Listen; port 0 means any free one. Raises Refused if the port is not available."""
        self.app = app
        try:
            super().__init__((_HOST, port), _Conversation)
        except (OSError, OverflowError) as error:
            why = reason(error) if isinstance(error, OSError) else "ports go from 0 to 65535"
            raise Refused(f"cannot listen on port {port}: {why}", hint="--port 0 picks a free one") from error

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"http://{_HOST}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect in the middle."""


def serve(
    path: Path,
    port: int,
    *,
    ready: Callable[[str, str], None],
    concurrency_limit: int | None = None,
    seed: int = 0,
    resell_released: bool = False,
    key: ApiKey | None = None,
) -> None:
    """Serve the state in a file until SIGINT or SIGTERM; `ready` gets the URL and the token before the first answer.

    The token is new each time: every user of the machine can connect, but only the owner can read the file. `key`
    is accepted as well. Raises Refused if the file is not numctl's or the port is not available.
    """
    token = secrets.token_hex(16)
    app = create_app(
        path,
        token=token,
        keys=(key,) if key else (),
        hosts=[_HOST, "localhost"],
        concurrency_limit=concurrency_limit,
        seed=seed,
        resell_released=resell_released,
    )
    with closing(app), Server(app, port) as server, _stopping():
        ready(server.url, token)
        server.serve_forever()


@contextmanager
def _stopping() -> Iterator[None]:
    """End the block quietly on SIGINT, and on SIGTERM in the main thread, where signals can be caught."""

    def stop(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    in_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, stop) if in_main else None
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        if in_main:
            signal.signal(signal.SIGTERM, before)
