"""Standard error: everything that is not data."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator

from numctl.errors import NumctlError
from numctl.system.color import is_colored
from numctl.system.files import open_to_others
from numctl.text.paint import ERASE_REST, Piece, Text, line, render
from numctl.text.width import cut_to

SANDBOX = "numctl: sandbox: fictional numbers, no cost, nothing reaches the network"
"""What each verb says when it acts on the sandbox."""


def say(*texts: Text) -> None:
    """Write lines; text from outside is literal, without passwords in URLs. A terminal wraps and colours them."""
    _write(_rendered(*texts))


def on_terminal() -> bool:
    """Whether standard error is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def prompt(question: Text) -> None:
    """Write a question and stay on its line; raises OSError, ValueError or AttributeError if that fails."""
    sys.stderr.write(_rendered(question).removesuffix("\n") + " ")
    sys.stderr.flush()


def _rendered(*texts: Text) -> str:
    terminal = on_terminal()
    color = is_colored(os.environ, terminal=terminal, forcible=True)
    return render(texts, width=_width() if terminal else None, color=color)


def _width() -> int:
    """The columns of the terminal behind standard error; standard output may be another one, or none."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def show_status(text: Text) -> None:
    """Write a status line in place of the last one; the next message replaces it."""
    with _status.lock:
        shown = render([text], color=is_colored(os.environ, terminal=True)).rstrip("\n")
        _status.shown = cut_to(shown, _width() - 1)
        _put("\r" + _status.shown + ERASE_REST)


def hide_status() -> None:
    """Remove the status line."""
    with _status.lock:
        _erase()


def _erase() -> None:
    if _status.shown:
        _status.shown = ""
        _put("\r" + ERASE_REST)


class _Status:
    """The status line at the bottom of standard error; empty if there is none."""

    lock = threading.Lock()
    shown = ""


_status = _Status()


def _write(lines: str) -> None:
    with _status.lock:
        _erase()
        _put(lines)


def _put(lines: str) -> None:
    """Write to standard error; that nobody reads it any more is not an error."""
    if sys.stderr is None:
        return
    try:
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(lines.encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def say_error(error: NumctlError, *, as_json: bool) -> None:
    """Write an error: lines for a person, or JSON on one last line for a script."""
    if as_json:
        _write(json.dumps({"error": error.as_json()}) + "\n")
    else:
        say(*_error_lines(error))


def _error_lines(error: NumctlError) -> Iterator[Text]:
    message, *further = error.message.split("\n")
    yield line(Piece("numctl:", "error"), f" {message}")
    yield from further
    for advice in (error.advice() or "").splitlines():
        yield f"  {advice}"
    if error.more_info:
        yield f"  {error.more_info}"


def say_open_folders() -> None:
    """Warn of numctl folders in which other users may replace files: their content can't be trusted."""
    for folder in open_to_others():
        warn(f"other users may write to {folder}; chmod 700 closes it to them")


def warn(text: str) -> None:
    """Write a warning."""
    say(line("numctl: ", Piece("warning:", "warning"), f" {text}"))


def waiter(no_input: bool) -> Callable[[str], None] | None:
    """The function that tells a person that numctl waits for the keyring; None if nobody may be asked."""
    return None if no_input else lambda text: say(*text.split("\n"))
