"""The tables of the command tree as `case` lines, which bash and zsh read alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from numctl.cli.commands import CommandTree
from numctl.cli.values import Values
from tools.docs.completion.tables import argument_values, option_values


def value_cases(root: CommandTree) -> list[str]:
    """A line for each option that takes a value."""
    return [f"  {pattern(row.command, row.names)}) {taking(row.values)} ;;" for row in option_values(root)]


def argument_cases(root: CommandTree) -> list[str]:
    """A line for each command whose arguments are completed."""
    return [f"  {quoted(words)}) {taking(values)} ;;" for words, values in argument_values(root)]


def row_case(command: CommandTree, rows: Iterable[str]) -> str:
    """The line that names the candidates of one command."""
    return f"  {quoted(command.words)}) candidates=({' '.join(rows)}) ;;"


def quoted(words: str) -> str:
    """The pattern of one command."""
    return f"'{words}'" if " " in words or not words else words


def pattern(command: str, names: Sequence[str]) -> str:
    """The pattern of one option of one command, or of every one."""
    return " | ".join(f"{command if command in ('', '*') else quoted(command)}:{name}" for name in names)


def taking(values: Values) -> str:
    """What sets the kind and the words of a value; words are letters, digits, - and _ only."""
    return f"kind={values.kind}" + (f" candidates=({' '.join(values.words)})" if values.words else "")
