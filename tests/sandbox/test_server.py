"""The stand-in on loopback: one connection for many requests, and a quiet end."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from numctl.errors import Refused
from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN
from numctl.sandbox.app import Sandbox
from numctl.sandbox.server import Server, serve

NUMBERS = f"/2010-04-01/Accounts/{ACCOUNT_SID}/IncomingPhoneNumbers.json"
AUTH = {"Authorization": "Basic " + b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def server(app: Sandbox) -> Iterator[Server]:
    with Server(app, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join(10)


def connection(server: Server) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)


def test_one_connection_carries_many_requests_refused_ones_included(server: Server) -> None:
    with closing(connection(server)) as client:
        client.connect()
        opened = client.sock
        requests = [
            ("GET", NUMBERS, None, AUTH, 200),
            ("POST", NUMBERS, "FriendlyName=" + "x" * 5000, FORM, 401),
            ("POST", NUMBERS, "PhoneNumber=%2B14155550190", AUTH | FORM, 201),
            ("DELETE", NUMBERS, None, AUTH, 405),
            ("GET", "/elsewhere", None, AUTH, 404),
            ("HEAD", NUMBERS, None, AUTH, 200),
            ("GET", NUMBERS, None, AUTH, 200),
        ]
        for method, path, body, headers, status in requests:
            client.request(method, path, body, headers)
            answer = client.getresponse()
            content = answer.read()
            assert (method, answer.status, bool(content)) == (method, status, method != "HEAD")
            assert client.sock is opened
            assert answer.version == 11


def test_a_connection_that_is_to_be_closed_says_so(server: Server) -> None:
    with closing(connection(server)) as client:
        client.request("GET", NUMBERS, headers=AUTH | {"Connection": "close"})
        answer = client.getresponse()
        assert (answer.status, answer.getheader("Connection")) == (200, "close")


def test_body_without_a_length_or_with_too_great_a_one_is_refused(server: Server) -> None:
    for headers, status in (({"Transfer-Encoding": "chunked"}, 411), ({"Content-Length": "9" * 9}, 413)):
        with closing(connection(server)) as client:
            client.putrequest("POST", NUMBERS)
            for name, value in headers.items():
                client.putheader(name, value)
            client.endheaders()
            assert client.getresponse().status == status


def test_only_loopback_is_listened_on(server: Server) -> None:
    assert server.url == f"http://127.0.0.1:{server.server_address[1]}"


def test_port_in_use_is_refused(state_file: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port}: cannot be listened on"):
            serve(state_file, port, ready=lambda url: None)
    with pytest.raises(Refused, match="port 70000"):
        serve(state_file, 70000, ready=lambda url: None)


SERVE = """
import sys
from pathlib import Path
from numctl.sandbox.server import serve
serve(Path(sys.argv[1]), 0, ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_quietly(state_file: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", SERVE, str(state_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)) as client:
            client.request("GET", NUMBERS, headers=AUTH)
            assert client.getresponse().status == 200
            process.send_signal(number)
            assert process.communicate(timeout=10) == ("ended\n", "")
    assert process.returncode == 0
    assert sorted(os.listdir(state_file.parent)) == [state_file.name]
