"""What the value of each option and argument can be completed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from numctl.cli.tree import CommandTree, Option

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
        return Values("list", fields_of(command.path[0]))
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
    from numctl.audit.rules import RULES, SEVERITIES
    from numctl.model.number import CAPABILITIES
    from numctl.model.settings import CLEARABLE, SETTINGS
    from numctl.text.filters import NAMES

    rules = Values("words", tuple(rule.id for rule in RULES))
    return {
        "where": Values("test", NAMES),
        "clear": Values("list", CLEARABLE),
        "only": Values("list", tuple(SETTINGS)),
        "capability": Values("words", CAPABILITIES),
        "rule": rules,
        "skip_rule": rules,
        "severity": Values("words", SEVERITIES),
    }


def fields_of(verb: str) -> tuple[str, ...]:
    """Return what `--fields` of a verb accepts."""
    from numctl.cli.verbs import audit, history, whoami
    from numctl.output.results import RESULTS
    from numctl.output.sale import FOR_SALE
    from numctl.output.shapes import NUMBERS

    shapes = {
        "list": NUMBERS.valid,
        "show": NUMBERS.valid,
        "search": FOR_SALE.valid,
        "audit": audit.findings_shape().valid,
        "history": tuple(dict.fromkeys((*history.runs_shape().valid, *history.changes_shape().valid))),
        "whoami": (*whoami.FIELDS, "default"),
        "accounts": ("sid", "friendly_name", "status"),
    }
    return shapes.get(verb, RESULTS.valid)
