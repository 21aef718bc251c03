"""numctl as a process of its own, pointed at the test server that counts what arrives and breaks what it is told to."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.cli.nursery import hurry
from tests.cli.program import COMMAND, Ended, numctl
from tests.wire.service import ACCOUNT, TOKEN, Service, running


@contextmanager
def holding(*numbers: str) -> Iterator[Service]:
    """Run a server whose account holds these numbers."""
    with running() as service:
        for number in numbers:
            service.state.add(ACCOUNT, number)
        yield service


def pointed_at(service: Service) -> dict[str, str]:
    """The environment that leads numctl to a server."""
    given = {"NUMCTL_API_URL": service.url, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
    return {**os.environ, **given}


def start(service: Service, *words: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start numctl with its output in pipes, unless other places are given."""
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    env = {**pointed_at(service), **options.pop("env", {})}
    command: list[str] = [*options.pop("command", COMMAND), *words]
    return subprocess.Popen(command, env=env, **(pipes | options))


def ended(process: subprocess.Popen[bytes], timeout: float = 60) -> Ended:
    """Wait for the end of a process, and return what it left behind."""
    try:
        out, err = process.communicate(timeout=timeout)
    finally:
        process.kill()
    return Ended(process.returncode, (out or b"").decode(), (err or b"").decode())


def run(service: Service, *words: str, **options: Any) -> Ended:
    """Run numctl against a server to its end."""
    return ended(start(service, *words, **options)) if options else numctl(*words, env=pointed_at(service))


def hurried(service: Service, *words: str) -> Ended:
    """Run numctl against a server to its end, with a clock that runs ten times as fast where it can be forked."""
    return numctl(*words, env=pointed_at(service), before=hurry)
