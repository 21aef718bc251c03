"""A number for sale: what the service returns of one.

https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource
"""

from __future__ import annotations

from typing import Any

from numctl.model.number import CAPABILITY_COLUMNS

FIELDS = (
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
"""The API's own properties, in the order in which numctl shows them."""

COORDINATES = ("latitude", "longitude")
COLUMNS = (*FIELDS[:-1], *CAPABILITY_COLUMNS)
"""The columns of a sheet."""

TABLE_FIELDS = ("phone_number", "locality", "region", "capabilities", "address_requirements")
"""What a table shows unless --fields says otherwise."""


def degrees(text: Any) -> Any:
    """Return a coordinate as the number that it is: as text, a sheet would guard its sign as it does a formula's."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return text
