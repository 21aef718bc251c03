"""The regions of the service and the edge through which each is reached. Pure data.

https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region
"""

from __future__ import annotations

from numctl.ids import Invalid

HOME_REGION = "us1"
"""Reached without an edge as well, at the service's plain address."""

DEFAULT_EDGES = {
    "au1": "sydney",
    "br1": "sao-paulo",
    "de1": "frankfurt",
    "ie1": "dublin",
    "jp1": "tokyo",
    "jp2": "osaka",
    "sg1": "singapore",
    "us2": "umatilla",
}
"""`api.REGION.twilio.com` was switched off in April 2026: a region is reached through an edge only."""


def completed(region: str | None, edge: str | None) -> tuple[str | None, str | None]:
    """Return the region and the edge that are meant, where one of them or none is given.

    Raises Invalid for a region whose edge has to be given as well.
    """
    if edge:
        return region or HOME_REGION, edge
    if region in (None, HOME_REGION):
        return region, None
    if region in DEFAULT_EDGES:
        return region, DEFAULT_EDGES[region]
    raise Invalid(f"region {region!r} needs an edge: only {', '.join([*DEFAULT_EDGES, HOME_REGION])} have a default")
