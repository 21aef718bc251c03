"""A lock between processes: nobody else changes what one reads, changes and writes.

The system releases the lock when its holder ends, however it ends. The lock file stays: if it were removed, two
processes could each hold a file of that name.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from numctl.errors import Refused
from numctl.system.clock import Clock, SystemClock
from numctl.system.files import reason, touch_private

PATIENCE = 10.0
"""Seconds to wait while another program holds the lock."""

_PAUSE = 0.02
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK)
"""How POSIX and Windows say that another process has it."""

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _let_go(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def held(path: Path, what: str, clock: Clock | None = None) -> Iterator[None]:
    """Hold a lock file, created if need be; `what` names what it guards, for the message.

    A file system without locks guards nothing, and is no reason to refuse. Raises Refused if another process holds
    it for too long, or the file cannot be created.
    """
    touch_private(path)
    try:
        file = path.open("r+b", buffering=0)
    except OSError as error:
        raise Refused(f"{path}: cannot be written: {reason(error)}") from error
    with file:
        locked = _acquire(file.fileno(), what, clock or SystemClock())
        try:
            yield
        finally:
            if locked:
                _let_go(file.fileno())


def _acquire(descriptor: int, what: str, clock: Clock) -> bool:
    """False if the file system has no locks."""
    deadline = clock.now() + PATIENCE
    while True:
        try:
            _take(descriptor)
            return True
        except OSError as error:
            if error.errno not in _TAKEN:
                return False
        if clock.now() >= deadline:
            raise Refused(f"another numctl is changing {what}", hint="try again when it has finished")
        clock.sleep(_PAUSE)
