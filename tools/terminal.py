"""What a terminal of a certain width gets from a command, run on a sandbox of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

PLAIN = {"TERM": "dumb", "NO_COLOR": "1"}
COLOR = {"TERM": "xterm-256color", "FORCE_COLOR": "1"}
PATIENCE = 60
"""Seconds after which a command is taken to hang."""

ROWS = 50


def on_terminal(command: str, folder: Path, *, width: int, color: bool, answers: Sequence[str] = ()) -> str:
    """Run a command of bash in a folder, which is its home too, and return what the terminal shows.

    Each of `answers` is typed at the next `[y/N]`; an empty one ends the command there, with the question open.
    """
    import pexpect

    home = {f"XDG_{name}_HOME": str(folder / ".home" / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**kept(), **home, "HOME": str(folder / ".home"), "PATH": path}
    shell = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile", "-c", command],
        cwd=str(folder),
        env={**environ, "NUMCTL_SANDBOX": "1", "LOGNAME": "ops", **(COLOR if color else PLAIN)},
        dimensions=(ROWS, width),
        encoding="utf-8",
        timeout=PATIENCE,
    )
    shown: str = ""
    for answer in answers:
        shell.expect_exact("[y/N] ")
        shown += shell.before + shell.after
        if not answer:
            break
        shell.sendline(answer)
    else:
        shell.expect(pexpect.EOF)
        shown += shell.before
    shell.close(force=True)
    return shown.replace("\r\n", "\n")


def kept() -> dict[str, str]:
    """The environment without whatever would lead to a real account, or change how numctl looks."""
    foreign = ("TWILIO_", "NUMCTL_", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
