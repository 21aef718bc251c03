"""Start the server of the benchmarks, and point a command's environment at it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .server import ACCOUNT, TOKEN


@dataclass(frozen=True)
class Served:
    """Where the server is, and the environment of a command that is to meet it."""

    url: str
    environ: dict[str, str]

    def counts(self) -> dict[str, float]:
        """How many changes arrived, how many of them met a 429, and the seconds from the first to the last."""
        with urllib.request.urlopen(f"{self.url}/counts") as answer:
            found: dict[str, float] = json.load(answer)
        return found


@contextmanager
def serving(count: int, latency: float = 0.0, limit: int = 0) -> Iterator[Served]:
    """Serve so many numbers in a process of its own, for as long as the block lasts."""
    words = [sys.executable, "-m", "tests.bench.server", str(count), str(latency), str(limit)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    with tempfile.TemporaryDirectory() as folder:
        url = process.stdout.readline().strip()
        try:
            yield Served(url, environment(folder, url))
        finally:
            process.stdin.close()
            process.wait(10)


def environment(folder: str, url: str = "") -> dict[str, str]:
    """An environment with folders of its own and, with a URL, the credentials that the server takes."""
    foreign = ("TWILIO_", "NUMCTL_", "PYTHONDONTWRITEBYTECODE")  # a program is compiled once, not at each start
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    home = {f"XDG_{name}_HOME": os.path.join(folder, name.lower()) for name in ("STATE", "CONFIG", "CACHE")}
    reach = {"NUMCTL_API_URL": url, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN} if url else {}
    return {**kept, **home, **reach, "TMPDIR": folder}
