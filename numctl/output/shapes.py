"""The shapes of a phone number: as the account holds it, and as it is for sale."""

from __future__ import annotations

from functools import partial
from typing import Any

from numctl.model import sale
from numctl.model.number import (
    CAPABILITY_COLUMNS,
    CAPABILITY_OF,
    COLUMNS,
    FIELDS,
    TABLE_FIELDS,
    abilities,
    ability,
    can,
)
from numctl.model.routing import PRECEDENCE, handler
from numctl.model.settings import SETTINGS
from numctl.output.columns import Column, Row
from numctl.output.shape import Shape


def _field(name: str) -> Column:
    return Column(
        name,
        text=abilities if name == "capabilities" else None,
        whole=name in ("phone_number", "sid") or name.endswith("_sid"),
        parts=CAPABILITY_COLUMNS if name == "capabilities" else (),
        read_only=name not in SETTINGS,
        choices=_choices(name),
    )


def _choices(name: str) -> tuple[str, ...]:
    """What a cell of this column can be chosen from, if it is a closed list."""
    if name not in SETTINGS:
        return ()
    return ("TRUE", "FALSE") if SETTINGS[name].type is bool else SETTINGS[name].choices


def _capability(column: str) -> Column:
    return Column(column, value=partial(_able, CAPABILITY_OF[column]), read_only=True)


def _able(capability: str, row: Row) -> Any:
    return ability(row.get("capabilities"), capability)


def _answer(what: str) -> Column:
    return Column(what, value=lambda row: handler(row, what).value, text=partial(_answering, what), read_only=True)


def _answering(what: str, row: Row) -> Any:
    """What answers calls or messages; cheaper than `handler`, which also works out what it overrides."""
    return next((row[field] for field in PRECEDENCE[what] if row.get(field)), "")


NUMBERS = Shape(
    name="numbers",
    key="phone_number",
    columns=(*map(_field, FIELDS), *map(_capability, CAPABILITY_COLUMNS), *map(_answer, PRECEDENCE)),
    table=TABLE_FIELDS,
    sheet=COLUMNS,
    droppable=("messages", "capabilities", "calls"),
)


def _of_sale(name: str) -> Column:
    if name in CAPABILITY_OF:
        return Column(name, value=lambda row: can(row, CAPABILITY_OF[name]))
    if name in sale.COORDINATES:
        return Column(name, cell=lambda row: sale.degrees(row.get(name)))
    if name == "capabilities":
        return Column(name, text=abilities, parts=CAPABILITY_COLUMNS)
    return Column(name, whole=name == "phone_number")


FOR_SALE = Shape(
    name="for_sale",
    key="phone_number",
    columns=tuple(map(_of_sale, (*sale.FIELDS, *CAPABILITY_COLUMNS))),
    table=sale.TABLE_FIELDS,
    sheet=sale.COLUMNS,
)
