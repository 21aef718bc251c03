"""Let a command take groups of options as dataclasses: `def list_(filters: Filters, output: OutputOptions)`.

Typer sees one option for each field; the command gets the group. So each option stands once, whichever verbs take it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_type_hints

import typer


def flatten(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return the command with each dataclass parameter replaced by one parameter for each of its fields.

    A group with a method `under` is completed by what was given before the verb (the context's object).
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)}

    @functools.wraps(command)
    def flat(ctx: typer.Context, **values: Any) -> Any:
        for name, group in groups.items():
            taken = group(**{field.name: values.pop(field.name) for field in fields(group)})
            values[name] = taken.under(ctx.obj) if ctx.obj is not None and hasattr(taken, "under") else taken
        return command(**({"ctx": ctx} | values if "ctx" in hints else values))

    parameters = [inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    for name, parameter in inspect.signature(command).parameters.items():
        if name == "ctx":
            continue
        if name in groups:
            parameters += _group_parameters(groups[name])
        else:
            kind = inspect.Parameter.KEYWORD_ONLY
            parameters.append(parameter.replace(annotation=hints[name], kind=kind))
    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # how inspect is told
    flat.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return flat


def _group_parameters(group: type) -> list[inspect.Parameter]:
    """Return the fields of a dataclass as keyword parameters, with their annotations and defaults."""
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=hints[field.name],
            default=_default_of(field),
        )
        for field in fields(group)
    ]


def _default_of(field: Field[Any]) -> Any:
    """Return a field's default as a signature holds it."""
    if field.default is not MISSING:
        return field.default
    return inspect.Parameter.empty if field.default_factory is MISSING else field.default_factory()
