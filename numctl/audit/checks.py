"""The check behind each audit rule: it takes one record and yields what is wrong with it.

A check sees the record alone, not the settings of an application, a trunk or a Messaging Service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from numctl.audit.webhook_hosts import demonstration, host_of, over_tls, placeholder, unreachable, usable
from numctl.errors import UsageError
from numctl.model.area_codes import country_of
from numctl.model.ids import FRIENDLY_NAME_LENGTH, NO_UTF8, UNSEEN
from numctl.model.number import EMERGENCY, Record, can
from numctl.model.routing import handler
from numctl.model.settings import SETTINGS, URL_FIELDS

_PRIMARY = {"voice_fallback_url": "voice_url", "sms_fallback_url": "sms_url"}
_NEEDS = {
    "voice_url": ("voice",),
    "voice_fallback_url": ("voice",),
    "sms_url": ("sms", "mms"),
    "sms_fallback_url": ("sms", "mms"),
}
"""The URL is called only if the number has one of these capabilities."""
_AREA_CODE = re.compile(r"\+1([2-9][0-9]{2})")
_NAMED = {"trunk_sid": "trunk", "voice_application_sid": "application", "sms_application_sid": "application"}


@dataclass(frozen=True)
class Problem:
    """What a check found: the field, a one-line message, and the options of the `numctl set` that fixes it.

    An option's value in capitals (URL, ADDRESS_SID) is a placeholder to fill in.
    """

    field: str
    message: str
    options: tuple[str, ...] = ()


def calls_unanswered(record: Record) -> Iterator[Problem]:
    """Find a number that can receive calls and has nothing to handle them."""
    if can(record, "voice") and not handler(record, "calls").field:
        message = "no webhook, application or trunk handles calls (the number may still place calls)"
        yield Problem("voice_url", message, _give("voice_url", "URL"))


def messages_unanswered(record: Record) -> Iterator[Problem]:
    """Find a number that can receive messages and has nothing of its own to handle them."""
    if (can(record, "sms") or can(record, "mms")) and not handler(record, "messages").field:
        message = "no webhook or application handles messages (a Messaging Service may receive them)"
        yield Problem("sms_url", message, _give("sms_url", "URL"))


def ignored_setting(record: Record) -> Iterator[Problem]:
    """Find settings that a trunk or an application overrides."""
    for what in ("calls", "messages"):
        answer = handler(record, what)
        for field in answer.ignored:
            by = _NAMED.get(answer.field or "", answer.field)
            yield Problem(field, f"{field} is ignored: the {by} {answer.value} handles {what}", ("--clear", field))


def fallback_without_primary(record: Record) -> Iterator[Problem]:
    """Find a fallback URL without the URL that it is the fallback of."""
    for field, _, primary in _fallbacks(record):
        if not record.get(primary):
            yield Problem(field, f"{field} is set without {primary}, so it is never called", _give(primary, "URL"))


def unusable_url(record: Record) -> Iterator[Problem]:
    """Find URLs that are blank or not URLs at all."""
    for field, url in _live_urls(record):
        if isinstance(record[field], str) and not usable(url):
            what = "blank" if not url.strip() else "not an http or https URL"
            yield Problem(field, f"{field} is {what}, so it cannot be called", _give(field, "URL"))


def fallback_same_host(record: Record) -> Iterator[Problem]:
    """Find a fallback URL that fails together with the primary one."""
    for field, url, primary in _fallbacks(record):
        host = host_of(url)
        if host and host == host_of(str(record.get(primary) or "")):
            message = f"{field} is on the same host as {primary} ({host}): when that host is down, both fail"
            yield Problem(field, message, _give(field, "URL"))


def plain_http(record: Record) -> Iterator[Problem]:
    """Find URLs that are called without TLS, and suggest the https form where it can be known."""
    for field, url in _live_urls(record):
        if url[:5].lower() == "http:" and usable(url):
            message = f"{field} uses plain http: requests can be read and changed in transit"
            better = over_tls(url)
            yield Problem(field, message, _give(field, better) if better else ())


def unreachable_host(record: Record) -> Iterator[Problem]:
    """Find URLs that the service cannot reach, such as localhost or a private address."""
    return _hosts(record, unreachable, "which cannot be reached from the internet")


def placeholder_host(record: Record) -> Iterator[Problem]:
    """Find URLs on domains that are reserved for examples."""
    return _hosts(record, placeholder, "a placeholder domain where nobody answers")


def demo_url(record: Record) -> Iterator[Problem]:
    """Find the demo URLs that a number may come with when it is bought."""
    return _hosts(record, demonstration, "the provider's demo, not an application of yours")


def emergency_address(record: Record) -> Iterator[Problem]:
    """Find an emergency address that failed to register; `emergency_status` does not show that."""
    status = _emergency_registration(record)
    if status == "registration-failure":
        message = f"the emergency address could not be registered ({status}): clear it, then set one that can be"
        yield Problem(EMERGENCY, message, ("--clear", EMERGENCY))


def emergency_address_pending(record: Record) -> Iterator[Problem]:
    """Find an emergency address whose registration is not finished."""
    status = _emergency_registration(record)
    if status not in (None, "registered", "registration-failure"):
        yield Problem(EMERGENCY, f"the emergency address is not registered yet ({status})")


def emergency_address_missing(record: Record) -> Iterator[Problem]:
    """Find a number that may call 911 and has no emergency address."""
    area, none = _AREA_CODE.match(str(record.get("phone_number"))), record.get(EMERGENCY, "unsaid") in (None, "")
    if none and area and can(record, "voice") and _calls_911(area[1]):
        message = "no emergency address is set: a 911 call reaches no local call center and costs a fee"
        yield Problem(EMERGENCY, message, _give(EMERGENCY, "ADDRESS_SID"))


def _emergency_registration(record: Record) -> str | None:
    """The status of the emergency address; None without an address, or if the record does not say."""
    status = record.get("emergency_address_status")
    return str(status) if record.get(EMERGENCY) and status else None


@cache
def _calls_911(area_code: str) -> bool:
    """Whether an area code belongs to a place in the US or Canada."""
    try:
        return country_of(area_code) in ("US", "CA")
    except UsageError:
        return False


def address_missing(record: Record) -> Iterator[Problem]:
    """Find a number that must have an address and has none."""
    required = _requirement(record)
    if required and not record.get("address_sid"):
        kind = "an address" if required == "any" else f"a {required} address"
        message = f"regulation requires {kind}, and none is set"
        yield Problem("address_sid", message, _give("address_sid", "ADDRESS_SID"))


def bundle_missing(record: Record) -> Iterator[Problem]:
    """Find a number without a bundle where one may be required; the record does not say whether it is."""
    abroad = str(record.get("phone_number")).startswith("+") and not str(record.get("phone_number")).startswith("+1")
    if record.get("bundle_sid"):
        return
    if _requirement(record):
        why = "regulation requires an address and may require a bundle too"
    elif abroad and "bundle_sid" in record:
        why = "regulation outside the US and Canada often requires a bundle"
    else:
        return
    yield Problem("bundle_sid", f"{why}, and none is set", _give("bundle_sid", "BUNDLE_SID"))


def duplicate_name(record: Record, *, seen: dict[tuple[str, ...], str]) -> Iterator[Problem]:
    """Find a friendly name that is used twice; `seen` maps account and name to the first number with it.

    It also holds the names that were suggested, so that no two numbers get the same one.
    """
    account, name = str(record.get("account_sid")), str(record.get("friendly_name") or "").strip()
    this = str(record.get("phone_number") or record.get("sid"))
    first = seen.setdefault((account, name), this) if name else this
    if first != this:
        message = f"friendly_name {name!r} is also the name of {first}"
        proposed = [_told_apart(name, ending) for ending in (this[-4:], this[-7:], this)]
        free = (one for one in proposed if (account, one) not in seen and (account, one, "proposed") not in seen)
        better = next(free, proposed[-1])
        seen[account, better, "proposed"] = this
        yield Problem("friendly_name", message, _give("friendly_name", better))


def hosted_number(record: Record) -> Iterator[Problem]:
    """Find a hosted number."""
    if record.get("origin") == "hosted":
        yield Problem("origin", "hosted number: another carrier owns it and may handle its calls")


def beta_number(record: Record) -> Iterator[Problem]:
    """Find a beta number."""
    if record.get("beta") is True:
        yield Problem("beta", "beta number: it is new to the platform, and not everything may work yet")


def _give(field: str, value: str) -> tuple[str, ...]:
    return (SETTINGS[field].option, value)


def _told_apart(name: str, ending: str) -> str:
    """Add an ending to a name, cut to the length that is allowed."""
    suffix = f" {ending}"
    plain = " ".join(re.sub(f"{UNSEEN}|{NO_UTF8}", " ", name).split())
    return (plain[: FRIENDLY_NAME_LENGTH - len(suffix)].rstrip() + suffix).lstrip()


def _live_urls(record: Record) -> Iterator[tuple[str, str]]:
    """Yield field and URL of what the service would call; ignored settings have a rule of their own."""
    ignored = (*handler(record, "calls").ignored, *handler(record, "messages").ignored)
    for field in URL_FIELDS:
        if record.get(field) and field not in ignored and not _never_called(record, field):
            yield field, str(record[field])


def _never_called(record: Record, field: str) -> bool:
    """Whether the number lacks, as far as its record says, what would make the service call a URL."""
    return field in _NEEDS and all(can(record, capability) is False for capability in _NEEDS[field])


def _fallbacks(record: Record) -> Iterator[tuple[str, str, str]]:
    for field, url in _live_urls(record):
        if field in _PRIMARY:
            yield field, url, _PRIMARY[field]


def _hosts(record: Record, wrong: Callable[[str], bool], what: str) -> Iterator[Problem]:
    for field, url in _live_urls(record):
        host = host_of(url)
        if wrong(host):
            yield Problem(field, f"{field} points to {host}, {what}", _give(field, "URL"))


def _requirement(record: Record) -> str:
    required: Any = record.get("address_requirements")
    return required if required in ("any", "local", "foreign") else ""
