"""The test server: every request is recorded, applied as the OpenAPI description says, and broken as programmed."""

from __future__ import annotations

import base64
import copy
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from .faults import Fault
from .reply import Received, Reply, problem
from .state import State, missing

ACCOUNT = "AC" + "1" * 32
OTHER_ACCOUNT = "AC" + "2" * 32
TOKEN = "5ecret0f0a0test0account000000000"
ROOT = "/2010-04-01/Accounts"
NUMBERS = re.compile(rf"{ROOT}/(AC\w{{32}})/IncomingPhoneNumbers(?:/(Local|Mobile|TollFree|PN\w{{32}}))?\.json")
FOR_SALE = re.compile(rf"{ROOT}/(AC\w{{32}})/AvailablePhoneNumbers/([A-Z]{{2}}/\w+)\.json")
KINDS = {"Local": "local", "Mobile": "mobile", "TollFree": "toll-free"}


class Service:
    """One server on loopback. `received` holds every request in the order in which they arrived.

    `keys` has those of `accepted` that reach the numbers of the first account alone.
    """

    def __init__(self, port: int = 0) -> None:
        self.state = State({ACCOUNT: "Lighthouse Bakery", OTHER_ACCOUNT: "Lighthouse Bakery, harbour branch"})
        self.received: list[Received] = []
        self.accepted = {basic(ACCOUNT, TOKEN)}
        self.keys: set[str] = set()
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._faults: list[tuple[Fault, str, int]] = []
        self._pending: list[tuple[float, Received]] = []
        self._server = Server(("127.0.0.1", port), Connection)
        self._server.service = self
        threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail(self, fault: Fault, *, on: str = "", times: int = 1) -> Service:
        """Let the next so many requests of a method (or of any) meet a fault, after those programmed before."""
        self._faults.append((fault, on, times))
        return self

    def count(self, method: str) -> int:
        return sum(request.method == method for request in self.received)

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def take_fault(self, method: str) -> Fault | None:
        for index, (fault, on, times) in enumerate(self._faults):
            if times and on in ("", method):
                self._faults[index] = (fault, on, times - 1)
                return fault
        return None

    def answer(self, request: Received) -> tuple[Reply, Fault | None]:
        """Record a request and apply it, unless a fault comes before that."""
        with self.lock:
            self.carry_out(self.state.now())
            self.received.append(request)
            fault = self.take_fault(request.method)
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
        if request.headers.get("Authorization") not in self.accepted:
            return problem(401, 20003, "Authenticate")
        if request.headers["Authorization"] in self.keys and not request.path.startswith(f"{ROOT}/{ACCOUNT}/"):
            return problem(401, 20003, "Authenticate")
        if request.path == f"{ROOT}.json":
            accounts = list(self.state.accounts.values())
            return Reply(200, paged(request, "accounts", accounts))
        account = re.fullmatch(rf"{ROOT}/(AC\w{{32}})\.json", request.path)
        if account:
            found = self.state.accounts.get(account[1])
            return Reply(200, found) if found else missing(account[1])
        for_sale = FOR_SALE.fullmatch(request.path)
        if for_sale:
            return self.state.offered(request.path, for_sale[2], request.query)
        numbers = NUMBERS.fullmatch(request.path)
        if not numbers or numbers[1] not in self.state.accounts:
            return missing(request.path)
        return self.number(request, numbers[1], numbers[2])

    def number(self, request: Received, account: str, rest: str | None) -> Reply:
        state, sid = self.state, rest or ""
        if sid.startswith("PN"):
            verbs: dict[str, Callable[[], Reply]] = {
                "GET": lambda: self.fetch(account, sid),
                "POST": lambda: state.update(account, sid, request.form),
                "DELETE": lambda: state.delete(account, sid),
            }
        else:
            verbs = {
                "GET": lambda: self.listing(request, account, KINDS.get(sid)),
                "POST": lambda: state.create(account, request.form),
            }
        call = verbs.get(request.method)
        return call() if call else problem(405, 20004, "Method not allowed")

    def fetch(self, account: str, sid: str) -> Reply:
        record = self.state.seen(account).get(sid)
        return Reply(200, copy.deepcopy(record)) if record else missing(sid)

    def listing(self, request: Received, account: str, kind: str | None) -> Reply:
        size = request.query.get("PageSize", "50")
        if not size.isdigit() or not 1 <= int(size) <= 1000:
            return problem(400, 20001, f"Invalid PageSize {size}")
        rows = [row for row in self.state.seen(account).values() if fits(row, request.query, kind)]
        return Reply(200, paged(request, "incoming_phone_numbers", copy.deepcopy(rows)))


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


def paged(request: Received, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one page of rows as the description has it, with the address of the next."""
    size, page = int(request.query.get("PageSize", "50")), int(request.query.get("Page", "0"))
    start = page * size
    kept = {key: value for key, value in request.query.items() if key not in ("Page", "PageToken")}

    def address(number: int) -> str:
        token = {"PageToken": f"PA{number}"} if number else {}
        return f"{request.path}?" + urlencode({**kept, "Page": str(number), **token}, quote_via=quote)

    return {
        "end": min(start + size, len(rows)) - 1,
        "first_page_uri": address(0),
        "next_page_uri": address(page + 1) if start + size < len(rows) else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": address(page - 1) if page else None,
        "start": start,
        "uri": address(page),
        name: rows[start : start + size],
    }


def fits(row: dict[str, Any], query: dict[str, str], kind: str | None) -> bool:
    """Say whether a number passes the filters: part of the number with `*` for a digit, whole name, origin, beta."""
    pattern = re.escape(query.get("PhoneNumber", "").lstrip("+")).replace(r"\*", r"\d")
    return (
        bool(re.search(pattern, row["phone_number"]))
        and row["friendly_name"] == query.get("FriendlyName", row["friendly_name"])
        and row["origin"] == query.get("Origin", row["origin"])
        and not (row["beta"] and query.get("Beta") == "false")
        and kind in (None, row["type"])
    )
