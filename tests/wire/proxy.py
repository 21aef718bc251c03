"""A proxy on loopback that refuses what it is asked for."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Proxy(socketserver.ThreadingTCPServer):
    """Answers each request with one status line; `asked` holds the first line of each request, without the version."""

    daemon_threads = True

    def __init__(self, status: str) -> None:
        self.status, self.asked = status, list[str]()
        super().__init__(("127.0.0.1", 0), Refusal)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Refusal(socketserver.StreamRequestHandler):
    """One connection."""

    server: Proxy

    def handle(self) -> None:
        if self.connection.recv(1, socket.MSG_PEEK) == b"\x16":  # TLS, where plain http is spoken
            self.server.asked.append("TLS")
        else:
            lines = list(iter(lambda: self.rfile.readline().strip(), b""))
            self.server.asked.append(lines[0].decode("latin-1").rpartition(" ")[0])
        self.wfile.write(f"HTTP/1.1 {self.server.status}\r\nContent-Length: 0\r\n\r\n".encode())


@contextmanager
def refusing(status: str) -> Iterator[Proxy]:
    """Run a proxy for as long as the block lasts."""
    with Proxy(status) as proxy:
        threading.Thread(target=proxy.serve_forever, args=(0.005,), daemon=True).start()
        yield proxy
        proxy.shutdown()
