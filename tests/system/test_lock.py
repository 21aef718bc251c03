"""A lock between programs: one at a time, released whatever ends its holder, and no obstacle where there are none."""

from __future__ import annotations

import errno
import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from numctl.errors import ExitCode, Refused
from numctl.system import lock
from tests.wire.fake_clock import FakeClock

HOLDER = """
import sys
from pathlib import Path
from numctl.system.lock import held

with held(Path(sys.argv[1]), "the file"):
    print("held", flush=True)
    sys.stdin.read()
"""
COUNTER = """
import sys
from pathlib import Path
from numctl.system.lock import held

for _ in range(25):
    with held(Path(sys.argv[1]), "the count"):
        count = int(Path(sys.argv[2]).read_text())
        Path(sys.argv[2]).write_text(str(count + 1))
"""


def started(program: str, *paths: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", program, *map(str, paths)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_what_several_programs_count_is_counted_once_each(tmp_path: Path) -> None:
    (tmp_path / "count").write_text("0")
    programs = [started(COUNTER, tmp_path / "count.lock", tmp_path / "count") for _ in range(4)]
    assert [program.wait(60) for program in programs] == [0] * 4
    assert (tmp_path / "count").read_text() == "100"


def test_a_lock_that_another_program_keeps_is_waited_for_and_then_refused(tmp_path: Path) -> None:
    path, clock = tmp_path / "it.lock", FakeClock()
    holder = started(HOLDER, path)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(Refused) as caught, lock.held(path, "the profiles", clock):
            pytest.fail("two hold it")
        assert (caught.value.exit_code, caught.value.message) == (
            ExitCode.REFUSED,
            "another numctl is changing the profiles",
        )
        assert caught.value.hint == "try again when it has finished"
        assert sum(clock.slept) == pytest.approx(lock.PATIENCE, abs=0.1)
    finally:
        holder.kill()
        holder.wait()
    with lock.held(path, "the profiles", FakeClock()):  # its holder was killed
        pass


def test_it_is_let_go_whatever_ended_the_work_and_may_be_held_again(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "it.lock"
    with pytest.raises(ZeroDivisionError), lock.held(path, "it"):
        raise ZeroDivisionError
    with lock.held(path, "it", FakeClock()):
        pass
    assert path.read_bytes() == b""


def test_a_file_system_without_locks_is_no_reason_to_refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def take(descriptor: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock, "_take", take)
    monkeypatch.setattr(lock, "_let_go", take)
    with lock.held(tmp_path / "it.lock", "it", FakeClock()):
        pass


@pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX's")
def test_its_file_is_its_owners_and_never_reached_through_a_link(tmp_path: Path) -> None:
    path = tmp_path / "it.lock"
    with lock.held(path, "it"):
        assert stat.S_IMODE(os.lstat(path).st_mode) == 0o600
    (tmp_path / "link.lock").symlink_to(path)
    with pytest.raises(Refused, match="is a symbolic link"), lock.held(tmp_path / "link.lock", "it"):
        pytest.fail("a link was followed")


class Msvcrt(ModuleType):
    """What Windows offers: a byte of a file is locked, and refused with EACCES while another has it."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def __init__(self, refusals: int) -> None:
        super().__init__("msvcrt")
        self.refusals = refusals
        self.calls: list[tuple[int, int]] = []

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        self.calls.append((mode, count))
        if mode == self.LK_NBLCK and self.refusals:
            self.refusals -= 1
            raise PermissionError(errno.EACCES, "Permission denied")


def on_windows(monkeypatch: pytest.MonkeyPatch, msvcrt: Msvcrt) -> Any:
    """Return `held` as it is on Windows."""
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "win32")
        return runpy.run_path(lock.__file__)["held"]


def test_on_windows_one_byte_is_locked_and_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    msvcrt, clock = Msvcrt(refusals=2), FakeClock()
    with on_windows(monkeypatch, msvcrt)(tmp_path / "it.lock", "it", clock):
        assert msvcrt.calls == [(2, 1)] * 3
    assert (msvcrt.calls[3:], len(clock.slept)) == ([(0, 1)], 2)
