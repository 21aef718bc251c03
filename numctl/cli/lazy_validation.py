"""Validate only the options that were given, so that pydantic loads only when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given_only(command: Any, ctx: Any, args: list[str]) -> Iterator[None]:
    """While the block parses these words, hide absent options and arguments, which get their defaults.

    Typer builds a validator for each of them, given or not, and the first one loads all of pydantic: a third of the
    cost of a short command. Raises what parsing raises: a misspelt name is compared with all names.
    """
    given, _, _ = command.make_parser(ctx).parse_args(args=list(args))
    if "help" in given:  # it is written while the words are parsed, and names every option
        yield
        return
    absent = [param for param in command.params if given.get(param.name) is None and not param.required]
    ctx.params.update((param.name, _untouched(param, ctx)) for param in absent)
    before = command.params, command.add_help_option
    command.params = [param for param in command.params if param not in absent]
    command.add_help_option = False
    try:
        yield
    finally:
        command.params, command.add_help_option = before


def _untouched(param: Any, ctx: Any) -> Any:
    """The value of an absent option or argument: its default, or an empty tuple if it takes several."""
    default = param.get_default(ctx)
    return () if default is None and (param.multiple or param.nargs == -1) else default
