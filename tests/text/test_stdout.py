"""Standard output that fails says so; a reader that stops early is no error; nothing blows up at exit."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from numctl.text.stdout import CHUNK, Out, OutputFailed
from tests import ROOT

PROGRAM = """
import sys
from numctl.output import Output, open_writer
from numctl.text.stdout import Out, OutputFailed, ReaderGone
from numctl.output.shapes import NUMBERS
try:
    writer = open_writer(Output("jsonl"), NUMBERS, Out.standard())
    for index in range(int(sys.argv[1])):
        writer.write([{"friendly_name": "Z\\u00fcrich", "sid": str(index)}] * 1000)
    writer.finish()
except ReaderGone:
    sys.exit(41)
except OutputFailed as error:
    sys.exit(error.message)
"""


def start(pages: int, *flags: str, **streams: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, *flags, "-c", PROGRAM, str(pages)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **streams)


@pytest.mark.parametrize("flags", [(), ("-u",)])
def test_utf_8_whatever_the_locale(flags: tuple[str, ...]) -> None:
    process = start(20, *flags, stdout=subprocess.PIPE)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, b"")
    assert output == b"".join(f'{{"friendly_name":"Zürich","sid":"{i}"}}\n'.encode() * 1000 for i in range(20))


@pytest.mark.parametrize("flags", [(), ("-u",)])
def test_a_reader_that_stops_early_is_told_apart_and_leaves_no_noise(flags: tuple[str, ...]) -> None:
    process = start(1000, *flags, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=30), errors) == (41, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
@pytest.mark.parametrize("pages", [1, 50])
@pytest.mark.parametrize("flags", [(), ("-u",)])
def test_a_full_disk_is_one_error_and_leaves_no_noise(pages: int, flags: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        process = start(pages, *flags, stdout=full)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (
        1,
        b"standard output could not be written: No space left on device\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are closed otherwise there")
def test_a_closed_output_is_one_error() -> None:
    process = start(1, preexec_fn=lambda: os.close(1))
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (1, b"standard output is closed\n")


class Short(io.RawIOBase):
    """A raw stream that takes at most seven bytes at a time."""

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.taken += bytes(content[:7])
        return min(7, len(content))


def test_a_stream_that_takes_a_part_gets_the_rest() -> None:
    stream = Short()
    out = Out(stream)  # type: ignore[arg-type]  # raw, as python -u has it
    out.write(b"+14155550001\n+14155550002\n")
    out.flush()
    assert stream.taken == b"+14155550001\n+14155550002\n"


def test_bytes_wait_for_a_flush_or_a_large_piece() -> None:
    stream = io.BytesIO()
    out = Out(stream)
    out.write(b"a")
    assert stream.getvalue() == b""
    out.write(b"b" * CHUNK)
    assert len(stream.getvalue()) == CHUNK + 1


def test_a_closed_stream_fails_now_and_ever_after() -> None:
    stream = io.BytesIO()
    stream.close()
    out = Out(stream)
    for _ in range(2):
        out.write(b"a")
        with pytest.raises(OutputFailed, match="standard output could not be written: it is closed"):
            out.flush()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"TERM": "xterm", "FORCE_COLOR": "0"}, True),
        ({"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_a_terminal_is_coloured_as_the_environment_asks_and_a_pipe_never(
    environ: Mapping[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for terminal, color in ((True, expected), (False, False)):
        monkeypatch.setattr(sys, "stdout", Stdout(terminal))
        out = Out.standard(environ)
        assert (out.terminal, out.color) == (terminal, color)


class Stdout:
    """Standard output that says whether it is a terminal."""

    def __init__(self, terminal: bool) -> None:
        self.buffer = self
        self.isatty = lambda: terminal
