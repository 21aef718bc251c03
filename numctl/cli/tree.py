"""The whole program as plain data, from which completion scripts and man pages are made."""

from __future__ import annotations

from typing import cast

import typer

from numctl.cli.app import app
from numctl.cli.commands import CommandTree


def describe() -> CommandTree:
    """Describe the program with all its commands."""
    root = typer.main.get_command(app)
    return cast(CommandTree, root.described())  # type: ignore[attr-defined]  # of the class that `app` names
