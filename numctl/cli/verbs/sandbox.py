"""`numctl sandbox`: serve, load or reset the built-in stand-in for the service."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from numctl.cli.help import HelpfulCommand, HelpfulGroup, show_help
from numctl.cli.messages import say, say_open_folders
from numctl.completion import accounts, cache, runs
from numctl.errors import ExitCode, UsageError
from numctl.history.file import sandbox_history_path
from numctl.history.pruning import prune
from numctl.sandbox import default_path
from numctl.system.files import reason
from numctl.text.encoding import encoding_of
from numctl.text.stdout import write_text
from numctl.wording import counted, cut

if TYPE_CHECKING:
    from numctl.sandbox.access import ApiKey

LARGEST = 256 * 1024 * 1024
"""Twice the bytes of 100,000 numbers; larger input is not a list of numbers, or never ends."""

command = typer.Typer(
    cls=HelpfulGroup,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Serve, load or reset the sandbox.\n\nExample: numctl sandbox serve --port 8080",
)


@command.callback(invoke_without_command=True)
def group(ctx: typer.Context) -> None:
    """Show the subcommands if none is given."""
    if ctx.invoked_subcommand is None:
        show_help(ctx)
    else:
        say_open_folders()


@command.command(cls=HelpfulCommand)
def serve(
    port: Annotated[int, typer.Option("--port", metavar="N", help="0 picks a free one.", min=0, max=65535)] = 0,
    limit: Annotated[
        Optional[int],
        typer.Option("--limit", metavar="N", help="Answer 429 to more than N requests at once.", min=1),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another order of the numbers for sale.", min=0)] = 0,
    resell_released: Annotated[
        bool, typer.Option("--resell-released", help="Sell released numbers again (the service does not).")
    ] = False,
    api_key: Annotated[
        bool, typer.Option("--api-key", help="Print an API key, which reaches one account, instead of the token.")
    ] = False,
) -> ExitCode:
    """Answer the same API on loopback, until interrupted.

    Example: numctl sandbox serve --port 8080
    """
    from numctl.sandbox.access import new_key
    from numctl.sandbox.server import serve
    from numctl.sandbox.state import credentials

    account_sid, _ = credentials(default_path())
    key = new_key() if api_key else None
    serve(
        default_path(),
        port,
        ready=partial(_say_ready, account_sid, key),
        concurrency_limit=limit,
        seed=seed,
        resell_released=resell_released,
        key=key,
    )
    return ExitCode.OK


def _say_ready(account_sid: str, key: ApiKey | None, url: str, token: str) -> None:
    """Print how the sandbox is reached, as variables, once it is."""
    secret = f"TWILIO_API_KEY={key.sid}\nTWILIO_API_SECRET={key.secret}" if key else f"TWILIO_AUTH_TOKEN={token}"
    write_text(f"NUMCTL_API_URL={url}\nTWILIO_ACCOUNT_SID={account_sid}\n{secret}\n")
    say("numctl: listening; Ctrl-C stops")


@command.command(cls=HelpfulCommand)
def load(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="What `numctl list --json` printed.")],
) -> ExitCode:
    """Replace the sandbox's numbers by a copy of real ones.

    Example: numctl list --json | numctl sandbox load -
    """
    from numctl.sandbox.state import load

    count = load(default_path(), records(file))
    cache.forget("sandbox")
    accounts.forget("sandbox")
    say(f"numctl: the sandbox now holds {counted(count, 'number')}")
    return ExitCode.OK


@command.command(cls=HelpfulCommand)
def reset() -> ExitCode:
    """Bring the sandbox back to how it began, its history with it.

    Example: numctl sandbox reset
    """
    from numctl.sandbox.state import reset

    reset(default_path())
    prune(sandbox_history_path(), 0)
    cache.forget("sandbox")
    accounts.forget("sandbox")
    runs.forget(sandbox=True)
    say("numctl: the sandbox is reset, and its history is empty")
    return ExitCode.OK


def records(file: str) -> list[dict[str, Any]]:
    """The records of a JSON array, one object or JSON Lines; raises UsageError for anything else."""
    text = _content(file)
    if not text.strip():
        raise UsageError(
            f"{cut(file)}: it is empty; the sandbox was left as it is", hint="an account without numbers is []"
        )
    try:
        found = _decoded(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{cut(file)}: it is not what numctl list --json prints") from error
    if not all(isinstance(record, dict) for record in found):
        raise UsageError(f"{cut(file)}: it is not an array of numbers, as numctl list --json prints it")
    return list(found)


def _decoded(text: str) -> list[Any]:
    """The values of JSON or JSON Lines; raises ValueError or RecursionError for other text."""
    try:
        whole = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    return whole if isinstance(whole, list) else [whole]


def _content(file: str) -> str:
    """The text of a file, or of standard input for `-`; raises UsageError if it cannot be read."""
    try:
        raw = _beginning(file)
        if len(raw) > LARGEST:
            raise UsageError(
                f"{cut(file)}: it is larger than {LARGEST >> 20} MiB, which is more than the sandbox is loaded with"
            )
        return raw.decode(encoding_of(raw))
    except OSError as error:
        raise UsageError(f"{cut(file)}: cannot be read: {reason(error)}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{cut(file)}: it is not UTF-8 or UTF-16 text") from error


def _beginning(file: str) -> bytes:
    """The bytes of a file or of standard input; of one that is too large just enough to tell."""
    if not file:
        raise UsageError("FILE is empty: name a file, or - for standard input")
    if file != "-":
        with open(file, "rb") as stream:
            return stream.read(LARGEST + 1)
    if sys.stdin is None:
        raise UsageError("standard input is closed, and - reads the numbers from it")
    return sys.stdin.buffer.read(LARGEST + 1)
