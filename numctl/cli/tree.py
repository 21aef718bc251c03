"""The whole program as plain rows, every command loaded."""

from __future__ import annotations

from dataclasses import replace

import typer

from numctl.cli.app import app, load
from numctl.cli.commands import CommandTree, command_of
from numctl.cli.verbs import VERBS


def describe() -> CommandTree:
    """Describe the program with all its commands."""
    root = command_of(typer.main.get_command(app), ())
    verbs = (command_of(load(verb), (verb.name,), verb.panel, verb.line) for verb in VERBS.values())
    return replace(root, commands=tuple(verbs))
