"""The shape of a number for sale."""

from __future__ import annotations

from typing import Any

from numctl.model.number import CAPABILITY_COLUMNS, abilities, can
from numctl.output.shape import Row, Shape

_FIELDS = (
    "phone_number",
    "friendly_name",
    "iso_country",
    "region",
    "locality",
    "rate_center",
    "lata",
    "postal_code",
    "latitude",
    "longitude",
    "address_requirements",
    "beta",
    "capabilities",
)
_COORDINATES = ("latitude", "longitude")
_COLUMNS = (*_FIELDS[:-1], *CAPABILITY_COLUMNS)


def value(row: Row, name: str) -> Any:
    """Return one column; the capabilities of numbers for sale are partly written in capitals."""
    if name in CAPABILITY_COLUMNS:
        return can(row, name.removeprefix("capabilities_"))
    return _degrees(row.get(name)) if name in _COORDINATES else row.get(name)


def _degrees(text: Any) -> Any:
    """Return a coordinate as the number that it is: as text, a sheet would guard its sign as it does a formula's."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def show(row: Row, name: str) -> Any:
    """Return one column as a table shows it."""
    if name == "capabilities":
        return abilities(row)
    return value(row, name)


FOR_SALE = Shape(
    name="for_sale",
    fields=_FIELDS,
    columns=_COLUMNS,
    table=("phone_number", "locality", "region", "capabilities", "address_requirements"),
    key="phone_number",
    value=value,
    show=show,
    plain=frozenset(_FIELDS) - {*_COORDINATES},
    expands={"capabilities": CAPABILITY_COLUMNS},
    text_keys=frozenset({"phone_number"}),
)
