"""Processes of numctl that are there at once: forked off one that has loaded it already, where the system can fork.

Each is a process of its own, with its own arguments, environment, folder and standard streams; only the loading, which
costs more than all that a short command does, is done once. What is to show how numctl starts or ends, or what its
locale makes of it, starts a new interpreter instead (`program.alone`).
"""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from numctl.cli.verbs import VERBS

FORKS = "forkserver" in multiprocessing.get_all_start_methods()
PATIENCE = 60
LOADED = [
    *(verb.module for verb in VERBS.values()),
    "numctl.cli.app",
    "numctl.cli.session",
    "numctl.cli.change",
    "numctl.cli.help_page",
    "numctl.api.http",
    "numctl.history.reader",
    "numctl.history.journal",
    "numctl.sandbox.app",
    "numctl.sandbox.mount",
    "numctl.sheets",
    "numctl.output.jsonout",
    "numctl.output.plain",
    "numctl.output.results",
    "phonenumbers",
    "platformdirs.unix",
    "sqlite3",
    "typer._adapters",
]
STREAMS = ((0, "stdin", os.O_RDONLY), (1, "stdout", os.O_WRONLY), (2, "stderr", os.O_WRONLY))


def run(
    words: Sequence[str], env: Mapping[str, str], stdin: bytes, before: Callable[[], None] | None = None
) -> tuple[int, bytes, bytes]:
    """The exit code, standard output and standard error of numctl with these words.

    `before` is called in the process, once all is loaded.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    with TemporaryDirectory() as name:
        folder = Path(name)
        for stream, content in (("stdin", stdin), ("stdout", b""), ("stderr", b"")):
            (folder / stream).write_bytes(content)
        process = context.Process(target=live, args=(list(words), dict(env), os.getcwd(), name, before))
        process.start()
        process.join(PATIENCE)
        process.kill()
        process.join()
        assert process.exitcode is not None
        return process.exitcode, (folder / "stdout").read_bytes(), (folder / "stderr").read_bytes()


def hurry() -> None:
    """Let numctl's clock run ten times as fast: what it waits for before it looks again is over as much sooner."""
    from numctl.system.clock import SystemClock

    for name, hurried in (("now", lambda _: time.monotonic() * 10), ("sleep", lambda _, rest: time.sleep(rest / 10))):
        setattr(SystemClock, name, hurried)


def live(
    words: list[str], env: dict[str, str], cwd: str, folder: str, before: Callable[[], None] | None = None
) -> None:
    """Be numctl: with these words, in this environment and folder, its standard streams in files."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for number, name, how in STREAMS:
        os.dup2(os.open(os.path.join(folder, name), how), number)
        stream = io.FileIO(number, "w" if number else "r", closefd=False)
        buffered = io.BufferedWriter(stream) if number else io.BufferedReader(stream)
        setattr(sys, name, io.TextIOWrapper(buffered, encoding="utf-8"))
    sys.argv = ["numctl", *words]
    from numctl.__main__ import main

    if before:
        before()
    main()
