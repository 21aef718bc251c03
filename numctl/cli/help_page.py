"""The help of a command: purpose, usage, an example, options by panel, and their values.

It fits any width from 40 columns: option names are never broken, and their help goes below them if there is no room
beside them.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from numctl.cli.commands import CommandTree, Option, command_of, rank
from numctl.text.paint import Line, Piece, Text, line

_NARROWEST, _WIDEST = 40, 100
_NAMES_WIDTH = 34
"""Cells for an option's names; help for longer ones starts on the next line."""

_LEAST_BESIDE = 24
"""Cells that help needs beside the names; with fewer it goes below them."""

_NAME = re.compile(r"(-[-\w]+)")
_LISTED = ("fields", "where", "clear", "only")
"""Options that take field names."""


class _Row(NamedTuple):
    """An option, argument or command, and its help."""

    names: str
    text: str
    is_name: bool = False


def width() -> int:
    """The width of a help: the terminal's, within bounds."""
    return max(_NARROWEST, min(shutil.get_terminal_size().columns, _WIDEST))


def page(command: Any, command_path: str, width: int) -> Iterator[Text]:
    """Yield the help of a command line by line, none wider than this, an example aside."""
    tree = command_of(command, tuple(command_path.split()[1:]))
    for paragraph in tree.help.split("\n\n"):
        yield from _folded(" ".join(paragraph.split()), width)
        yield ""
    yield from _usage(tree, command_path)
    if tree.examples:
        yield from ("", _heading("Examples" if len(tree.examples) > 1 else "Example"))
        yield from (line(Piece(example, "command"), indent=2, hang=4) for example in tree.examples)
    for title, rows in sorted(_panels(tree).items(), key=lambda panel: rank(panel[0])):
        yield from ("", _heading(title), *_in_columns(rows, width))
    yield from _listings(tree, width)
    if tree.commands:
        yield from ("", line("For more: ", Piece(f"{command_path} COMMAND --help", "command")))
    if not tree.path:
        yield line("For programs: ", Piece("numctl help --json", "command"))


def _heading(title: str) -> Line:
    return line(Piece(f"{title}:", "heading"))


def _folded(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _usage(tree: CommandTree, command_path: str) -> Iterator[Line]:
    """Yield the usage lines: of the command itself if it can run alone, and with a subcommand."""
    needed = [f"{row.names[-1]} {row.metavar}" for row in tree.options if row.required]
    words = " ".join([command_path, *(row.usage for row in tree.arguments), *needed, "[OPTIONS]"])
    calls = ([words] if tree.by_itself else []) + ([f"{command_path} COMMAND [OPTIONS]"] if tree.commands else [])
    for place, call in enumerate(calls):
        yield line(Piece("Usage:", "heading") if not place else "      ", f" {call}", hang=9)


def _panels(tree: CommandTree) -> dict[str, list[_Row]]:
    panels: dict[str, list[_Row]] = {}
    for row in tree.commands:
        panels.setdefault(row.panel or "Commands", []).append(_Row(row.path[-1], row.line, is_name=True))
    for argument in tree.arguments:
        panels.setdefault("Arguments", []).append(_Row(argument.metavar, argument.help, is_name=True))
    for option in tree.options:
        panels.setdefault(option.panel, []).append(_Row(_names_of(option), option.help))
    return panels


def _names_of(option: Option) -> str:
    """An option as it is typed: its names, the short one first, and its value."""
    names = ", ".join(option.names) + "".join(f" / {name}" for name in option.off_names)
    return f"{names} {option.metavar}" if option.takes_value else names


def _pieces(names: str, is_name: bool) -> list[Piece]:
    if is_name:
        return [Piece(names, "command")]
    return [Piece(part, "command" if part.startswith("-") else None) for part in _NAME.split(names) if part]


def _in_columns(rows: Sequence[_Row], width: int) -> Iterator[Text]:
    """Yield names with their help beside them, or below them if there is too little room."""
    column = min(_NAMES_WIDTH, max(len(row.names) for row in rows))
    beside = width - column - 4 >= _LEAST_BESIDE
    indent = column + 4 if beside else 6
    for row in rows:
        texts = _folded(row.text, width - indent)
        if beside and texts and len(row.names) <= column:
            padding = " " * (column - len(row.names) + 2)
            yield line(*_pieces(row.names, row.is_name), padding, texts.pop(0), indent=2)
        else:
            for place, names in enumerate(_folded(row.names, width - 4)):
                yield line(*_pieces(names, row.is_name), indent=4 if place else 2)
        yield from (line(text, indent=indent) for text in texts)


def _listings(tree: CommandTree, width: int) -> Iterator[Text]:
    """Yield the values of options that do not fit the option's own line."""
    for option in sorted(tree.options, key=lambda option: option.name != "fields"):
        if option.name in _LISTED:
            from numctl.cli.values import of_option  # loads what reads filters

            words = of_option(tree, option).words
            yield from ("", _heading(f"Fields for {option.names[-1]}"))
            yield from (f"  {text}" for text in _folded(_less_said_before(option, words, tree.fields), width - 2))
    if any(option.name == "rule" for option in tree.options):
        from numctl.audit.rules import RULES

        rows = [_Row(rule.id, f"{rule.severity}: {rule.reason}", is_name=True) for rule in RULES]
        yield from ("", _heading("Rules for --rule and --skip-rule"), *_in_columns(rows, width))


def _less_said_before(option: Option, words: Iterable[str], fields: Sequence[str]) -> str:
    """A list of fields; the one for --where says only how it differs from that for --fields."""
    if option.name != "where":
        return ", ".join(words)
    more = ", ".join(word for word in words if word not in fields)
    less = ", ".join(word for word in fields if word not in set(words))
    return f"those for --fields except {less}, and {more}"
