"""Makes the completion scripts of bash, zsh and fish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from numctl.cli.commands import CommandTree
from numctl.cli.tree import describe
from numctl.completion.scripts import NAMES, Shell
from tools.docs.completion import bash, fish, zsh

MADE_BY: dict[Shell, Callable[[CommandTree], str]] = {"bash": bash.script, "zsh": zsh.script, "fish": fish.script}


def scripts() -> dict[str, str]:
    """The completion scripts by the names of their files."""
    root = with_help(describe())
    return {NAMES[shell]: make(root) for shell, make in MADE_BY.items()}


def with_help(root: CommandTree) -> CommandTree:
    """The program with `help`, below which every verb stands again."""
    topics = replace(as_topic(root), line="Show the help of a verb.")
    return replace(root, commands=(*root.commands, topics))


def as_topic(command: CommandTree) -> CommandTree:
    """A command as a word after `help`."""
    below = tuple(map(as_topic, command.commands))
    return replace(command, path=("help", *command.path), options=(), arguments=(), commands=below)
