"""How far a run or a reading is: on a terminal only, and gone when it is over."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace

import pytest

from numctl.cli import progress
from tests.cli.program import FRONT_DESK
from tests.cli.screen import ESCAPES, Terminal, screen

MOVES = re.compile(r"\r|\n|\x1b\[(\d*)([A-Za-z])|\x1b\[\?\d+[hl]|[^\x1b\r\n]+")
PATIENCE = 30


def left(text: str) -> list[str]:
    """What a terminal shows in the end, line by line."""
    lines, row = [""], 0
    for move in MOVES.finditer(text):
        if move[0] == "\r":
            lines[row] = lines[row] if text[move.end() : move.end() + 1] == "\n" else "\r" + lines[row]
        elif move[0] == "\n":
            row += 1
            lines += [""] if row == len(lines) else []
        elif move[2] == "K":
            lines[row] = ""
        elif move[2] == "A":
            row -= int(move[1] or 1)
        elif not move[0].startswith("\x1b"):
            lines[row] = move[0] if lines[row].startswith("\r") else lines[row] + move[0]
    return lines


def test_a_run_over_enough_numbers_shows_how_far_it_is() -> None:
    ended = screen("buy", "--area-code", "416", "--count", "12", "--yes", err_terminal=True)
    assert ended.code == 0
    assert re.search(r"Buying +\d+/12 .*· \d+ s left", ended.err)
    assert [line for line in left(ended.err) if "Buying" in line or "Searching" in line] == []
    assert "12 bought." in left(ended.err)


def test_what_has_failed_is_counted_while_the_others_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(shown, encoding="utf-8"))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("numctl.cli.progress.time", SimpleNamespace(monotonic=count(step=0.1).__next__))
    with progress.Progress(300) as bar:
        for place in range(87):
            bar.advance(failed=place in (20, 60))
        bar._bar.refresh()
        sys.stderr.flush()
        assert re.search(r"Changing +87/300 [━╸]+ · 2 failed · 21 s left", ESCAPES.sub("", shown.getvalue().decode()))


@pytest.mark.parametrize("how", [{"err_terminal": False}, {"err_terminal": True, "columns": 80}])
def test_nothing_of_it_is_in_a_pipe_or_on_a_terminal_that_cannot_move(
    how: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    ended = screen("buy", "--area-code", "416", "--count", "12", "--yes", **how)  # type: ignore[arg-type]  # flags
    assert (ended.code, re.search("Buying|Searching|\x1b|\r", ended.err)) == (0, None)


def test_a_short_run_has_no_bar() -> None:
    ended = screen("set", FRONT_DESK, "--friendly-name", "Reception", err_terminal=True)
    assert (ended.code, "Changing" in ended.err, "\x1b[?25l" in ended.err) == (0, False, False)


def test_a_reading_that_takes_long_says_how_many_there_are_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(shown, encoding="utf-8", write_through=True))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_TICK", 0.01)

    def pages() -> Iterator[list[int]]:
        until(shown, "Reading numbers…")
        yield [1, 2, 3]
        until(shown, "Reading numbers: 3 so far…")
        yield [4]

    assert list(progress.with_progress(pages(), "numbers")) == [[1, 2, 3], [4]]
    assert left(shown.getvalue().decode()) == [""]


def until(shown: Terminal, text: str) -> None:
    begun = time.monotonic()
    while text not in shown.getvalue().decode():
        if time.monotonic() - begun > PATIENCE:
            raise TimeoutError(text)
        time.sleep(0.01)
