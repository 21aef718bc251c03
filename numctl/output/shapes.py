"""The shape of a phone number, as `list` and its kin show it."""

from __future__ import annotations

from typing import Any

from numctl.model.number import CAPABILITY_COLUMNS, COLUMNS, FIELDS, TABLE_FIELDS, abilities, column
from numctl.model.routing import PRECEDENCE
from numctl.model.settings import SETTINGS
from numctl.output.shape import Row, Shape


def show(row: Row, name: str) -> Any:
    """Return one column of a number as a table shows it."""
    if name == "capabilities":
        return abilities(row)
    if name in PRECEDENCE:
        return next((row[field] for field in PRECEDENCE[name] if row.get(field)), "")
    return column(row, name)


def choices(name: str) -> tuple[str, ...]:
    """Return what a cell of this column can be chosen from, if it is a closed list."""
    return ("TRUE", "FALSE") if SETTINGS[name].type is bool else SETTINGS[name].choices


NUMBERS = Shape(
    name="numbers",
    fields=FIELDS,
    columns=COLUMNS,
    table=TABLE_FIELDS,
    key="phone_number",
    value=column,
    show=show,
    plain=frozenset(FIELDS),
    expands={"capabilities": CAPABILITY_COLUMNS},
    writable=frozenset(SETTINGS),
    choices={name: choices(name) for name in SETTINGS if choices(name)},
    droppable=("messages", "capabilities", "calls"),
    text_keys=frozenset({"phone_number", *(name for name in FIELDS if name == "sid" or name.endswith("_sid"))}),
)
