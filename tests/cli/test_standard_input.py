"""Standard input and files that are closed, empty, a folder or without an end: exit 2, one line, and no more memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from numctl.cli import targets
from numctl.cli.verbs import sandbox as loading
from numctl.errors import UsageError
from tests.cli.program import COMMAND, alone, numctl, sandbox

posix = pytest.mark.skipif(os.name != "posix", reason="closing a stream and /dev/zero are POSIX's")
MIB = 1024 * 1024


@posix
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("sandbox", "load", "-"), "standard input is closed, and - reads the numbers from it"),
        (("release", "-", "--sandbox", "--yes"), "standard input is closed, and - reads NUMBERs from it"),
    ],
    ids=["sandbox load", "release"],
)
def test_what_is_closed_is_said(words: tuple[str, ...], message: str) -> None:
    shell = ["sh", "-c", 'exec "$0" "$@" <&-', *COMMAND, *words]
    done = subprocess.run(shell, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"numctl: {message}\n")


@posix
@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("", "FILE is empty: name a file, or - for standard input"),
        (".", ".: cannot be read: Is a directory"),
        ("missing.json", "missing.json: cannot be read: No such file or directory"),
    ],
)
def test_what_is_no_file_to_load_is_said(file: str, message: str) -> None:
    ended = numctl("sandbox", "load", file)
    assert (ended.code, ended.out, ended.err) == (2, "", f"numctl: {message}\n")


@posix
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other units")
@pytest.mark.parametrize(
    ("words", "message", "mebibytes"),
    [
        (("sandbox", "load", "/dev/zero"), "/dev/zero: it is larger than 256 MiB", 400),
        (("sandbox", "load", "-"), "-: it is larger than 256 MiB", 400),
        (("set", "-", "--voice-url", "https://voice.example.com/", "--sandbox"), "holds more than 16 MiB", 150),
    ],
    ids=["file", "standard input", "NUMBERs"],
)
def test_what_has_no_end_is_refused(words: tuple[str, ...], message: str, mebibytes: int) -> None:
    measure = (
        "import resource, subprocess, sys\n"
        "code = subprocess.call(sys.argv[1:], stdin=open('/dev/zero'))\n"
        f"assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < {mebibytes} * 1024\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run([sys.executable, "-c", measure, *COMMAND, *words], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert message in done.stderr


def test_what_has_the_largest_size_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(loading, "LARGEST", 10)
    (tmp_path / "most").write_bytes(b"[]".ljust(10))
    assert loading.records(str(tmp_path / "most")) == []
    (tmp_path / "most").write_bytes(b"[]".ljust(11))
    with pytest.raises(UsageError, match="it is larger than"):
        loading.records(str(tmp_path / "most"))
    assert targets.LARGEST == 16 * MIB
    lines = b"+14155550100\n".ljust(targets.LARGEST, b"\n")
    assert (
        sandbox("show", "+14155550100", "-q").out == sandbox("set", "-", "--sms-method", "POST", "-q", stdin=lines).out
    )
    assert alone("release", "-", "--yes", "--sandbox", stdin=lines + b"\n").code == 2
