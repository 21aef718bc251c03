"""The options for output and for changes that several verbs take, each written once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Optional

import typer

from numctl.errors import AuthError, UsageError
from numctl.output import Kind, Output
from numctl.wording import counted, quoted

OUTPUT, SAFETY = "Output", "Safety"


@dataclass(frozen=True)
class OutputOptions:
    """How the result is written."""

    output: Annotated[
        Optional[Kind],
        typer.Option(
            "-o",
            "--output",
            metavar="FORMAT",
            help="table, json, jsonl, csv or xlsx.",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="Short for --output json.", rich_help_panel=OUTPUT)] = False
    csv: Annotated[bool, typer.Option("--csv", help="Short for --output csv.", rich_help_panel=OUTPUT)] = False
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="One number per line.", rich_help_panel=OUTPUT)] = False
    fields: Annotated[
        Optional[str],
        typer.Option("--fields", metavar="A,B,C", help="Pick and order fields.", rich_help_panel=OUTPUT),
    ] = None

    def chosen(self) -> Output:
        """The format asked for; raises UsageError for two, or for one beside -q."""
        asked: set[Kind] = {self.output} if self.output else set()
        asked |= {"json"} if self.json else set()
        asked |= {"csv"} if self.csv else set()
        if len(asked) > 1:
            raise UsageError(f"two output formats are asked for: {' and '.join(sorted(asked))}")
        if self.quiet and (asked or self.fields is not None):
            other = f"the format {asked.pop()}" if asked else "--fields"
            raise UsageError(f"-q can't be combined with {other}: it prints one number per line")
        return Output(asked.pop() if asked else "table", self.quiet, split_names(self.fields))


@dataclass(frozen=True)
class Changing:
    """How a change is confirmed and carried out."""

    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan, change nothing.", rich_help_panel=SAFETY)
    ] = False
    exit_code: Annotated[
        bool,
        typer.Option(
            "--exit-code", help="With --dry-run: exit 10 if there is something to do.", rich_help_panel=SAFETY
        ),
    ] = False
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Do not ask.", rich_help_panel=SAFETY)] = False
    max: Annotated[
        Optional[int],
        typer.Option(
            "--max", metavar="N", help="Stop if more than N changes (NUMCTL_MAX).", min=0, rich_help_panel=SAFETY
        ),
    ] = None
    concurrency: Annotated[
        int,
        typer.Option(
            "--concurrency", metavar="N", help="Parallel changes (default 8).", min=1, max=64, rich_help_panel=SAFETY
        ),
    ] = 8

    def __post_init__(self) -> None:
        """Raise UsageError for an option that would do nothing."""
        if self.exit_code and not self.dry_run:
            raise UsageError("--exit-code needs --dry-run: a change that is made has an exit code of its own")

    def check_size(self, count: int, environ: Mapping[str, str]) -> None:
        """Raise UsageError for a plan of more changes than --max, or else NUMCTL_MAX, allows.

        Raises AuthError for a variable that is not a number of changes.
        """
        most, source = self.max, "--max"
        if most is None and (text := environ.get("NUMCTL_MAX")):
            most, source = _whole_number("NUMCTL_MAX", text), "NUMCTL_MAX"
        if most is not None and count > most:
            raise UsageError(f"the plan has {counted(count, 'change')}, {source} allows {most}; nothing was sent")


def _whole_number(variable: str, text: str) -> int:
    """The number in a variable; raises AuthError."""
    if re.fullmatch("[0-9]{1,9}", text):
        return int(text)
    raise AuthError(f"{variable} is {quoted(text)}: give a whole number, such as 20")


def split_names(text: str | None) -> tuple[str, ...] | None:
    """The names of a comma-separated list, None if none was given; raises UsageError for an empty one."""
    if text is None:
        return None
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise UsageError(f"an empty name in {quoted(text)}")
    return names
