"""What a process of numctl is started with, so that login works without a keyring and without the network.

A keyring that lives in the memory of the test, reached over loopback, and the service's own hosts on loopback as well.
What a process starts is written down. All of it comes in through `sitecustomize`, as Python itself offers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xmlrpc.server import SimpleXMLRPCServer

SITE = """
import os, sys

import numctl.credentials.resolve

numctl.credentials.resolve.service_url = lambda region, edge: os.environ["TEST_SERVICE"]

def note(event, words):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"):
        with open(os.environ["TEST_STARTED"], "a", encoding="utf-8") as file:
            print(event, words, file=file)

note("subprocess.Popen", sys.orig_argv)
sys.addaudithook(note)

if "TEST_CRASH" in os.environ:
    import requests

    whole = requests.Session.send

    def send(self, request, **options):
        answer = whole(self, request, **options)
        if request.method == os.environ["TEST_CRASH"]:
            raise RuntimeError(f"nobody foresaw {request.headers}")
        return answer

    requests.Session.send = send
"""

BACKEND = """
import os
from xmlrpc.client import ServerProxy

import keyring.backend

class Keyring(keyring.backend.KeyringBackend):
    priority = 1

    def __init__(self):
        self.keeper = ServerProxy(os.environ["TEST_KEEPER"], allow_none=True)

    def get_password(self, service, username):
        return self.keeper.get(service, username)

    def set_password(self, service, username, password):
        self.keeper.set(service, username, password)

    def delete_password(self, service, username):
        self.keeper.delete(service, username)
"""


class Keeper:
    """Secrets by service and user name."""

    def __init__(self) -> None:
        self.secrets: dict[tuple[str, str], str] = {}

    def get(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete(self, service: str, username: str) -> None:
        del self.secrets[service, username]


@contextmanager
def keeping(folder: Path, service_url: str) -> Iterator[tuple[Keeper, dict[str, str]]]:
    """Keep secrets for as long as the block lasts; yields the keeper and the environment that leads to it."""
    (folder / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    (folder / "in_memory_of_the_test.py").write_text(BACKEND, encoding="utf-8")
    keeper = Keeper()
    with SimpleXMLRPCServer(("127.0.0.1", 0), allow_none=True, logRequests=False) as server:
        server.register_instance(keeper)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield (
            keeper,
            {
                "PYTHONPATH": str(folder),
                "PYTHON_KEYRING_BACKEND": "in_memory_of_the_test.Keyring",
                "TEST_KEEPER": f"http://127.0.0.1:{server.server_address[1]}",
                "TEST_SERVICE": service_url,
                "TEST_STARTED": str(folder / "started.txt"),
            },
        )
        server.shutdown()
