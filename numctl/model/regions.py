"""The service's regions and the edge through which each is reached.

https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region
"""

from __future__ import annotations

from typing import Literal

from numctl.model.ids import Invalid

Product = Literal["api", "pricing", "messaging", "monitor", "trunking", "numbers"]
"""The parts of the service that answer on a host of their own."""

_HOME_REGION = "us1"
"""Needs no edge: it has the service's plain address."""

_DEFAULT_EDGES = {
    "au1": "sydney",
    "br1": "sao-paulo",
    "de1": "frankfurt",
    "ie1": "dublin",
    "jp1": "tokyo",
    "jp2": "osaka",
    "sg1": "singapore",
    "us2": "umatilla",
}
"""`api.REGION.twilio.com` was switched off in April 2026: a region is reached only through an edge."""


def origin(product: Product, region: str | None, edge: str | None) -> str:
    """The origin of a product in a region, through its edge; without an edge us1's plain host."""
    return f"https://{product}.{edge}.{region}.twilio.com" if edge else f"https://{product}.twilio.com"


def is_known(region: str) -> bool:
    """Whether this is a region of the service."""
    return region in (_HOME_REGION, *_DEFAULT_EDGES)


def completed(region: str | None, edge: str | None) -> tuple[str | None, str | None]:
    """Fill in the region or the edge if only one of them is given.

    Raises Invalid for a region without a default edge.
    """
    if edge:
        return region or _HOME_REGION, edge
    if region in (None, _HOME_REGION):
        return region, None
    if region in _DEFAULT_EDGES:
        return region, _DEFAULT_EDGES[region]
    raise Invalid(f"region {region!r} needs an edge: only {', '.join([*_DEFAULT_EDGES, _HOME_REGION])} have a default")
