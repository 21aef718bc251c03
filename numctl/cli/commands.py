"""One command as plain data, from which help, man pages, completion scripts and `help --json` are made."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args, get_origin

from numctl.cli.verbs import ACCOUNT, NUMBERS, SHEETS, TOOLS

HELP = "Help"
_FIRST = ("Arguments", "Commands", NUMBERS, SHEETS, ACCOUNT, TOOLS)
_LAST = ("Safety", "Output", "Connection", HELP)
"""Panels at the start and the end of each help; a command's own, then the settings, come between."""

_HELP_LINE = "Show this help."
_TYPES = {bool: "boolean", int: "integer", float: "number"}


@dataclass(frozen=True)
class Option:
    """One option: its names (`--no-` forms are `off_names`), and its value."""

    name: str
    names: tuple[str, ...]
    off_names: tuple[str, ...] = ()
    metavar: str = ""
    help: str = ""
    panel: str = HELP
    type: str = "boolean"
    choices: tuple[str, ...] = ()
    multiple: bool = False
    required: bool = False
    default: Any = None
    bounds: tuple[float | None, float | None] = (None, None)

    @property
    def takes_value(self) -> bool:
        """Whether it takes a value; a switch does not."""
        return bool(self.metavar)

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name, the `--no-` forms included."""
        return self.names + self.off_names


@dataclass(frozen=True)
class Argument:
    """One positional argument."""

    name: str
    metavar: str
    help: str
    required: bool
    many: bool
    choices: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """The argument in a usage line."""
        shown = f"{self.metavar}..." if self.many else self.metavar
        return shown if self.required else f"[{shown}]"


@dataclass(frozen=True)
class CommandTree:
    """A command, a subcommand (`sandbox serve`), or the program itself, whose path is empty.

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
    examples: tuple[str, ...] = field(default=(), compare=False)

    @property
    def words(self) -> str:
        """The command as it is typed after the program's name."""
        return " ".join(self.path)

    @property
    def by_itself(self) -> bool:
        """Whether it can be called without a subcommand."""
        return bool(self.arguments or not self.commands)

    def walk(self) -> Iterator[CommandTree]:
        """Yield this command and all its subcommands."""
        yield self
        for command in self.commands:
            yield from command.walk()


def rank(panel: str) -> int:
    """The rank of a panel in a help: a command's own panels before shared ones."""
    if panel in _FIRST:
        return _FIRST.index(panel)
    if panel in _LAST:
        return 100 + _LAST.index(panel)
    from numctl.model.settings import (
        SETTINGS,
    )  # loads the checks of all types, which the program's help does not need

    settings = list(dict.fromkeys(row.panel for row in SETTINGS.values()))
    return 11 + settings.index(panel) if panel in settings else 10


def command_of(command: Any, path: tuple[str, ...], panel: str = "", line: str = "") -> CommandTree:
    """Describe a command and its subcommands."""
    below = getattr(command, "commands", {})
    text, _, example = inspect.cleandoc(command.help or "").partition("Example: ")
    return CommandTree(
        path,
        panel,
        line or _line_of(command),
        text.strip(),
        _options_of(command),
        tuple(_argument_of(row, _types_of(command)) for row in command.params if row.param_type_name == "argument"),
        tuple(
            command_of(row, (*path, name), getattr(row, "rich_help_panel", None) or "") for name, row in below.items()
        ),
        getattr(command, "fields", ()),
        getattr(command, "examples", (example,) if example else ()),
    )


def _line_of(command: Any) -> str:
    return (command.help or "").strip().split("\n")[0].partition(" Example: ")[0]


def _options_of(command: Any) -> tuple[Option, ...]:
    """The visible options of a command, in the order of its help."""
    types = _types_of(command)
    rows = [row for row in command.params if row.param_type_name == "option" and not row.hidden]
    given = [*(_option_of(row, types.get(row.name)) for row in rows), Option("help", ("-h", "--help"), help=_HELP_LINE)]
    return tuple(sorted(given, key=lambda option: rank(option.panel)))


def _types_of(command: Any) -> dict[str, Any]:
    if command.callback is None:
        return {}
    signature = inspect.signature(command.callback, eval_str=True)
    return {name: row.annotation for name, row in signature.parameters.items()}


def _option_of(row: Any, annotation: Any) -> Option:
    return Option(
        name=row.name,
        names=tuple(sorted(row.opts, key=len)),
        off_names=tuple(row.secondary_opts),
        metavar="" if row.is_flag else row.metavar or row.name.upper(),
        help=row.help or "",
        panel=row.rich_help_panel or "Options",
        type=_type_of(annotation),
        choices=() if row.is_flag else choices_of(annotation),
        multiple=row.multiple,
        required=row.required,
        default=row.default,
        bounds=(row.min, row.max),
    )


def _argument_of(row: Any, types: dict[str, Any]) -> Argument:
    metavar = row.metavar or row.name.upper()
    bare = metavar.strip("[]")
    return Argument(row.name, bare, row.help or "", bare == metavar, row.nargs == -1, choices_of(types.get(row.name)))


def choices_of(annotation: Any) -> tuple[str, ...]:
    """The values of a parameter, if they are a fixed list."""
    parts = get_args(annotation)
    if get_origin(annotation) is Literal:
        return parts
    if get_origin(annotation) is Annotated:
        return choices_of(parts[0])
    if parts or annotation is None or isinstance(annotation, type):
        return next(filter(None, map(choices_of, parts)), ())
    from numctl.model import ids  # as in `rank`

    return ids.choices_of(annotation)


def _type_of(annotation: Any) -> str:
    """The type of a value as JSON names it."""
    if annotation in _TYPES:
        return _TYPES[annotation]
    found = (_type_of(part) for part in get_args(annotation) if isinstance(part, type) or get_args(part))
    return next((name for name in found if name != "string"), "string")
