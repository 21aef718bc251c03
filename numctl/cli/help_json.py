"""`numctl help --json`: commands, options, output fields, exit codes and variables, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from numctl import __version__
from numctl.cli.commands import Argument, CommandTree, Option
from numctl.cli.environment import ENVIRONMENT
from numctl.cli.values import FEW, of_option
from numctl.errors import EXIT_MEANINGS, ExitCode, UsageError
from numctl.text.suggestions import did_you_mean
from numctl.wording import quoted

_SIGNALS = {ExitCode.HUNG_UP, ExitCode.INTERRUPTED, ExitCode.TERMINATED}
_BY_OPTION: dict[str, set[ExitCode]] = {
    "sandbox": {ExitCode.AUTH, ExitCode.NOT_FOUND},
    "profile": {ExitCode.AUTH},
    "timeout": {ExitCode.UNAVAILABLE},
    "all_accounts": {ExitCode.PARTIAL},
    "yes": {ExitCode.CANCELLED},
    "dry_run": {ExitCode.PARTIAL, ExitCode.UNKNOWN},
    "exit_code": {ExitCode.PENDING},
    "account_sid": {ExitCode.CANCELLED, ExitCode.NOT_FOUND},
}
"""Option → the exit codes that a command with it may end with, besides those of all commands."""


def document(root: CommandTree, words: Sequence[str]) -> str:
    """The whole program as JSON, or only the command that the words name; raises UsageError if there is none."""
    commands = [command for command in root.walk() if command.path and command.by_itself]
    if words:
        commands = [command for command in commands if command.path[: len(words)] == tuple(words)]
    if not commands:
        meant = did_you_mean(words[0], [command.path[0] for command in root.commands])
        raise UsageError(f"there is no command {quoted(' '.join(words))}{meant}", see="for help")
    content = {
        "version": __version__,
        "commands": [_command(command) for command in commands],
        "global_options": [_option(root, option) for option in root.options],
        "exit_codes": {str(int(code)): meaning for code, meaning in EXIT_MEANINGS.items()},
        "environment": {name: meaning for names, meaning in ENVIRONMENT for name in names.split(", ")},
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _command(command: CommandTree) -> dict[str, Any]:
    names = {option.name for option in command.options}
    return {
        "name": command.words,
        "summary": command.line,
        "help": command.help,
        "examples": list(command.examples),
        "arguments": [_argument(argument) for argument in command.arguments],
        "options": [_option(command, option) for option in command.options],
        "output_fields": list(command.fields),
        "changes": "dry_run" in names,
        "exit_codes": sorted(_exit_codes(names)),
    }


def _exit_codes(options: set[str]) -> set[int]:
    found = {ExitCode.OK, ExitCode.REFUSED, ExitCode.USAGE, *_SIGNALS}
    return {int(code) for code in found.union(*(_BY_OPTION.get(name, set()) for name in options))}


def _argument(argument: Argument) -> dict[str, Any]:
    return {
        "name": argument.name,
        "metavar": argument.metavar,
        "required": argument.required,
        "repeatable": argument.many,
        "choices": list(argument.choices),
        "help": argument.help,
    }


def _option(command: CommandTree, option: Option) -> dict[str, Any]:
    values = of_option(command, option)
    listed = values.kind in ("words", "list") and (values.kind == "list" or len(values.words) <= FEW)
    least, most = option.bounds
    return {
        "names": list(option.names),
        "off_names": list(option.off_names),
        "type": "list" if values.kind == "list" else option.type,
        "metavar": option.metavar or None,
        "choices": list(values.words) if listed else [],
        "repeatable": option.multiple,
        "required": option.required,
        **({"default": option.default} if option.default is not None else {}),
        **({"minimum": least} if least is not None else {}),
        **({"maximum": most} if most is not None else {}),
        "help": option.help,
        "group": option.panel,
    }
