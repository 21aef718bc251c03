"""Hosts of the service: the origin (scheme, host, port) that answers each product.

https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region
"""

from __future__ import annotations

from collections.abc import Callable

from numctl.model.regions import Product, origin

Origins = Callable[[Product], str]
"""Product → origin."""


def single_origin(url: str) -> Origins:
    """One origin for all products: the sandbox, or NUMCTL_API_URL."""
    only = _without_user(url.rstrip("/"))
    return lambda product: only


def origins_of(api_url: str, region: str | None, edge: str | None) -> Origins:
    """The service's own hosts in a region if `api_url` is one of them, else that one origin."""
    if api_url != origin("api", region, edge):
        return single_origin(api_url)
    return lambda product: origin(product, region, edge)


def _without_user(address: str) -> str:
    """Drop `user:password@`: the address appears in messages and the log."""
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return scheme + mark + host.rpartition("@")[2] + slash + path
