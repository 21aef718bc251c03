"""The test server: every request is recorded, answered by the sandbox, and broken as programmed."""

from __future__ import annotations

import base64
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .faults import Fault
from .ledger import ROOT as ROOT
from .ledger import Ledger
from .reply import Received, Reply, problem

ACCOUNT = "AC" + "1" * 32
OTHER_ACCOUNT = "AC" + "2" * 32
NAMES = {ACCOUNT: "Lighthouse Bakery", OTHER_ACCOUNT: "Lighthouse Bakery, harbour branch"}
TOKEN = "5ecret0f0a0test0account000000000"


class Service:
    """One server on loopback. `received` holds every request in the order in which they arrived.

    `keys` has those of `accepted` that reach the numbers of the first account alone.
    """

    def __init__(self, port: int = 0) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.state = Ledger(Path(self._folder.name), TOKEN, NAMES)
        self.received: list[Received] = []
        self.accepted = {basic(ACCOUNT, TOKEN)}
        self.keys: set[str] = set()
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._faults: list[tuple[Fault, str, str, int]] = []
        self._pending: list[tuple[float, Received]] = []
        self._server = Server(("127.0.0.1", port), Connection)
        self._server.service = self
        threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail(self, fault: Fault, *, on: str = "", at: str = "", times: int = 1) -> Service:
        """Let the next so many requests of a method, or with `at` in the path, meet a fault after those before it."""
        self._faults.append((fault, on, at, times))
        return self

    def count(self, method: str) -> int:
        return sum(request.method == method for request in self.received)

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        with self.lock:
            self.state.close()
            self._folder.cleanup()

    def take_fault(self, request: Received) -> Fault | None:
        for index, (fault, on, at, times) in enumerate(self._faults):
            if times and on in ("", request.method) and at in request.path:
                self._faults[index] = (fault, on, at, times - 1)
                return fault
        return None

    def answer(self, request: Received) -> tuple[Reply, Fault | None]:
        """Record a request and apply it, unless a fault comes before that."""
        with self.lock:
            self.carry_out(self.state.now())
            self.received.append(request)
            fault = self.take_fault(request)
            if fault and fault.later is not None:
                self._pending.append((self.state.now() + fault.later, request))
            if fault and not fault.applies:
                return Reply(200), fault
            return self.route(request), fault

    def carry_out(self, now: float) -> None:
        """Carry out what was put off until now."""
        due = [request for moment, request in self._pending if moment <= now]
        self._pending = [(moment, request) for moment, request in self._pending if moment > now]
        for request in due:
            self.route(request)

    def route(self, request: Received) -> Reply:
        who = request.headers.get("Authorization")
        if who not in self.accepted or (who in self.keys and not request.path.startswith(f"{ROOT}/{ACCOUNT}/")):
            return problem(401, 20003, "Authenticate")
        return self.state.ask(request.method, request.path, request.query, request.form)


class Server(socketserver.ThreadingTCPServer):
    """A thread for each connection; none of them keeps the tests from ending."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64
    service: Service

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a client that gives up is what many of these tests are about."""


class Connection(BaseHTTPRequestHandler):
    """One kept-alive connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        service = self.server.service
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        query, form = dict(parse_qsl(parts.query, True)), dict(parse_qsl(body, True))
        request = Received(self.command, parts.path, query, form, dict(self.headers.items()))
        reply, fault = service.answer(request)
        if fault:
            fault.act(self, reply)
        else:
            self.write(reply)

    do_POST = do_DELETE = do_GET

    def write(self, reply: Reply) -> None:
        body = reply.payload()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))} | reply.headers
        self.send_response(reply.status)
        for name, value in headers.items():
            if reply.status != 204 or name not in ("Content-Type", "Content-Length"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


@contextmanager
def running() -> Iterator[Service]:
    """Run a server for as long as the block lasts."""
    service = Service()
    try:
        yield service
    finally:
        service.close()


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
