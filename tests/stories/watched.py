"""A sandbox on loopback that writes down each request, and numctl as a process pointed at it."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN
from numctl.sandbox.app import create_app
from numctl.sandbox.server import Server
from tests.cli.program import COMMAND, Ended, numctl


class Watched:
    """The requests that arrived at a sandbox, as (method, path), in their order; `queries` holds each one's query.

    `refused` is an account for which every request is answered with 401. `on_request` is called before a request is
    answered, `on_change` with the count of those that may change something.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[tuple[str, str]] = []
        self.queries: list[dict[str, str]] = []
        self.refused = ""
        self.on_request: Callable[[str, str], None] = lambda method, path: None
        self.on_change: Callable[[int], None] = lambda count: None
        self._lock = threading.Lock()

    def note(self, method: str, path: str, query: str) -> None:
        with self._lock:
            self.requests.append((method, path))
            self.queries.append(dict(parse_qsl(query, keep_blank_values=True)))
            count = len(self.changes)
        self.on_request(method, path)
        if method != "GET":
            self.on_change(count)

    @property
    def changes(self) -> list[tuple[str, str]]:
        """The requests that may have changed something."""
        return [request for request in self.requests if request[0] != "GET"]

    def forget(self) -> None:
        self.requests.clear()
        self.queries.clear()

    @property
    def environ(self) -> dict[str, str]:
        """The environment that leads numctl here."""
        return {
            **os.environ,
            "NUMCTL_API_URL": self.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        }

    def start(self, *words: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start numctl with its output in pipes."""
        pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([*COMMAND, *words], env=self.environ, **(pipes | options))

    def numctl(self, *words: str) -> Ended:
        """Run numctl to its end."""
        return numctl(*words, env=self.environ)

    def records(self) -> list[dict[str, Any]]:
        """All numbers of the account as they are now, not counted as requests."""
        found: list[dict[str, Any]] = self.numctl("list", "--json").json
        return found


def ended(process: subprocess.Popen[bytes]) -> Ended:
    """Wait for the end of a process, and return what it left behind."""
    out, err = process.communicate(timeout=60)
    return Ended(process.returncode, out.decode(), err.decode())


@contextmanager
def watched(path: Path) -> Iterator[Watched]:
    """Serve the sandbox kept in a file for as long as the block lasts."""
    with closing(create_app(path)) as app:

        def noting(environ: dict[str, Any], start_response: Any) -> Any:
            path = environ["PATH_INFO"]
            seen.note(environ["REQUEST_METHOD"], path, environ["QUERY_STRING"])
            if seen.refused and seen.refused in path:
                start_response("401 UNAUTHORIZED", [("Content-Type", "application/json"), ("Content-Length", "51")])
                return [b'{"code": 20003, "message": "no", "status": 401    }']
            return app(environ, start_response)

        with Server(noting, 0) as server:
            seen = Watched(server.url)
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield seen
            finally:
                server.shutdown()
                thread.join(10)


def many(count: int, account_sid: str = ACCOUNT_SID, first: int = 0) -> list[dict[str, Any]]:
    """So many fictional numbers, as `numctl list --json` prints them, numbered from `first`."""
    return [
        {
            "sid": f"PN{index:032x}",
            "account_sid": account_sid,
            "phone_number": f"+1415{5550000 + index}",
            "friendly_name": f"Shop {index:04d}",
            "voice_url": f"https://old.example.com/shops/{index}",
            "voice_method": "POST",
            "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
            "date_created": "Mon, 04 Mar 2024 09:30:00 +0000",
            "date_updated": "Mon, 04 Mar 2024 09:30:00 +0000",
        }
        for index in range(first, first + count)
    ]


def settings_of(records: list[dict[str, Any]]) -> dict[str, str]:
    """Every record by its number without the date of its last change, to be compared."""
    return {record["phone_number"]: json.dumps({**record, "date_updated": None}, sort_keys=True) for record in records}
