"""Let a command take groups of options as dataclasses: `def list_(filters: Filters, output: OutputOptions)`.

Typer sees one option for each field; the command gets the group. Each option is defined once, however many verbs take
it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from numctl.errors import UsageError


@dataclass(frozen=True)
class Shown:
    """How a command shows a group: without options that it refuses or ignores, some with other help.

    `connection: Annotated[Connection, Shown(without=("account",))]`. What is not shown is still parsed, so that the
    command can say why it refuses it.
    """

    without: tuple[str, ...] = ()
    helps: Mapping[str, str] = field(default_factory=dict)

    def adapted(self, name: str, annotation: Any) -> Any:
        """The annotation of an option as this command shows it."""
        if name not in self.without and name not in self.helps:
            return annotation
        kind, option = get_args(annotation)
        option = copy(option)
        option.hidden = name in self.without
        option.help = self.helps.get(name, option.help)
        return Annotated[kind, option]


def flatten(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with each dataclass parameter replaced by one parameter for each of its fields.

    A group with a method `under` is completed by what was given before the verb (the context's object).
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: group for name, hint in hints.items() if (group := _group_of(hint))}

    @functools.wraps(command)
    def flat(ctx: typer.Context, **values: Any) -> Any:
        for name, group in groups.items():
            taken = group(**{field.name: values.pop(field.name) for field in fields(group)})
            values[name] = taken.under(ctx.obj) if ctx.obj is not None and hasattr(taken, "under") else taken
        try:
            return command(**({"ctx": ctx} | values if "ctx" in hints else values))
        except UsageError as error:
            error.command_path = ctx.command_path
            raise

    parameters = [inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    for name, parameter in inspect.signature(command).parameters.items():
        if name == "ctx":
            continue
        if name in groups:
            parameters += _group_parameters(groups[name], _shown(hints[name]))
        else:
            kind = inspect.Parameter.KEYWORD_ONLY
            parameters.append(parameter.replace(annotation=hints[name], kind=kind))
    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # how inspect is told
    flat.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return flat


def _group_of(hint: Any) -> Any:
    """The dataclass of a parameter, None if it is no group."""
    group = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return group if isinstance(group, type) and is_dataclass(group) else None


def _shown(hint: Any) -> Shown:
    return next((part for part in get_args(hint) if isinstance(part, Shown)), Shown())


def _group_parameters(group: type, shown: Shown) -> list[inspect.Parameter]:
    """The fields of a dataclass as keyword parameters, with their annotations and defaults."""
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=shown.adapted(field.name, hints[field.name]),
            default=_default_of(field),
        )
        for field in fields(group)
    ]


def _default_of(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return inspect.Parameter.empty if field.default_factory is MISSING else field.default_factory()
