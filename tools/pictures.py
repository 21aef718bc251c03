"""The pictures of the pages: real output of numctl on the sandbox, as a terminal shows it, drawn by rich as SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tools.terminal import on_terminal
from tools.transcripts import Session


class Scene(NamedTuple):
    """A command, shown behind a prompt, with what is typed at its questions."""

    command: str
    answers: tuple[str, ...] = ()


WIDTH = 112
SHEET = (
    "numctl list --csv --fields phone_number,friendly_name,voice_url,sms_url | "
    "sed 's/old.example.com/voice.fabrikam.com/; s/Front desk/Reception/; s/Reminders/Reminders SMS/' > numbers.csv"
)
"""The sheet that somebody edited, before the picture begins."""

SCENES: dict[str, tuple[str, tuple[Scene, ...]]] = {
    "story": (
        "",
        (
            Scene("numctl set +14155550100 +15035550111 --voice-url https://calls.fabrikam.com/in", ("y",)),
            Scene("numctl undo", ("y",)),
        ),
    ),
    "list": ("", (Scene("numctl list"),)),
    "plan": (SHEET, (Scene("numctl apply numbers.csv", ("",)),)),
    "results": ("", (Scene("numctl buy +14155550151 +14155550174 +14155559999 --yes"),)),
    "audit": ("", (Scene("numctl audit"),)),
}
"""Each picture by its name: what is prepared, and what is seen."""

BAR = """
import sys, time
from numctl.cli import progress
now = iter(range(10**6))
class clock:
    monotonic = staticmethod(lambda: next(now) * 0.066)
progress.time = clock
with progress.Progress(300) as bar:
    for count in range(87):
        bar.advance(failed=count in (20, 60))
    bar._bar.refresh()
    sys.stderr.flush()
    import os; os._exit(0)
"""
"""The bar of a long run as it stands after 87 of 300 changes."""

FONT = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""Rich names fonts on another host; the pictures need none."""


def pictures() -> dict[str, str]:
    """The SVG of each picture, by the name of its file."""
    drawn = {f"{name}.svg": _drawn(_seen(before, scenes)) for name, (before, scenes) in SCENES.items()}
    return drawn | {"progress.svg": _drawn([("numctl set - --voice-url https://calls.fabrikam.com/in --yes", _bar())])}


def _seen(before: str, scenes: tuple[Scene, ...]) -> Iterator[tuple[str, str]]:
    with TemporaryDirectory() as folder:
        session = Session(Path(folder))
        if before:
            session.run(before)
        for command, answers in scenes:
            text = on_terminal(command, Path(folder), width=WIDTH, color=True, answers=answers)
            yield command, session.steady(text)


def _bar() -> str:
    with TemporaryDirectory() as folder:
        script = Path(folder) / "bar.py"
        script.write_text(BAR, encoding="utf-8")
        frames = on_terminal(f"python {script}", Path(folder), width=WIDTH, color=True)
    return re.split(r"\r\x1b\[2K|\x1b\[\?25[lh]", frames.rstrip("\x1b[?25h"))[-1].strip("\r\n")


def _drawn(scenes: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> str:
    from rich.console import Console
    from rich.terminal_theme import MONOKAI
    from rich.text import Text

    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    for command, text in scenes:
        console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
        console.print(Text.from_ansi(text.rstrip("\n")))
    drawn = console.export_svg(title="numctl", theme=MONOKAI, unique_id="numctl")
    return "\n".join(line.rstrip() for line in FONT.sub("", drawn).splitlines()) + "\n"
