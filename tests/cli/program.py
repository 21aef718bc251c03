"""Run numctl as a user does: a process of its own, with what it prints, and its exit code."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.cli import nursery

COMMAND = [sys.executable, "-m", "numctl"]
NUMCTL = shlex.join(COMMAND)
"""The command as a shell reads it, wherever Python is installed."""
SANDBOX_LINE = "numctl: sandbox: fictional numbers, no cost, nothing reaches the network\n"
FRONT_DESK, SUPPORT, TRUNKED = "+14155550100", "+12125550101", "+13125550102"
MAIN = "AC" + "5a9db0c5" * 4
BRANCH = "AC" + "50b5a9db" * 4


@dataclass(frozen=True)
class Ended:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """Standard error without the sandbox's own line."""
        return self.err.removeprefix(SANDBOX_LINE)


def numctl(
    *words: str,
    stdin: str | bytes = "",
    env: dict[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Ended:
    """Run numctl without a terminal, in the test's own folders; `before` is called in its process, if it is forked."""
    if not nursery.FORKS:
        return alone(*words, stdin=stdin, env=env)
    code, out, err = nursery.run(words, {**os.environ, **(env or {})}, as_bytes(stdin), before)
    return Ended(code, out.decode(), err.decode())


def alone(*words: str, stdin: str | bytes = "", env: dict[str, str] | None = None) -> Ended:
    """Run numctl as `numctl` does, in an interpreter that is started for it."""
    done = subprocess.run(
        [*COMMAND, *words], input=as_bytes(stdin), capture_output=True, timeout=60, env={**os.environ, **(env or {})}
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def sandbox(
    *words: str, stdin: str | bytes = "", env: dict[str, str] | None = None, run: Callable[..., Ended] = numctl
) -> Ended:
    """Run numctl on the sandbox, whose state is the test's own."""
    return run(*words, stdin=stdin, env={"NUMCTL_SANDBOX": "1", **(env or {})})


def as_bytes(text: str | bytes) -> bytes:
    """What a process reads."""
    return text if isinstance(text, bytes) else text.encode()
