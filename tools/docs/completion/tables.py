"""What a completion script needs to know, as rows: which words each command, option and argument takes."""

from __future__ import annotations

from dataclasses import dataclass

from numctl.cli.commands import CommandTree
from numctl.cli.values import FREE, Values, of_arguments, of_option


@dataclass(frozen=True)
class OptionValue:
    """The options of one command, by any of their names, that take the same values."""

    command: str
    names: tuple[str, ...]
    values: Values


def option_values(root: CommandTree) -> list[OptionValue]:
    """What each option that takes a value takes; one row stands for all commands that agree about it."""
    rows: dict[tuple[tuple[str, ...], Values], list[str]] = {}
    for command in root.walk():
        for option in command.options:
            if option.takes_value:
                rows.setdefault((option.names, of_option(command, option)), []).append(command.words)
    lone = {names for names, _ in rows if len([other for other, _ in rows if other == names]) == 1}
    return [
        OptionValue(verb, names, values)
        for (names, values), verbs in rows.items()
        for verb in (["*"] if names in lone else verbs)
    ]


def argument_values(root: CommandTree) -> list[tuple[str, Values]]:
    """Each command whose arguments are completed from something, and what that is."""
    rows = [(command.words, of_arguments(command)) for command in root.walk()]
    return [row for row in rows if row[1] != FREE]


def option_words(command: CommandTree) -> list[str]:
    """Every name of every option."""
    return [name for option in command.options for name in option.all_names]


def groups(root: CommandTree) -> list[CommandTree]:
    """The commands that have commands below them, the program first."""
    return [command for command in root.walk() if command.commands]
