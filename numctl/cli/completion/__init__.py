"""`numctl completion`: print the shell's completion script."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from numctl.errors import ExitCode

if TYPE_CHECKING:
    from numctl.cli.tree import Command

Shell = Literal["bash", "zsh", "fish"]


def command(shell: Annotated[Shell, typer.Argument(metavar="bash|zsh|fish", help="The shell.")]) -> ExitCode:
    """Print the shell's completion script.

    Example: numctl completion bash > ~/.local/share/bash-completion/completions/numctl
    """
    from numctl.render import Out

    out = Out.standard()
    out.write(script(shell).encode())
    out.flush()
    return ExitCode.OK


def script(shell: Shell) -> str:
    """Return the completion script of a shell, generated from the command tree."""
    from importlib import import_module

    from numctl.cli.tree import describe

    text: str = import_module(f"numctl.cli.completion.{shell}").script(with_help(describe()))
    return text


def with_help(root: Command) -> Command:
    """Return the program with `help`, below which every verb stands again."""
    topics = replace(as_topic(root), line="Show the help of a verb.")
    return replace(root, commands=(*root.commands, topics))


def as_topic(command: Command) -> Command:
    """Return a command as a word after `help`."""
    below = tuple(map(as_topic, command.commands))
    return replace(command, path=("help", *command.path), options=(), arguments=(), commands=below)
