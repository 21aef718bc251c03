"""The help of a verb: what it does, an example, and its options in panels, none of them cut at any width.

Written by hand, since the table of Typer's own help shortens the longest option names at 80 columns.
"""

from __future__ import annotations

import inspect
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from typer.core import TyperCommand, TyperGroup

from numctl.cli.lazy_validation import given_only
from numctl.output.out import write_text

_NAMES_WIDTH = 34
"""Cells for the names of an option; where they need more, the help begins on the next line."""

_WIDEST = 100
FIRST, LAST = ("Arguments",), ("Safety", "Output", "Connection", "Options")
_Pair = tuple[str, str]


class _Helpful:
    """The option --help, written as all output is: where it cannot be, that is an error.

    `panels` are what the help lists besides arguments and options.
    """

    panels: ClassVar[Mapping[str, Sequence[_Pair]]] = {}

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option, None where the command has none."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # of the command that this is mixed into
        if option is not None:
            option.callback = show_help
        return option


def show_help(ctx: Any, param: Any = None, asked: bool = True) -> None:
    """Write the help of a command, and leave."""
    if asked and not ctx.resilient_parsing:
        write_text(ctx.get_help() + "\n")
        ctx.exit()


class HelpfulCommand(_Helpful, TyperCommand):
    """A command whose help is written by this module."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the command's help."""
        formatter.write(text_of(self, ctx, []))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words, and check those that were given."""
        with given_only(self, ctx, args):
            return super().parse_args(ctx, args)


class HelpfulGroup(_Helpful, TyperGroup):
    """A group of commands whose help is written by this module."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the group's help, with its commands in their panels."""
        commands = [self.get_command(ctx, name) for name in self.list_commands(ctx)]
        formatter.write(text_of(self, ctx, commands))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words, and check those that were given."""
        with given_only(self, ctx, args):
            return super().parse_args(ctx, args)


def text_of(command: Any, ctx: Any, below: list[Any]) -> str:
    """Return the help of a command, at the terminal's width."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    panels: dict[str, list[_Pair]] = {}
    for row in below:
        panels.setdefault(getattr(row, "rich_help_panel", None) or "Commands", []).append((row.name, _first_line(row)))
    for param in command.get_params(ctx):
        if not getattr(param, "hidden", False):
            panels.setdefault(_panel_of(param), []).append((_names_of(param), param.help or ""))
    panels.update({title: list(pairs) for title, pairs in command.panels.items()})
    lines = [f"Usage: {ctx.command_path} {' '.join(command.collect_usage_pieces(ctx))}", ""]
    lines += _laid_out(inspect.cleandoc(command.help or ""), width)
    for title, pairs in sorted(panels.items(), key=lambda panel: rank(panel[0])):
        lines += ["", f"{title}:", *_listed(pairs, width)]
    return "\n".join(lines) + "\n"


def rank(panel: str) -> int:
    """Return where a panel stands: what a verb has of its own before what many share."""
    return FIRST.index(panel) - len(FIRST) if panel in FIRST else LAST.index(panel) + 1 if panel in LAST else 0


def _first_line(command: Any) -> str:
    """Return what a command does in a line."""
    return (command.short_help or command.help or "").split("\n")[0]


def _laid_out(help_text: str, width: int) -> Iterator[str]:
    """Yield the paragraphs of a help, folded; an example stays in one line, so that it can be copied."""
    for place, paragraph in enumerate(help_text.split("\n\n")):
        if place:
            yield ""
        if "Example: " in paragraph:
            before, _, example = " ".join(paragraph.split("\n")).partition("Example: ")
            yield from textwrap.wrap(before, width)
            yield f"Example: {example}"
        else:
            yield from textwrap.wrap(paragraph, width)


def _panel_of(param: Any) -> str:
    """Return the panel that a parameter stands in."""
    plain = "Arguments" if param.param_type_name == "argument" else "Options"
    return str(getattr(param, "rich_help_panel", None) or plain)


def _names_of(param: Any) -> str:
    """Return how a parameter is typed: its names, the short one first, and what it takes."""
    if param.param_type_name == "argument":
        return str(param.metavar or param.name.upper())
    names = ", ".join(sorted(param.opts, key=len)) + "".join(f" / {name}" for name in param.secondary_opts)
    return names if param.is_flag else f"{names} {param.metavar or param.name.upper()}"


def _listed(pairs: Iterable[_Pair], width: int) -> Iterator[str]:
    """Yield names and helps in two columns."""
    rows = list(pairs)
    column = min(_NAMES_WIDTH, max(len(names) for names, _ in rows))
    for names, help_text in rows:
        lines = textwrap.wrap(help_text, max(width - column - 4, 20)) or [""]
        if len(names) > column:
            yield f"  {names}"
        else:
            yield f"  {names:<{column}}  {lines.pop(0)}".rstrip()
        yield from (f"  {'':<{column}}  {line}".rstrip() for line in lines)
