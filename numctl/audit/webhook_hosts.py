"""Webhook hosts: whether the service can expect to find an application at the host of a URL."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from numctl.model.ids import Invalid, check_url

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_LOCAL_DOMAINS = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "lan",
    "home.arpa",
)
"""Names that only one machine or network knows (RFC 6761, RFC 6762, RFC 8375; by custom, RFC 6762, appendix G)."""

_PLACEHOLDER_DOMAINS = (
    "example",
    "test",
    "invalid",
    "example.com",
    "example.net",
    "example.org",
    "example.edu",
)
"""Names reserved for documentation and tests (RFC 2606, RFC 6761): no application answers there."""

_NUMBERS = re.compile(r"(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]+)){0,3}")
"""An IPv4 address in any form that a resolver accepts: one to four numbers, decimal, octal or hexadecimal."""

_DEMO_DOMAIN = "demo.twilio.com"


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """The host of a URL in lower case, without a final dot; empty if it has none."""
    from urllib.parse import urlsplit

    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def usable(url: str) -> bool:
    """Whether a URL can be called at all: it is http or https, and has a host and a valid port."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(host_of(url)) and parts.port != 0
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def unreachable(host: str) -> bool:
    """Whether a host cannot be reached from the internet: a private address, or a local name."""
    address = _address_of(host)
    if address is None:
        local = "." not in host or any(_within(host, domain) for domain in _LOCAL_DOMAINS)
        return bool(host) and local and not placeholder(host)
    return not (getattr(address, "ipv4_mapped", None) or address).is_global or address.is_multicast


def _address_of(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address in a host, None for a name; 127.1, 0x7f.0.0.1 and 2130706433 are 127.0.0.1 too."""
    import ipaddress
    import socket

    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if _NUMBERS.fullmatch(host) else None
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=4096)
def placeholder(host: str) -> bool:
    """Whether a host is a placeholder, such as example.com."""
    return any(_within(host, domain) for domain in _PLACEHOLDER_DOMAINS)


def demonstration(host: str) -> bool:
    """Whether a host is the provider's own demo, which a number may come with."""
    return _within(host, _DEMO_DOMAIN)


def over_tls(url: str) -> str | None:
    """The https form of a plain http URL.

    None if https would not help (nobody reaches the host) or cannot be known to work (a port of its own).
    """
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(check_url(url))
        if unreachable(host_of(url)) or placeholder(host_of(url)) or parts.port not in (None, 80):
            return None
    except (Invalid, ValueError):
        return None
    return parts._replace(scheme="https", netloc=re.sub(":(0*80)?$", "", parts.netloc)).geturl()


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)
