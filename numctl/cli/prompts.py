"""Ask on standard error, and read the answer from the terminal; if nobody can be asked, it is No."""

from __future__ import annotations

import os
import re
import sys
from contextlib import nullcontext, suppress
from io import UnsupportedOperation
from typing import IO, Any

from numctl.cli.messages import prompt, say
from numctl.errors import Cancelled, Interrupted
from numctl.model.ids import SEPARATORS
from numctl.wording import quoted

_WITHOUT_TERMINAL = "nothing was changed; use --yes to run without a terminal"

_SLICE = 0.2
"""Seconds between looks for a signal while a question waits for its answer."""


def ask(question: str, *, no_input: bool, stdin_taken: bool) -> str:
    """The line typed in answer; raises Cancelled if nobody can be asked.

    `stdin_taken` says that standard input carries NUMBERs or a sheet: then the controlling terminal answers.
    """
    if no_input:
        raise Cancelled("not confirmed: --no-input was given", hint="nothing was changed; --yes confirms")
    with _terminal(stdin_taken) as answers:
        try:
            _prompt(question)
            line = _line(answers)
        except KeyboardInterrupt:
            say("")
            raise Interrupted("interrupted: nothing was changed") from None
    if not line:
        say("")
        raise Cancelled("not confirmed: no answer", hint=_WITHOUT_TERMINAL)
    return str(line).strip()


def _line(answers: IO[str]) -> str:
    """The line typed. numctl waits in slices, since a signal just before a read doesn't end the read.

    A Windows console cannot be waited for in this way, and ends a read at Ctrl-C by itself.
    """
    with suppress(AttributeError, UnsupportedOperation):  # no file of the system's, where a program runs numctl
        descriptor = answers.fileno()
        while os.name != "nt" and not _is_typed(descriptor):
            pass
    return answers.readline()


def _is_typed(descriptor: int) -> bool:
    """Wait for one slice, and say whether there is something to read."""
    import select

    return bool(select.select([descriptor], [], [], _SLICE)[0])


def _prompt(question: str) -> None:
    """Write a question, and stay on its line; raises Cancelled if nobody can see it."""
    try:
        prompt(question)
    except (AttributeError, OSError, ValueError) as error:  # standard error is closed, or cannot be written
        raise Cancelled("not confirmed: the question could not be written", hint=_WITHOUT_TERMINAL) from error


def _terminal(stdin_taken: bool) -> Any:
    """Where answers are read from, as a context; raises Cancelled without a terminal."""
    if not stdin_taken and sys.stdin is not None and sys.stdin.isatty():
        return nullcontext(sys.stdin)
    if stdin_taken:
        try:
            return _controlling_terminal()
        except OSError:
            pass
    raise Cancelled("not confirmed: there is no terminal to ask on", hint=_WITHOUT_TERMINAL)


def _controlling_terminal() -> IO[str]:
    """Open the terminal of the process; raises OSError if there is none."""
    name = "CONIN$" if os.name == "nt" else "/dev/tty"
    return open(name, encoding="utf-8", errors="replace")


def confirm(question: str, *, no_input: bool, stdin_taken: bool) -> None:
    """Ask a yes-or-no question whose default is No; raises Cancelled unless the answer is yes."""
    answer = ask(f"{question} [y/N]", no_input=no_input, stdin_taken=stdin_taken)
    if answer.lower() not in ("y", "yes"):
        raise Cancelled("not confirmed: nothing was changed")


def confirm_by_typing(question: str, expected: str, *, no_input: bool, stdin_taken: bool) -> None:
    """Ask for a number or a count to be typed, separators and all; raises Cancelled unless it is that."""
    answer = ask(question, no_input=no_input, stdin_taken=stdin_taken)
    if re.sub(SEPARATORS, "", answer) != expected:
        raise Cancelled(f"not confirmed: {quoted(answer)} is not {expected}; nothing was changed")
