"""A numctl that sends itself signals at a chosen place, so that a test of them is no matter of luck."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any


def at(place: str, sent: Sequence[signal.Signals]) -> None:
    """Let the program send itself signals each time it comes to a function, named as `module:Class.name`."""
    _replace(place, lambda whole: _signalling(whole, sent))


def _replace(place: str, change: Callable[[Any], Any]) -> None:
    module, _, path = place.partition(":")
    owner: Any = import_module(module)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    setattr(owner, name, change(getattr(owner, name)))


def _signalling(whole: Callable[..., Any], sent: Sequence[signal.Signals]) -> Callable[..., Any]:
    def signalling(*args: Any, **options: Any) -> Any:
        for number in sent:
            os.kill(os.getpid(), number)
        return whole(*args, **options)

    return signalling


def failing(place: str) -> None:
    """Let a function of the program fail as nobody foresaw."""

    def fail(*args: Any, **options: Any) -> Any:
        raise RuntimeError("nobody foresaw this")

    _replace(place, lambda whole: fail)


def in_a_finalizer(sent: signal.Signals) -> None:
    """Let the program send itself a signal from a finalizer, as it may come while one of urllib3's runs."""

    class Finalized:
        def __del__(self) -> None:
            os.kill(os.getpid(), sent)

    change: Any = import_module("numctl.cli.change")
    whole = change.plan_lines

    def plan_lines(*args: Any, **how: Any) -> Any:
        Finalized()
        time.sleep(1)  # far longer than it takes until the signal is sent again
        return whole(*args, **how)

    change.plan_lines = plan_lines


def take_a_second_signal() -> None:
    """Take a signal in this thread, once the main one writes again after a first signal: the write goes on."""
    from numctl.cli import signals

    while not (signals._watch.held and signals._watch.held.count == 1 and signals._watch.held.writing):
        time.sleep(0.01)
    time.sleep(0.2)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)


if __name__ == "__main__":
    from numctl.__main__ import main
    from numctl.cli import signals

    signals.LAST_SECONDS = 0.3
    if "TEST_SECOND_ELSEWHERE" in os.environ:
        threading.Thread(target=take_a_second_signal, daemon=True).start()
    sys.argv[0] = "numctl"
    main()
