"""The README's picture: real output of numctl on the sandbox, as a terminal shows it, drawn by rich as an SVG."""

from __future__ import annotations

import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.transcripts import on_terminal

COMMANDS = (
    "numctl list --sandbox --limit 5",
    "numctl set +14155550100 +15035550111 --voice-url https://calls.example.net/voice --sandbox --dry-run",
)
WIDTH = 112
FONT = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
"""Rich names fonts on another host; the picture is to need none."""


def picture() -> str:
    """Return the SVG of the commands and what they print."""
    from rich.console import Console
    from rich.terminal_theme import MONOKAI
    from rich.text import Text

    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    with TemporaryDirectory() as folder:
        for command in COMMANDS:
            console.print(Text(f"$ {command}", style="bold green"))
            console.print(Text.from_ansi(on_terminal(command, Path(folder), width=WIDTH, color=True)))
    drawn = console.export_svg(title="numctl", theme=MONOKAI, unique_id="numctl")
    return "\n".join(line.rstrip() for line in FONT.sub("", drawn).splitlines()) + "\n"
