"""The examples of the pages: run each command on a sandbox of its own, on a terminal, and keep what it prints.

A block marked `console` has commands behind `$ ` (further lines behind `> `), each followed by all that it prints. The
blocks of one section follow on one another, from a new sandbox, with NUMCTL_SANDBOX=1 set. The pages are README.md and
those in docs/ that have such blocks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.terminal import on_terminal  # noqa: E402 # the checkout beside this file is meant, installed or not

HEADING = re.compile(r"^#{2,3} .*$", re.MULTILINE)
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COLUMNS = 100

ESCAPES = re.compile("\x1b\\[[0-9;]*m")
VARYING = (
    (re.compile(r"^numctl: sandbox: fictional numbers, .*\n", re.MULTILINE), ""),
    (re.compile(r"20(?!24-03-04)\d\d-\d\d-\d\d \d\d:\d\d:\d\d"), "2026-11-24 09:30:00"),
    (re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "2026-11-24T09:30:00.000Z"),
    (re.compile(r"(bought +)20(?!24-03-04)\d\d-\d\d-\d\d"), r"\g<1>2026-11-24"),
)
"""What differs from run to run, or would stand above every answer, and what the pages have in its place."""

RUN_ID = re.compile(r"\b5[0-9a-z]{10}\b")
RUN_IDS = (
    "577300kq2z9",
    "577304m7w1c",
    "57730b2vh8t",
    "57730h9x4de",
    "57730p6r0fk",
    "57730w3n5ja",
    "577314c8zty",
    "57731bmq7g2",
)
"""What the pages have in the place of the runs of a section, by their order."""


@dataclass(frozen=True)
class Step:
    """One command as it is typed, and what it prints."""

    command: str
    output: str

    @property
    def text(self) -> str:
        """The step as a block shows it."""
        return "$ " + self.command.replace("\n", "\n> ") + "\n" + self.output


@dataclass
class Session:
    """The commands of one section, run one after another in a folder; run IDs are the same each time."""

    folder: Path
    _runs: dict[str, str] = field(default_factory=dict)

    def run(self, command: str) -> Step:
        """Run a command on a terminal without colours; its output is without what varies."""
        text = ESCAPES.sub("", on_terminal(command, self.folder, width=COLUMNS, color=False))
        return Step(command, self.steady(text))

    def steady(self, text: str) -> str:
        """What is printed, without what varies."""
        for form, stands in VARYING:
            text = form.sub(stands, text)
        return RUN_ID.sub(self._stable, text)

    def _stable(self, found: re.Match[str]) -> str:
        if found[0] not in self._runs:
            self._runs[found[0]] = RUN_IDS[len(self._runs)]
        return self._runs[found[0]]


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield each heading of a text with all that stands below it, up to the next."""
    places = [found.start() for found in HEADING.finditer(text)] + [len(text)]
    for start, end in pairwise(places):
        title, _, body = text[start:end].partition("\n")
        yield title.lstrip("# "), body


def steps(block: str) -> list[Step]:
    """The commands of one block, each with what stands below it."""
    found: list[tuple[list[str], list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0].append(line[2:])
        else:
            found[-1][1].append(line)
    return [Step("\n".join(words), "".join(f"{line}\n" for line in lines)) for words, lines in found]


def replayed(body: str) -> str:
    """A section with each command's output as it is now."""
    with TemporaryDirectory() as folder:
        session = Session(Path(folder))
        return BLOCK.sub(lambda found: f"```console\n{_texts(session, found[1])}```", body)


def _texts(session: Session, block: str) -> str:
    return "".join(session.run(step.command).text for step in steps(block))


def pages() -> list[Path]:
    """The pages that have commands to run."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
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
