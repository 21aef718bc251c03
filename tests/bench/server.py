"""A service that costs little beside what is measured: answers made once, then only sent.

The sandbox takes 3 ms of CPU for a page of 1000 numbers and 0.5 ms for a change, where these answers take 0.01 ms:
with it behind the socket, the server and not numctl would set how fast many changes go.

`python -m tests.bench.server COUNT [LATENCY [LIMIT]]` prints its address and answers until its standard input ends.
"""

from __future__ import annotations

import json
import socketserver
import sys
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ACCOUNT, TOKEN = "AC" + "1" * 32, "b" * 32
ROOT = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers"
PROPERTIES: dict[str, Any] = {
    "account_sid": ACCOUNT,
    "address_requirements": "none",
    "address_sid": None,
    "api_version": "2010-04-01",
    "beta": False,
    "bundle_sid": None,
    "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
    "date_created": "Thu, 30 Jul 2015 23:19:04 +0000",
    "date_updated": "Thu, 30 Jul 2015 23:19:04 +0000",
    "emergency_address_sid": None,
    "emergency_address_status": "unregistered",
    "emergency_status": "Inactive",
    "identity_sid": None,
    "origin": "twilio",
    "sms_application_sid": "",
    "sms_fallback_method": "POST",
    "sms_fallback_url": "",
    "sms_method": "POST",
    "sms_url": "https://sms.example.com/receive",
    "status": "in-use",
    "status_callback": "",
    "status_callback_method": "POST",
    "trunk_sid": None,
    "type": "local",
    "voice_application_sid": "",
    "voice_caller_id_lookup": False,
    "voice_fallback_method": "POST",
    "voice_fallback_url": "https://backup.example.org/answer",
    "voice_method": "POST",
    "voice_receive_mode": "voice",
    "voice_url": "https://voice.example.com/answer",
}


def record(index: int) -> dict[str, Any]:
    """One number, as the service answers it."""
    sid = f"PN{index:032x}"
    return {
        **PROPERTIES,
        "sid": sid,
        "phone_number": f"+1415{2000000 + index}",
        "friendly_name": f"Shop {index}, Market Street",
        "uri": f"{ROOT}/{sid}.json",
        "subresource_uris": {"assigned_add_ons": f"{ROOT}/{sid}/AssignedAddOns.json"},
    }


@cache
def page(count: int, size: int, number: int) -> bytes:
    """One page of so many numbers in all."""
    rows = [record(index) for index in range(number * size, min(count, (number + 1) * size))]
    more = (
        f"{ROOT}.json?PageSize={size}&Page={number + 1}&PageToken=PA{number}" if (number + 1) * size < count else None
    )
    return json.dumps({"next_page_uri": more, "page": number, "incoming_phone_numbers": rows}).encode()


class Server(socketserver.ThreadingTCPServer):
    """So many numbers, seconds for each answer, and how many requests at once (0: any number)."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, count: int, latency: float, limit: int) -> None:
        self.count, self.latency, self.limit = count, latency, limit
        self.under_way, self.changes, self.refused = 0, 0, 0
        self.first, self.last = 0.0, 0.0
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent where a client went away."""


class Connection(BaseHTTPRequestHandler):
    """One kept-alive connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def answer(self) -> None:
        """Answer one request, after the latency, or with 429 where too many are under way."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        with server.lock:
            server.under_way += 1
            refused = bool(server.limit) and server.under_way > server.limit
            server.refused += refused
            server.changes += self.command == "POST"
            server.first = server.first or (time.monotonic() if self.command == "POST" else 0.0)
        try:
            if refused:
                self.send(429, b'{"code": 20429, "message": "Too Many Requests", "status": 429}')
                return
            time.sleep(server.latency)
            self.send(200, self.found(body))
        finally:
            with server.lock:
                server.under_way -= 1
                server.last = time.monotonic() if self.command == "POST" else server.last

    do_GET = do_POST = answer

    def found(self, body: bytes) -> bytes:
        """What was asked for."""
        parts = urlsplit(self.path)
        if parts.path == "/counts":
            server = self.server
            counts = {"changes": server.changes, "refused": server.refused, "seconds": server.last - server.first}
            return json.dumps(counts).encode()
        if parts.path == f"{ROOT}.json":
            query = dict(parse_qsl(parts.query))
            return page(self.server.count, int(query.get("PageSize", "50")), int(query.get("Page", "0")))
        if "/IncomingPhoneNumbers/" not in parts.path:
            return json.dumps({"sid": ACCOUNT, "friendly_name": "Bench", "status": "active"}).encode()
        settings = dict(parse_qsl(body.decode()))
        found = record(int(parts.path.rpartition("/PN")[2].removesuffix(".json"), 16))
        return json.dumps({**found, "voice_url": settings.get("VoiceUrl", found["voice_url"])}).encode()

    def send(self, status: int, body: bytes) -> None:
        """Write an answer."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


def main() -> None:
    """Serve until standard input ends."""
    count, latency, limit = (float(word) for word in (*sys.argv[1:], "0", "0")[:3])
    with Server(int(count), latency, int(limit)) as server:
        for number in range(-(-int(count) // 1000)):
            page(int(count), 1000, number)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
