"""Credentials: which are in force, and from where. The first match wins, and two sources are never mixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from numctl.errors import AuthError, UsageError
from numctl.model import regions
from numctl.model.ids import Invalid, is_host, sid_check
from numctl.wording import quoted

_Source = Literal["environment", "keyring", "sandbox"]
PUBLIC_URL = "https://api.twilio.com"
_NONE_YET = """numctl login stores an account's credentials
or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)
numctl list --sandbox tries it without an account"""

_OF_A_SET = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET")
_SIDS = {"TWILIO_ACCOUNT_SID": "AC", "TWILIO_API_KEY": "SK"}
"""Variables whose wrong value is not shown either: it may be the secret, put there by mistake."""


@dataclass(frozen=True)
class Credentials:
    """An account, what authenticates for it, and where the service is reached. `notes` are for standard error."""

    account_sid: str
    user: str
    secret: str = field(repr=False)
    source: _Source
    profile: str | None = None
    region: str | None = None
    edge: str | None = None
    api_url: str = PUBLIC_URL
    notes: tuple[str, ...] = ()

    @property
    def key_sid(self) -> str | None:
        """Return the API key's SID, None where the auth token is used."""
        return self.user if self.user.startswith("SK") else None

    @property
    def auth(self) -> str:
        """Return `api_key` or `token`."""
        return "api_key" if self.key_sid else "token"

    @property
    def where(self) -> str:
        """Return the profile's name, `environment` or `SANDBOX`."""
        return "SANDBOX" if self.source == "sandbox" else self.profile or "environment"


class StandIn(NamedTuple):
    """The account and the token of the sandbox, and the address that it is mounted at."""

    account_sid: str
    token: str
    api_url: str


def sandbox_asked(environ: Mapping[str, str], flag: bool) -> bool:
    """Say whether the sandbox is asked for, by the option or NUMCTL_SANDBOX; raises AuthError for another value."""
    value = environ.get("NUMCTL_SANDBOX", "").lower()
    if value not in ("", "0", "1", "true", "false", "yes", "no"):
        raise AuthError(f"NUMCTL_SANDBOX is {quoted(value)}: it is 1 or 0")
    return flag or value in ("1", "true", "yes")


def resolve(
    environ: Mapping[str, str],
    *,
    profile: str | None,
    stand_in: StandIn | None = None,
    tell: Callable[[str], None] | None = None,
) -> Credentials:
    """Return the credentials in force; raises AuthError where there are none, or where they are incomplete.

    `tell` tells a person that the keyring is being waited for; without it, the keyring may ask nobody.
    """
    env = {name: value for name, value in environ.items() if value}
    if stand_in:
        return _of_sandbox(stand_in, env, profile)
    if not profile and in_environment(env):
        return _of_environment(env)
    return _of_profile(chosen_profile(env, profile), env, _overruled(env, profile) if profile else (), tell)


def in_environment(environ: Mapping[str, str]) -> bool:
    """Say whether the environment has credentials, or a part of them."""
    return any(environ.get(name) for name in _OF_A_SET)


def chosen_profile(env: Mapping[str, str], profile: str | None) -> str:
    """Return the name of the profile that is asked for, else of the default one; raises AuthError."""
    from numctl.credentials import profiles

    if profile:
        return profiles.check_name(profile)
    if env.get("NUMCTL_PROFILE"):
        return profile_in(env)
    known = profiles.load()
    if known.default_profile:
        return known.default_profile
    if known.by_name:
        raise AuthError(
            "no profile is the default one",
            hint=f"name one with --profile or NUMCTL_PROFILE: {', '.join(known.by_name)}",
        )
    raise AuthError("there are no credentials yet", hint=_NONE_YET)


def _of_sandbox(stand_in: StandIn, env: Mapping[str, str], profile: str | None) -> Credentials:
    """Return the credentials of the stand-in, with a note about what it is used in the place of."""
    account_sid, token, url = stand_in
    lost = [f"profile {quoted(profile)}"] if profile else []
    notes = tuple(f"the sandbox is used, not {what}" for what in (*lost, *_in_environment(env)))
    return Credentials(account_sid, account_sid, token, "sandbox", api_url=url, notes=notes)


def _overruled(env: Mapping[str, str], profile: str) -> tuple[str, ...]:
    """Return the notes about what the environment has and `--profile` overrules."""
    others = [what for what in _in_environment(env) if env.get("NUMCTL_PROFILE") != profile or what != "NUMCTL_PROFILE"]
    return tuple(f"profile {quoted(profile)} is used, not {what}" for what in others)


def _in_environment(env: Mapping[str, str]) -> list[str]:
    """Return what the environment has that could have been used: a complete set, and a profile's name."""
    found = [] if _incomplete(env) else ["the credentials in the environment"]
    return found + (["NUMCTL_PROFILE"] if "NUMCTL_PROFILE" in env else [])


def profile_in(env: Mapping[str, str]) -> str:
    """Return the profile that NUMCTL_PROFILE names; raises AuthError for what cannot be one's name."""
    from numctl.credentials.profiles import check_name

    try:
        return check_name(env["NUMCTL_PROFILE"])
    except UsageError as error:
        raise AuthError(f"NUMCTL_PROFILE is malformed: {error.message}") from error


def _of_profile(
    name: str, env: Mapping[str, str], notes: tuple[str, ...], tell: Callable[[str], None] | None
) -> Credentials:
    """Return a profile's credentials, with its secret from the keyring; raises AuthError."""
    from numctl.credentials import keyring, profiles

    found = profiles.load().named(name)
    region, edge = found.reached_at()
    if "NUMCTL_API_URL" in env:
        message = (
            "NUMCTL_API_URL goes with credentials in the environment: a keyring's secret goes to the service alone"
        )
        raise AuthError(message, hint="unset NUMCTL_API_URL, or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
    return Credentials(
        account_sid=found.account_sid,
        user=found.key_sid or found.account_sid,
        secret=keyring.fetch(found, tell),
        source="keyring",
        profile=name,
        region=region,
        edge=edge,
        api_url=service_url(region, edge),
        notes=notes + _unused_place(env, f"profile {name!r}", region, edge),
    )


def _unused_place(
    env: Mapping[str, str], used: str, region: str | None = None, edge: str | None = None
) -> tuple[str, ...]:
    """Return the notes about a region or an edge in the environment that differs from what is used."""
    pairs = (("TWILIO_REGION", region), ("TWILIO_EDGE", edge))
    return tuple(f"{used} is used, not {name}" for name, value in pairs if env.get(name, value) != value)


def _of_environment(env: Mapping[str, str]) -> Credentials:
    """Return the environment's credentials; raises AuthError that names what is missing or malformed."""
    has_key = "TWILIO_API_KEY" in env and "TWILIO_API_SECRET" in env
    missing = _incomplete(env)
    if missing:
        raise AuthError(
            f"the credentials in the environment are incomplete: {missing}",
            hint="set it, or unset the others",
        )
    account_sid = _checked(env, "TWILIO_ACCOUNT_SID", sid_check("AC"))
    user = _checked(env, "TWILIO_API_KEY", sid_check("SK")) if has_key else account_sid
    name = "TWILIO_API_SECRET" if has_key else "TWILIO_AUTH_TOKEN"
    region, edge, api_url = _address_in(env)
    secret = _checked(env, name, check_secret)
    return Credentials(
        account_sid, user, secret, "environment", None, region, edge, api_url, _passed_over(env, has_key)
    )


def _address_in(env: Mapping[str, str]) -> tuple[str | None, str | None, str]:
    """Return the region, the edge and the URL that the environment asks for; raises AuthError."""
    region, edge = _place(env, "TWILIO_REGION"), _place(env, "TWILIO_EDGE")
    if "NUMCTL_API_URL" in env:
        return None, None, _checked(env, "NUMCTL_API_URL", _check_api_url)
    try:
        region, edge = regions.completed(region, edge)
    except Invalid as error:
        raise AuthError(f"TWILIO_REGION: {error.message}", hint="set TWILIO_EDGE as well") from error
    return region, edge, service_url(region, edge)


def _passed_over(env: Mapping[str, str], has_key: bool) -> tuple[str, ...]:
    """Return the notes about what the environment has beside the set that is used."""
    notes = []
    if has_key and "TWILIO_AUTH_TOKEN" in env:
        notes.append("TWILIO_API_KEY is used, not TWILIO_AUTH_TOKEN")
    if not has_key and ("TWILIO_API_KEY" in env or "TWILIO_API_SECRET" in env):
        missing = "TWILIO_API_SECRET" if "TWILIO_API_KEY" in env else "TWILIO_API_KEY"
        notes.append(f"TWILIO_AUTH_TOKEN is used, not the API key: {missing} is missing")
    if "NUMCTL_PROFILE" in env:
        notes.append("the credentials in the environment are used, not NUMCTL_PROFILE")
    return tuple(notes) + (_unused_place(env, "NUMCTL_API_URL") if "NUMCTL_API_URL" in env else ())


def _place(env: Mapping[str, str], name: str) -> str | None:
    """Return the region or the edge, None where there is none; raises AuthError."""
    if name not in env:
        return None
    from numctl.credentials.profiles import label

    return _checked(env, name, label)


def _incomplete(env: Mapping[str, str]) -> str:
    """Return what is missing for a complete set in the environment, empty where nothing is."""
    if "TWILIO_ACCOUNT_SID" not in env:
        return "TWILIO_ACCOUNT_SID is missing"
    if "TWILIO_AUTH_TOKEN" in env or ("TWILIO_API_KEY" in env and "TWILIO_API_SECRET" in env):
        return ""
    if "TWILIO_API_KEY" in env:
        return "TWILIO_API_SECRET is missing"
    return "TWILIO_API_KEY is missing" if "TWILIO_API_SECRET" in env else "TWILIO_AUTH_TOKEN is missing"


def _checked(env: Mapping[str, str], name: str, check: Callable[[str], str]) -> str:
    """Return a variable's value; raises AuthError that names the variable, and never shows a secret."""
    try:
        return check(env[name])
    except Invalid as error:
        why = f": it is not {_SIDS[name]} and 32 hexadecimal digits" if name in _SIDS else f": {error.message}"
        why = "" if name in ("TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET") else why
        raise AuthError(f"{name} is malformed{why}") from error


def check_secret(text: str) -> str:
    """Return a secret that an HTTP header can carry; raises Invalid."""
    if _is_graphic(text):
        return text
    raise Invalid("it holds white space or other characters that no token has")


def _is_graphic(text: str) -> bool:
    """Say whether text is ASCII that can be seen, without blanks."""
    return text.isascii() and text.isprintable() and " " not in text


def _check_api_url(text: str) -> str:
    """Return a base URL: https, or plain http to this machine only; raises Invalid."""
    from numctl.model.loopback import is_loopback

    if not _is_graphic(text):  # urlsplit would strip some of it, and what is asked then is not what was set
        raise Invalid("it holds white space or other characters that are not printable ASCII")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Invalid("it is not a URL") from None
    if parts.username is not None or parts.password is not None:
        raise Invalid("it carries a user name or password: leave them out")
    if (
        parts.scheme not in ("http", "https")
        or not is_host(host)
        or parts.path not in ("", "/")
        or "?" in text
        or "#" in text
    ):
        raise Invalid("it is not an origin, such as https://api.example.com")
    if parts.scheme == "http" and not is_loopback(host):
        raise Invalid(f"plain http goes to a loopback address only, not to {host}")
    return f"{parts.scheme}://{parts.netloc}"


def service_url(region: str | None, edge: str | None) -> str:
    """Return the service's own URL for a region and the edge that belongs to it."""
    return regions.origin("api", region, edge)
