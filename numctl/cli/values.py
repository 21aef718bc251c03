"""What the value of each option and argument can be completed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from numctl.audit.rules import RULES, SEVERITIES
from numctl.cli.commands import CommandTree, Option
from numctl.model.number import CAPABILITIES
from numctl.model.settings import CLEARABLE, RESTORABLE, SETTINGS
from numctl.text.filters import NAMES

Kind = Literal["words", "list", "test", "number", "profile", "file", "free"]


@dataclass(frozen=True)
class Values:
    """A kind of value: one of `words`, a comma-separated `list` of them, a `test` that begins with one, or other."""

    kind: Kind = "free"
    words: tuple[str, ...] = ()


FREE = Values()


def of_option(command: CommandTree, option: Option) -> Values:
    """Return what an option's value is completed from."""
    if option.choices:
        return Values("words", option.choices)
    if option.name == "fields":
        return Values("list", command.fields)
    if option.name == "profile":
        return Values("profile")
    if option.name == "number" and command.path == ("history",):
        return Values("number")
    return tables().get(option.name, FREE)


def of_arguments(command: CommandTree) -> Values:
    """Return what a command's positional arguments are completed from."""
    for argument in command.arguments:
        if argument.metavar == "FILE|-":
            return Values("file")
        if argument.name in ("number", "numbers") and command.path != ("buy",):
            return Values("number")
        if command.path == ("completion",):
            return Values("words", ("bash", "zsh", "fish"))
    return FREE


def tables() -> dict[str, Values]:
    """Return the options whose values stand in a table of the code."""
    rules = Values("words", tuple(rule.id for rule in RULES))
    return {
        "where": Values("test", NAMES),
        "clear": Values("list", CLEARABLE),
        "only": Values("list", tuple(name for name in SETTINGS if name in RESTORABLE)),
        "capability": Values("words", CAPABILITIES),
        "rule": rules,
        "skip_rule": rules,
        "severity": Values("words", SEVERITIES),
    }
