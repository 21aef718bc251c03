"""The groups of options that several verbs take, each written once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Optional

import typer

from numctl.errors import AuthError, UsageError
from numctl.output import Kind, Output
from numctl.wording import counted, quoted

CONNECTION, OUTPUT, SAFETY = "Connection", "Output", "Safety"


@dataclass(frozen=True)
class Connection:
    """Which account to talk to, and how; before the verb or after it."""

    profile: Annotated[
        Optional[str],
        typer.Option("--profile", metavar="NAME", help="Profile (NUMCTL_PROFILE).", rich_help_panel=CONNECTION),
    ] = None
    account: Annotated[
        Optional[list[str]],
        typer.Option(
            "--account",
            metavar="ACCOUNT",
            help="Act on a subaccount: SID or exact name.",
            rich_help_panel=CONNECTION,
        ),
    ] = None
    sandbox: Annotated[
        bool,
        typer.Option("--sandbox", help="Use the sandbox: no account, no cost.", rich_help_panel=CONNECTION),
    ] = False
    timeout: Annotated[
        Optional[float],
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Seconds per request (default 60).",
            min=0.1,
            max=86400,
            rich_help_panel=CONNECTION,
        ),
    ] = None
    no_input: Annotated[bool, typer.Option("--no-input", help="Never prompt.", rich_help_panel=CONNECTION)] = False
    verbose: Annotated[
        bool,
        typer.Option("-v", "--verbose", help="Show requests on standard error.", rich_help_panel=CONNECTION),
    ] = False

    def __post_init__(self) -> None:
        """Raise UsageError for an empty value: an unset shell variable names no account."""
        if self.profile == "" or "" in (self.account or ()):
            raise UsageError(f"--{'profile' if self.profile == '' else 'account'} is empty")

    def under(self, root: Connection) -> Connection:
        """This completed by what was given before the verb."""
        return Connection(
            profile=self.profile or root.profile,
            account=list(dict.fromkeys([*(root.account or ()), *(self.account or ())])),
            sandbox=self.sandbox or root.sandbox,
            timeout=self.timeout if self.timeout is not None else root.timeout,
            no_input=self.no_input or root.no_input,
            verbose=self.verbose or root.verbose,
        )


@dataclass(frozen=True)
class Everywhere:
    """Whether to look in all accounts of the family."""

    all_accounts: Annotated[
        bool,
        typer.Option(
            "--all-accounts",
            help="Look in the account and every active subaccount.",
            rich_help_panel=CONNECTION,
        ),
    ] = False


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


def at_most_one(accounts: Sequence[str] | None) -> str | None:
    """The one account given; raises UsageError if there are several."""
    if accounts and len(accounts) > 1:
        raise UsageError("this command acts on one account: give --account once")
    return accounts[0] if accounts else None
