"""The application: its verbs, the options before them, and the one boundary where errors become exit codes."""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand

from numctl.cli.branching import Branching
from numctl.cli.connection import Connection
from numctl.cli.help import HelpfulCommand, HelpfulGroup, show_help
from numctl.cli.option_groups import flatten
from numctl.cli.signals import Signalled, Watch, watched
from numctl.cli.usage import wrong_line
from numctl.cli.verbs import EXAMPLES, MEANINGS, PURPOSE, VERBS, Verb
from numctl.errors import ExitCode, Interrupted, NumctlError
from numctl.text.stdout import ReaderGone, write_text

if TYPE_CHECKING:
    from numctl.cli.commands import CommandTree

_START = """Start here:
  numctl list --sandbox     try it: no account, no network, no cost
  numctl login              store an account's credentials in the keyring
  numctl --help             all commands; numctl COMMAND --help explains one
"""


class _Root(HelpfulGroup):
    """Load a verb when it is called, and turn every error into a line and an exit code."""

    meanings = MEANINGS
    examples = EXAMPLES

    def __init__(self, **attrs: Any) -> None:
        stubs = {verb.name: _stub(verb) for verb in VERBS.values()}
        super().__init__(**(attrs | {"commands": stubs}))

    def list_commands(self, ctx: Any) -> list[str]:
        """The verbs in the order of the help."""
        return list(VERBS)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The called verb, loaded; `help VERB` is `VERB --help`, and `help` is `--help`."""
        if args[0] == "help" and "--json" in args:
            self._say_json([word for word in args[1:] if word != "--json"])
            ctx.exit()
        if args == ["help"]:
            show_help(ctx)
        words = [*args[1:], "--help"] if args[0] == "help" else args
        name, _, rest = super().resolve_command(ctx, words)
        return name, load(VERBS[name]) if name else None, rest

    def described(self) -> CommandTree:
        """Describe the program with all its commands, each loaded."""
        from numctl.cli.commands import command_of  # a command that runs needs nothing of it

        root = command_of(self, ())
        verbs = (command_of(load(verb), (verb.name,), verb.panel, verb.line) for verb in VERBS.values())
        return replace(root, commands=tuple(verbs))

    def _say_json(self, words: list[str]) -> None:
        from numctl.cli.help_json import document

        write_text(document(self.described(), words))

    def main(
        self, args: Sequence[str] | None = None, *rest: Any, finish: Callable[[], None] | None = None, **options: Any
    ) -> NoReturn:
        """Run, and exit with the code; `finish` ends a process that runs only this command."""
        words = list(sys.argv[1:] if args is None else args)
        run = super().main
        with watched(finish) as watch:
            code = _bounded(lambda: run(words, *rest, **(options | {"standalone_mode": False})), words, watch)
        sys.exit(code)


def _stub(verb: Verb) -> TyperCommand:
    """A verb's place in the list of commands; its module loads when it is called."""
    return TyperCommand(verb.name, short_help=verb.line, help=verb.line, rich_help_panel=verb.panel)


def load(verb: Verb) -> Any:
    """The verb's command, built from the function or the group that its module defines."""
    module = import_module(verb.module)
    command = _built(verb, module)
    if any(row.name == "fields" for row in command.params):
        command.fields = tuple(dict.fromkeys(name for shape in module.SHAPES for name in shape.valid))
    return command


def _built(verb: Verb, module: Any) -> Any:
    if isinstance(module.command, typer.Typer):
        group = typer.main.get_command(module.command)
        group.name = verb.name
        return group
    below = getattr(module, "below", None)
    if below is None:
        return _single(verb.name, module.command, HelpfulCommand)
    command = _single(verb.name, module.command, Branching)
    command.commands = {name: _single(name, function, HelpfulCommand) for name, function in below.items()}
    return command


def _single(name: str, function: Callable[..., Any], kind: type[HelpfulCommand]) -> Any:
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, context_settings=_HELP)
    app.command(name, cls=kind)(flatten(function))
    return typer.main.get_command(app)


def _bounded(run: Callable[[], Any], words: Sequence[str], watch: Watch) -> int:
    """The exit code of a run; a failure is reported first."""
    try:
        code = int(run() or 0)
        watch.over = True
    except BaseException as error:
        watch.over = True
        return _ended_with(error, words)
    return code if code != ExitCode.INTERRUPTED else _interrupted(words)  # Typer makes a code of the exception


def _ended_with(ending: BaseException, words: Sequence[str]) -> int:
    """The exit code for an error; it is reported first."""
    try:
        raise ending
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted(words)
    except Signalled as signalled:
        return _complain(signalled.ending, words)
    except ReaderGone:
        return ExitCode.OK
    except NumctlError as error:
        return _complain(error, words)
    except typer.TyperException as error:
        return _complain(wrong_line(error, words), words)
    except Exception as error:
        return _ended_by(error, words)


def _interrupted(words: Sequence[str]) -> int:
    return _complain(Interrupted("interrupted"), words)


def _ended_by(error: Exception, words: Sequence[str]) -> int:
    """The exit code for an unexpected failure, or a full disk."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        place = f"{error.filename}: " if error.filename else "a temporary file could not be written: "
        return _complain(NumctlError(f"{place}{error.strerror}"), words)
    reason = f"{type(error).__name__}: {error}".split("\n")[0]
    return _complain(NumctlError(f"something unexpected happened: {reason}", hint="this is a bug in numctl"), words)


def _complain(error: NumctlError, words: Sequence[str]) -> int:
    """Report an error in the form that the command line asked for, and return its exit code."""
    from numctl.cli.messages import say_error

    say_error(error, as_json=asks_for_json(words))
    return error.exit_code


def asks_for_json(words: Sequence[str]) -> bool:
    """Whether a command line asks for JSON, even one that could not be parsed."""
    return any(
        word == "--json"
        or re.fullmatch(r"(--output=|-[a-z]*o)jsonl?", word)
        or (re.fullmatch(r"--output|-[a-z]*o", word) and following in ("json", "jsonl"))
        for word, following in pairwise([*words, ""])
    )


_HELP = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(
    cls=_Root,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=_HELP,
    help=PURPOSE,
)


def _show_version(asked: bool) -> None:
    if asked:
        from numctl import __version__

        write_text(f"numctl {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
@flatten
def root(
    ctx: typer.Context,
    connection: Connection,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_show_version, is_eager=True, rich_help_panel="Help"
        ),
    ] = False,
) -> None:
    """Keep the options given before the command; without a command, say where to start."""
    ctx.obj = connection
    if ctx.invoked_subcommand is None:
        write_text(_START)
