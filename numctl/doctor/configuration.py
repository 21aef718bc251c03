"""Checks of the configuration: the profiles, the keyring and the region."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from numctl.credentials import keyring, profiles
from numctl.credentials.resolve import address_in
from numctl.doctor.finding import Finding, Situation, Status, failed, ok, warning
from numctl.errors import AuthError, NumctlError
from numctl.model import regions
from numctl.wording import counted


def configuration(situation: Situation) -> Iterator[Finding]:
    """Look at the profiles: the file, the default one, and whether each has an address."""
    known = profiles.load()
    if not known.by_name:
        yield ok("no profiles: numctl login adds one")
        return
    path = profiles.config_path()
    if os.name != "nt" and path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):  # the mode says nothing there
        yield warning(f"{path}: other users may write to it", f"chmod 600 {path}")
    for profile in known.by_name.values():
        try:
            profile.reached_at()
        except AuthError as failure:
            yield failed(failure, status=Status.WARNING)
    names = ", ".join(known.by_name)
    if known.default_profile is None:
        first = next(iter(known.by_name))
        yield warning(f"{path}: no default among {names}", f"numctl login --profile {first} --default")
        return
    yield ok(f"{path}: {counted(len(known.by_name), 'profile')}, default {known.default_profile}")


def key_store(situation: Situation) -> Iterator[Finding]:
    """Name the keyring; one that does not work matters only without other credentials."""
    found = situation.credentials
    if isinstance(found, keyring.Unusable):
        yield failed(found)
        return
    try:
        name, fault = keyring.backend()
    except AuthError as failure:
        name, fault = "", failure.message
    message = f"{name}: {fault}" if name and fault else name or fault
    if not fault:
        yield ok(message)
    elif isinstance(found, NumctlError):
        yield warning(f"{message}; login stores nothing there", keyring.WITHOUT_KEYRING)
    elif found.source == "keyring":
        yield warning(message, keyring.WITHOUT_KEYRING)
    else:
        yield ok(f"{message}; not needed with credentials from the {found.source}")


def region(situation: Situation) -> Iterator[Finding]:
    """Say where the service is reached."""
    found = situation.credentials
    if situation.sandbox:
        yield ok("the sandbox, on this machine")
        return
    if isinstance(found, NumctlError):
        place, edge, url = address_in(situation.environ)
    else:
        place, edge, url = found.region, found.edge, found.api_url
    if place is None:
        yield ok(f"{url} (NUMCTL_API_URL)" if situation.environ.get("NUMCTL_API_URL") else f"us1: {url}")
    elif not regions.is_known(place):
        yield warning(f"{place} through the edge {edge}: {url}", f"numctl knows no region {place}")
    else:
        yield ok(f"{place}{f' through the edge {edge}' if edge else ''}: {url}")
