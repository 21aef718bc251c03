"""The examples of the pages: run each command on a sandbox of its own, on a terminal, and hold what it prints.

A block marked `console` has commands behind `$ ` (further lines behind `> `), each followed by all that it prints. The
blocks of one section follow on one another, from a new sandbox, with NUMCTL_SANDBOX=1 set. The pages are README.md and
those in docs/ that have such blocks.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

HEADING = re.compile(r"^#{2,3} .*$", re.MULTILINE)
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COLUMNS = 100
PLAIN = {"TERM": "dumb", "NO_COLOR": "1"}
COLOR = {"TERM": "xterm-256color", "FORCE_COLOR": "1"}
PATIENCE = 60
"""Seconds after which a command is taken to hang."""

VARYING = (
    (re.compile("\x1b\\[[0-9;]*m"), ""),
    (re.compile(r"^numctl: sandbox: fictional numbers, .*\n", re.MULTILINE), ""),
    (re.compile(r"\b5[0-9a-z]{10}\b"), "577300kq2z9"),
    (re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\dZ"), "2026-11-24 09:30Z"),
    (re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d"), "2026-11-24 09:30:00"),
    (re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "2026-11-24T09:30:00.000Z"),
)
"""What differs from run to run, or would stand above every answer, and what the pages have in its place."""


@dataclass(frozen=True)
class Step:
    """One command as it is typed, and what it prints."""

    command: str
    output: str

    @property
    def text(self) -> str:
        """Return the step as a block shows it."""
        return "$ " + self.command.replace("\n", "\n> ") + "\n" + self.output


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield each heading of a text with all that stands below it, up to the next."""
    places = [found.start() for found in HEADING.finditer(text)] + [len(text)]
    for start, end in pairwise(places):
        title, _, body = text[start:end].partition("\n")
        yield title.lstrip("# "), body


def steps(block: str) -> list[Step]:
    """Return the commands of one block, each with what stands below it."""
    found: list[tuple[list[str], list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0].append(line[2:])
        else:
            found[-1][1].append(line)
    return [Step("\n".join(words), "".join(f"{line}\n" for line in lines)) for words, lines in found]


def printed(command: str, folder: Path) -> str:
    """Run a command in a folder, on a terminal without colours, and return what it printed, less what varies."""
    text = on_terminal(command, folder, width=COLUMNS, color=False)
    for form, stands in VARYING:
        text = form.sub(stands, text)
    return text


def on_terminal(command: str, folder: Path, *, width: int, color: bool) -> str:
    """Run a command in a folder, with a home of its own there, and return what a terminal of this width gets."""
    import pexpect

    home = {f"XDG_{name}_HOME": str(folder / ".home" / name.lower()) for name in ("CONFIG", "STATE", "CACHE")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**kept(), **home, "HOME": str(folder / ".home"), "PATH": path}
    shell = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile", "-c", command],
        cwd=str(folder),
        env={**environ, "NUMCTL_SANDBOX": "1", "LOGNAME": "ops", **(COLOR if color else PLAIN)},
        dimensions=(50, width),
        encoding="utf-8",
        timeout=PATIENCE,
    )
    shell.expect(pexpect.EOF)
    shell.close()
    return str(shell.before).replace("\r\n", "\n")


def kept() -> dict[str, str]:
    """Return the environment without whatever would lead to a real account, or change how it looks."""
    foreign = ("TWILIO_", "NUMCTL_", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def replayed(body: str) -> str:
    """Return a section with each command's output as it is now."""
    with TemporaryDirectory() as folder:
        return BLOCK.sub(lambda found: f"```console\n{''.join(run(found[1], Path(folder)))}```", body)


def run(block: str, folder: Path) -> Iterator[str]:
    """Run the commands of one block and yield each with what it prints."""
    for step in steps(block):
        yield Step(step.command, printed(step.command, folder)).text


def pages() -> list[Path]:
    """Return the pages that have commands to run."""
    root = Path(__file__).resolve().parent.parent
    found = [root / "README.md", *sorted((root / "docs").glob("*.md"))]
    return [page for page in found if BLOCK.search(page.read_text(encoding="utf-8"))]


def main() -> None:
    """Bring the outputs in the pages up to date."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for _, body in sections(text):
            if BLOCK.search(body):
                text = text.replace(body, replayed(body))
        page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
