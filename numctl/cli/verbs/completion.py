"""`numctl completion`: print the shell's completion script."""

from __future__ import annotations

from typing import Annotated

import typer

from numctl.completion.scripts import Shell, script
from numctl.errors import ExitCode
from numctl.text.stdout import Out


def command(shell: Annotated[Shell, typer.Argument(metavar="bash|zsh|fish", help="The shell.")]) -> ExitCode:
    """Print the shell's completion script.

    Example: numctl completion bash > ~/.local/share/bash-completion/completions/numctl
    """
    out = Out.standard()
    out.write(script(shell).encode())
    out.flush()
    return ExitCode.OK
