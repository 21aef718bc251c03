"""numctl inside the test's own process: with a clock on which waiting takes no time, and hooks where others act."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from numctl.cli import session
from numctl.cli.app import app
from tests.cli.program import Ended
from tests.cli.served import pointed_at
from tests.wire.fake_clock import FakeClock
from tests.wire.service import Service


class Person:
    """A terminal at which somebody answers each question; `meanwhile` happens while the first one stands."""

    def __init__(self, answer: str, meanwhile: Callable[[], object]) -> None:
        self.answer, self.meanwhile, self.asked = answer, meanwhile, 0

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        self.asked += 1
        if self.asked == 1:
            self.meanwhile()
        return f"{self.answer}\n"


def numctl(
    service: Service,
    *words: str,
    clock: FakeClock | None = None,
    answer: str = "",
    meanwhile: Callable[[], object] = lambda: None,
    env: dict[str, str] | None = None,
) -> Ended:
    """Run numctl against a server; without an answer there is nobody to ask."""
    stdin = Person(answer, meanwhile) if answer else io.StringIO()
    written, err = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(written, encoding="utf-8")
    code = 0
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(sys, "stdin", stdin),
        patch.object(sys, "argv", ["numctl", *words]),
        patch.object(session, "SystemClock", lambda: clock or FakeClock()),
        patch.dict(os.environ, {**pointed_at(service), **(env or {})}),
    ):
        try:
            app([*words])
        except SystemExit as ended:
            code = int(ended.code or 0)
    out.flush()
    return Ended(code, written.getvalue().decode(), err.getvalue())
