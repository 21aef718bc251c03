"""numctl on a terminal, in the test's own process: what it shows at a width, and what a screen is to look like.

A screen in `screens/` marks styled text with tags: `<b>` bold, `<red>`, `<green>`, `<yellow>`, `<cyan>`, `<dim>`.
"""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from numctl.cli.app import app
from numctl.model.number import Record
from numctl.sandbox import seeds
from numctl.text.width import cell_width
from tests.cli.program import Ended

WIDTHS = (40, 60, 80, 100, 160)
BOTH = pytest.mark.parametrize("color", [False, True], ids=["plain", "colored"])
SCREENS = Path(__file__).with_name("screens")
STYLES = {"b": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36}
TAG = re.compile(rf"<(/?)({'|'.join(STYLES)})>")


class Terminal(io.BytesIO):
    """Standard output that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def seeded(phone_number: str, **changes: Any) -> Record:
    """A number of a fresh sandbox, changed."""
    return next(record for record in seeds.numbers() if record["phone_number"] == phone_number) | changes


def screen(
    *words: str, columns: int = 80, color: bool = False, terminal: bool = True, err_terminal: bool = False
) -> Ended:
    """Run numctl on the sandbox with standard output on a terminal, or in a pipe; standard error too if asked."""
    written, told = (Terminal() if shown else io.BytesIO() for shown in (terminal, err_terminal))
    out, err = io.TextIOWrapper(written, encoding="utf-8"), io.TextIOWrapper(told, encoding="utf-8")
    look = {"COLUMNS": str(columns), "NUMCTL_SANDBOX": "1", "NO_COLOR": "" if color else "1"}
    code = 0
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(sys, "argv", ["numctl", *words]),
        patch.dict(os.environ, look),
    ):
        try:
            app([*words])
        except SystemExit as ended:
            code = int(ended.code or 0)
    out.flush()
    err.flush()
    return Ended(code, written.getvalue().decode(), told.getvalue().decode())


def expected(name: str, *, color: bool = False, **given: str) -> str:
    """A screen as text, `{name}` in it replaced by what is given."""
    text = (SCREENS / f"{name}.txt").read_text(encoding="utf-8")
    for placeholder, value in given.items():
        text = text.replace(f"{{{placeholder}}}", value)
    return TAG.sub(lambda tag: "\x1b[0m" if tag[1] else f"\x1b[{STYLES[tag[2]]}m", text) if color else TAG.sub("", text)


ESCAPES = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")
WORDS = re.compile(r"(?:'[^']*'|[^\s'])+")


def too_wide(text: str, columns: int) -> list[str]:
    """The lines that do not fit, except those of a single word, which may be one of the shell in quotes."""
    lines = ESCAPES.sub("", text.replace("\r", "\n")).splitlines()
    return [line for line in lines if cell_width(line) > columns and len(WORDS.findall(line.removesuffix(" \\"))) > 1]
