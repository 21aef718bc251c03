"""Hosts of the service: the origin (scheme, host, port) that answers each product.

https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region
"""

from __future__ import annotations

from collections.abc import Callable

from numctl.model.regions import Product, origin

Origins = Callable[[Product], str]
"""Product → origin."""


def single_origin(url: str) -> Origins:
    """Let one origin answer for all products: the sandbox, or NUMCTL_API_URL."""
    only = _without_user(url.rstrip("/"))
    return lambda product: only


def origins_of(api_url: str, region: str | None, edge: str | None) -> Origins:
    """Return the service's own hosts in a region where `api_url` is one of them, else that one origin."""
    if api_url != origin("api", region, edge):
        return single_origin(api_url)
    return lambda product: origin(product, region, edge)


def _without_user(address: str) -> str:
    """Return an address without `user:password@`, which would be shown wherever the address is."""
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return scheme + mark + host.rpartition("@")[2] + slash + path
