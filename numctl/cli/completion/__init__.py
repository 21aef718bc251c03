"""`numctl completion`: print the shell's completion script."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from numctl.errors import ExitCode

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

    text: str = import_module(f"numctl.cli.completion.{shell}").script(describe())
    return text
