"""Bound a call from outside, so that a hung server or a mute keyring cannot hang numctl."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Expired(Exception):
    """The call did not return in time; its thread is abandoned."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns, or raise what it raises, within so many seconds.

    A daemon thread does the work, because neither a socket's timeout (a trickled header resets it) nor a pool of
    threads (joined at exit) ends a call that hangs. Raises Expired; the thread then goes on unheard until the
    process ends.
    """
    result: list[Any] = []
    failure: list[BaseException] = []
    done = threading.Event()

    def work() -> None:
        try:
            result.append(call())
        except BaseException as error:
            failure.append(error)
        finally:
            done.set()

    threading.Thread(target=work, daemon=True).start()
    if not done.wait(max(seconds, 0)):
        raise Expired
    if failure:
        raise failure[0]
    returned: T = result[0]
    return returned
