"""The command tree as plain rows: what completion scripts and man pages are generated from."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Literal, get_args, get_origin

import typer

from numctl.cli.app import app, load
from numctl.cli.help import rank
from numctl.cli.verbs import VERBS, Verb
from numctl.model.settings import SETTINGS

_HELP_LINE = "Show this message and exit."


@dataclass(frozen=True)
class Option:
    """One option: its names, `--no-` forms apart, and what it takes."""

    name: str
    names: tuple[str, ...]
    off_names: tuple[str, ...] = ()
    metavar: str = ""
    help: str = ""
    panel: str = "Options"
    takes_value: bool = False
    choices: tuple[str, ...] = ()
    multiple: bool = False

    @property
    def all_names(self) -> tuple[str, ...]:
        """Return every name, those that switch off included."""
        return self.names + self.off_names


@dataclass(frozen=True)
class Argument:
    """One positional argument."""

    name: str
    metavar: str
    help: str
    required: bool
    many: bool


@dataclass(frozen=True)
class CommandTree:
    """One verb, a verb of a group (`sandbox serve`), or the program itself, whose path is empty.

    `fields` is what --fields accepts.
    """

    path: tuple[str, ...]
    panel: str
    line: str
    help: str
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...]
    commands: tuple[CommandTree, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Return the verb as it is typed after the program's name."""
        return " ".join(self.path)

    def walk(self) -> Iterator[CommandTree]:
        """Yield this command and all below it."""
        yield self
        for command in self.commands:
            yield from command.walk()


def describe() -> CommandTree:
    """Return the whole program, every verb loaded."""
    root = typer.main.get_command(app)
    verbs = tuple(map(_verb_of, VERBS.values()))
    return CommandTree((), "", str(root.help), str(root.help), _options_of(root), (), verbs)


def _verb_of(verb: Verb) -> CommandTree:
    """Return one verb; whoever takes --fields has to name what its rows look like."""
    command = _command_of(load(verb), (verb.name,), verb.panel, verb.line)
    if not any(option.name == "fields" for option in command.options):
        return command
    shapes = import_module(verb.module).SHAPES
    return replace(command, fields=tuple(dict.fromkeys(name for shape in shapes for name in shape.valid)))


def _command_of(command: Any, path: tuple[str, ...], panel: str, line: str) -> CommandTree:
    """Return one command, with those below it where it is a group."""
    below = getattr(command, "commands", {})
    text = inspect.cleandoc(command.help or "")
    arguments = tuple(_argument_of(row) for row in command.params if row.param_type_name == "argument")
    commands = tuple(_command_of(row, (*path, name), panel, _first_line(row)) for name, row in below.items())
    return CommandTree(path, panel, line, text, _options_of(command), arguments, commands)


def _first_line(command: Any) -> str:
    """Return the first line of a command's help."""
    return (command.help or "").strip().split("\n")[0]


def _options_of(command: Any) -> tuple[Option, ...]:
    """Return a command's options in the order of its help, `--help` last."""
    types = _types_of(command.callback)
    rows = [row for row in command.params if row.param_type_name == "option" and not row.hidden]
    given = sorted((_option_of(row, types.get(row.name)) for row in rows), key=lambda option: rank(option.panel))
    return (*given, Option("help", ("-h", "--help"), help=_HELP_LINE))


def _types_of(callback: Any) -> dict[str, Any]:
    """Return what a command's function says of the types of its parameters."""
    if callback is None:
        return {}
    signature = inspect.signature(callback, eval_str=True)
    return {name: row.annotation for name, row in signature.parameters.items()}


def _option_of(row: Any, annotation: Any) -> Option:
    """Return one option."""
    takes_value = not row.is_flag
    return Option(
        name=row.name,
        names=tuple(sorted(row.opts, key=len)),
        off_names=tuple(row.secondary_opts),
        metavar=(row.metavar or row.name.upper()) if takes_value else "",
        help=row.help or "",
        panel=row.rich_help_panel or "Options",
        takes_value=takes_value,
        choices=_choices_of(row.name, annotation) if takes_value else (),
        multiple=row.multiple,
    )


def _argument_of(row: Any) -> Argument:
    """Return one positional argument."""
    return Argument(row.name, row.metavar or row.name.upper(), row.help or "", row.required, row.nargs == -1)


def _choices_of(name: str, annotation: Any) -> tuple[str, ...]:
    """Return the words that an option takes, where they are a closed list."""
    return _literals(annotation) or (SETTINGS[name].choices if name in SETTINGS else ())


def _literals(annotation: Any) -> tuple[str, ...]:
    """Return the words of the Literal somewhere in an annotation, none where there is none."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    for part in get_args(annotation):
        if found := _literals(part):
            return found
    return ()
