"""A number for sale as the service returns it.

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
"""What a table shows without --fields."""


def degrees(text: Any) -> Any:
    """A coordinate as a number: as text, its minus sign would be escaped in a sheet like a formula's."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return text
