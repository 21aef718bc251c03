"""The stand-in on loopback: one connection for many requests, and a quiet end."""

from __future__ import annotations

import http.client
import os
import queue
import re
import signal
import socket
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from numctl.errors import Refused
from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN, default_path
from numctl.sandbox.app import Sandbox, create_app
from numctl.sandbox.server import Server, serve
from numctl.sandbox.state import reset
from tests.cli.program import COMMAND

from .caller import Caller

NUMBERS = f"/2010-04-01/Accounts/{ACCOUNT_SID}/IncomingPhoneNumbers.json"
LISTED = "incoming_phone_numbers"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def authorized(token: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{ACCOUNT_SID}:{token}".encode()).decode()}


AUTH = authorized(AUTH_TOKEN)


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


def test_a_request_with_bare_unicode_and_a_folded_header_is_answered(server: Server) -> None:
    token = AUTH["Authorization"]
    head = f"GET {NUMBERS}?FriendlyName=Caf\u00e9 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Note: one\r\n two\r\n"
    with socket.create_connection(("127.0.0.1", server.server_address[1])) as client:
        client.sendall(f"{head}Authorization: {token}\r\nConnection: close\r\n\r\n".encode())
        with client.makefile("rb") as stream:
            answer = stream.read()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"FriendlyName=Caf%C3%A9&" in answer


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
        with pytest.raises(Refused, match=f"cannot listen on port {port}"):
            serve(state_file, port, ready=lambda url, token: None)
    with pytest.raises(Refused, match="port 70000"):
        serve(state_file, 70000, ready=lambda url, token: None)


@contextmanager
def served(state_file: Path) -> Iterator[tuple[str, str]]:
    """Serve a file as `sandbox serve` does; yields the address and the token."""
    told: queue.Queue[tuple[str, str]] = queue.Queue()
    running: list[Server] = []

    class Noted(Server):
        def serve_forever(self, poll_interval: float = 0.01) -> None:
            running.append(self)
            super().serve_forever(poll_interval)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("numctl.sandbox.server.Server", Noted)
        thread = threading.Thread(target=serve, args=(state_file, 0), kwargs={"ready": lambda *found: told.put(found)})
        thread.start()
        url, token = told.get(timeout=10)
        try:
            yield urlsplit(url).netloc, token
        finally:
            running[0].shutdown()
            thread.join(10)


def status(netloc: str, headers: dict[str, str]) -> int:
    with closing(http.client.HTTPConnection(netloc, timeout=10)) as client:
        client.request("GET", NUMBERS, headers=headers)
        return client.getresponse().status


def test_each_server_has_a_token_of_its_own_and_takes_no_other(state_file: Path) -> None:
    with served(state_file) as (one, first), served(state_file) as (other, second):
        assert re.fullmatch(r"[0-9a-f]{32}", first)
        assert len({first, second, AUTH_TOKEN}) == 3
        found = [status(netloc, authorized(token)) for netloc in (one, other) for token in (first, second, AUTH_TOKEN)]
        assert found == [200, 401, 401, 401, 200, 401]


def test_a_request_for_another_host_is_refused_whoever_sends_it(state_file: Path) -> None:
    with served(state_file) as (netloc, token):
        port = netloc.partition(":")[2]
        hosts = [netloc, f"localhost:{port}", "LocalHost", "127.0.0.1:9999", f"sandbox.example:{port}", "[::1]", ""]
        found = [status(netloc, {**authorized(token), "Host": host}) for host in hosts]
        assert found == [200, 200, 200, 200, 421, 421, 421]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_quietly(number: signal.Signals) -> None:
    command = [*COMMAND, "sandbox", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told = dict(process.stdout.readline().strip().split("=") for _ in range(3))
        assert process.stderr.readline() == "numctl: listening; Ctrl-C stops\n"
        assert list(told) == ["NUMCTL_API_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"]
        assert told["TWILIO_ACCOUNT_SID"] == ACCOUNT_SID
        assert status(urlsplit(told["NUMCTL_API_URL"]).netloc, authorized(told["TWILIO_AUTH_TOKEN"])) == 200
        process.send_signal(number)
        assert process.communicate(timeout=10) == ("", "")
    assert process.returncode == 0
    state = default_path()
    assert sorted(os.listdir(state.parent)) == [state.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_options_of_serve_reach_the_service() -> None:
    command = [*COMMAND, "sandbox", "serve", "--api-key", "--seed", "7", "--resell-released"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = dict(process.stdout.readline().strip().split("=") for _ in range(4))
        assert list(told) == ["NUMCTL_API_URL", "TWILIO_ACCOUNT_SID", "TWILIO_API_KEY", "TWILIO_API_SECRET"]
        key = told["TWILIO_API_KEY"], told["TWILIO_API_SECRET"]
        own = f"{told['NUMCTL_API_URL']}/2010-04-01/Accounts/{ACCOUNT_SID}"
        with requests.Session() as session:
            session.auth = key
            assert session.get(f"{own}.json").status_code == 401
            assert session.get(f"{own}.json", auth=(ACCOUNT_SID, AUTH_TOKEN)).status_code == 401
            (held,) = session.get(f"{own}/IncomingPhoneNumbers.json?FriendlyName=Front+desk").json()[LISTED]
            assert session.delete(f"{own}/IncomingPhoneNumbers/{held['sid']}.json").status_code == 204
            found = session.get(f"{own}/AvailablePhoneNumbers/US/Local.json?AreaCode=415").json()
            again = session.post(f"{own}/IncomingPhoneNumbers.json", data={"PhoneNumber": "+14155550100"})
            assert again.status_code == 201
        process.terminate()
        process.communicate(timeout=10)
    with closing(create_app(default_path(), seed=7, resell_released=True)) as app:
        reset(default_path())
        service = Caller(app)
        service.send("DELETE", f"IncomingPhoneNumbers/{held['sid']}.json")
        assert service.get("AvailablePhoneNumbers/US/Local.json", AreaCode="415") == found
