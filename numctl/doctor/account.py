"""Checks of the credentials against the service: whether it is reached, accepts them, and what they may do."""

from __future__ import annotations

from collections.abc import Iterator

from numctl.credentials.keyring import Unusable
from numctl.credentials.resolve import Credentials
from numctl.doctor.finding import Finding, Situation, Status, error, failed, ok, warning
from numctl.doctor.service import Service
from numctl.errors import AuthError, NumctlError
from numctl.model.number import Record
from numctl.wording import counted

_TOLERATED = 60.0
"""Seconds that a clock may be wrong."""


def network(situation: Situation) -> Iterator[Finding]:
    """Whether the service answers, and if not, why."""
    service = situation.service
    if situation.sandbox:
        yield ok("not needed: the sandbox answers on this machine")
    elif isinstance(service, NumctlError):
        yield failed(service)
    elif service.fault:
        yield failed(service.fault)
    else:
        yield ok(f"{service.origin} answers{_by_proxy(service.origin)}")


def _by_proxy(origin: str) -> str:
    from numctl.api.network import network_settings  # loads requests

    return ", through a proxy" if network_settings(origin)["proxies"] else ""


def clock(situation: Situation) -> Iterator[Finding]:
    """Compare this machine's clock with the service's."""
    service = situation.service
    if situation.sandbox:
        yield ok("not compared: the sandbox has this machine's")
        return
    skew = None
    if isinstance(service, Service):
        service.fault  # noqa: B018 # asks, where nothing was asked yet
        skew = service.skew
    if skew is None:
        yield warning("not compared: no answer of the service says the time")
    elif abs(skew) > _TOLERATED:
        way = "ahead of" if skew > 0 else "behind"
        hint = "set this machine's clock: certificates and the times in the history depend on it"
        yield warning(f"this machine is {counted(round(abs(skew)), 'second')} {way} the service", hint)
    else:
        yield ok(f"agrees with the service's within {_TOLERATED:g} seconds")


def credentials(situation: Situation) -> Iterator[Finding]:
    """Say which credentials are in use, and whether the service accepts them."""
    found, service = situation.credentials, situation.service
    if isinstance(found, Unusable):
        yield error("the profile's secret cannot be read", "see keyring")
    elif isinstance(found, NumctlError):
        yield failed(found)
    elif isinstance(service, NumctlError) or service.fault:
        yield warning(f"{_described(found)}; not checked: the service cannot be used")
    elif service.refusal:
        yield failed(service.refusal, f"{_described(found)}: ")
    else:
        yield ok(f"{_described(found)}; the service accepts them")


def _described(found: Credentials) -> str:
    source = {"environment": "environment", "sandbox": "sandbox", "keyring": f"profile {found.profile}"}[found.source]
    return f"{source}: {found.account_sid} with {f'API key {found.key_sid}' if found.key_sid else 'the auth token'}"


def account(situation: Situation) -> Iterator[Finding]:
    """Say which account is used, its place in its family, and what these credentials may read of it."""
    found, service = situation.credentials, situation.service
    if isinstance(found, NumctlError) or isinstance(service, NumctlError) or service.fault or service.refusal:
        return
    own = service.own
    if isinstance(service.client, NumctlError):
        yield failed(service.client)
        return
    if not isinstance(own, NumctlError):
        yield _standing(own, service)
    elif isinstance(own, AuthError) and found.key_sid:
        yield ok(f"{service.client.account_sid}: this API key reads no accounts, only what belongs to this one")
    else:
        yield failed(own, "the account cannot be read: ", Status.WARNING)


def _standing(own: Record, service: Service) -> Finding:
    """Say what an account is: a name, a status, a place in its family."""
    name = f"{own.get('friendly_name') or 'no name'} ({own['sid']})"
    status = str(own.get("status") or "active")
    if status != "active":
        return error(f"{name} is {status}", "numctl accounts lists the accounts; the service's console says why")
    owner = own.get("owner_account_sid")
    if owner not in (None, own["sid"]):
        return ok(f"{name}, a subaccount of {owner}")
    if isinstance(service.accounts, NumctlError):
        return ok(f"{name}, a main account; these credentials read no list of accounts")
    below = [one for one in service.accounts if one["sid"] != own["sid"] and one.get("owner_account_sid") == own["sid"]]
    return ok(f"{name}, a main account with {counted(len(below), 'subaccount')}")


def numbers(situation: Situation) -> Iterator[Finding]:
    """Whether numbers may be read."""
    service = situation.service
    if isinstance(situation.credentials, NumctlError) or isinstance(service, NumctlError):
        return
    if service.fault or service.refusal or isinstance(service.client, NumctlError):
        return
    yield failed(service.numbers, "cannot be read: ") if service.numbers else ok("can be read")
