"""Which credentials are in use, and where they come from. The first match wins; two sources are never mixed."""

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
_NO_CREDENTIALS = """numctl login stores an account's credentials
or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)
numctl list --sandbox tries it without an account"""

_VARIABLES = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET")
_SIDS = {"TWILIO_ACCOUNT_SID": "AC", "TWILIO_API_KEY": "SK"}
"""A wrong value of these is not shown: it may be the secret, put there by mistake."""


@dataclass(frozen=True)
class Credentials:
    """An account, what authenticates for it, and how the service is reached; `notes` are for standard error."""

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
        """The API key's SID, None if the auth token is used."""
        return self.user if self.user.startswith("SK") else None

    @property
    def auth(self) -> str:
        """`api_key` or `token`."""
        return "api_key" if self.key_sid else "token"

    @property
    def where(self) -> str:
        """The profile's name, `environment` or `SANDBOX`."""
        return "SANDBOX" if self.source == "sandbox" else self.profile or "environment"


class StandIn(NamedTuple):
    """The sandbox's account, token and address."""

    account_sid: str
    token: str
    api_url: str


def sandbox_asked(environ: Mapping[str, str], flag: bool) -> bool:
    """Whether the option or NUMCTL_SANDBOX asks for the sandbox; raises AuthError for another value."""
    value = environ.get("NUMCTL_SANDBOX", "").lower()
    if value not in ("", "0", "1", "true", "false", "yes", "no"):
        raise AuthError(f"NUMCTL_SANDBOX is {quoted(value)}: use 1 or 0")
    return flag or value in ("1", "true", "yes")


def resolve(
    environ: Mapping[str, str],
    *,
    profile: str | None,
    stand_in: StandIn | None = None,
    tell: Callable[[str], None] | None = None,
) -> Credentials:
    """The credentials in use; raises AuthError if there are none, or if they are incomplete.

    `tell` tells a person that numctl waits for the keyring; without it, the keyring may not ask.
    """
    env = {name: value for name, value in environ.items() if value}
    if stand_in:
        return _sandbox_credentials(stand_in, env, profile)
    if not profile and in_environment(env):
        return _environment_credentials(env)
    return _profile_credentials(
        chosen_profile(env, profile), env, _overruled_notes(env, profile) if profile else (), tell
    )


def in_environment(environ: Mapping[str, str]) -> bool:
    """Whether the environment has credentials, or a part of them."""
    return any(environ.get(name) for name in _VARIABLES)


def chosen_profile(env: Mapping[str, str], profile: str | None) -> str:
    """The profile that is asked for, else the default one; raises AuthError if there is neither."""
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
            "there is no default profile",
            hint=f"choose one with --profile or NUMCTL_PROFILE: {', '.join(known.by_name)}",
        )
    raise AuthError("there are no credentials yet", hint=_NO_CREDENTIALS)


def _sandbox_credentials(stand_in: StandIn, env: Mapping[str, str], profile: str | None) -> Credentials:
    account_sid, token, url = stand_in
    lost = [f"profile {quoted(profile)}"] if profile else []
    notes = tuple(f"the sandbox is used, not {what}" for what in (*lost, *_in_environment(env)))
    return Credentials(account_sid, account_sid, token, "sandbox", api_url=url, notes=notes)


def _overruled_notes(env: Mapping[str, str], profile: str) -> tuple[str, ...]:
    others = [what for what in _in_environment(env) if env.get("NUMCTL_PROFILE") != profile or what != "NUMCTL_PROFILE"]
    return tuple(f"profile {quoted(profile)} is used, not {what}" for what in others)


def _in_environment(env: Mapping[str, str]) -> list[str]:
    found = [] if _incomplete(env) else ["the credentials in the environment"]
    return found + (["NUMCTL_PROFILE"] if "NUMCTL_PROFILE" in env else [])


def profile_in(env: Mapping[str, str]) -> str:
    """The profile that NUMCTL_PROFILE names; raises AuthError if that is not a valid name."""
    from numctl.credentials.profiles import check_name

    try:
        return check_name(env["NUMCTL_PROFILE"])
    except UsageError as error:
        raise AuthError(f"NUMCTL_PROFILE is malformed: {error.message}") from error


def _profile_credentials(
    name: str, env: Mapping[str, str], notes: tuple[str, ...], tell: Callable[[str], None] | None
) -> Credentials:
    from numctl.credentials import keyring, profiles

    found = profiles.load().named(name)
    region, edge = found.reached_at()
    if "NUMCTL_API_URL" in env:
        message = (
            "NUMCTL_API_URL needs credentials in the environment: secrets in the keyring are sent only to the service"
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
        notes=notes + _unused_region_notes(env, f"profile {name!r}", region, edge),
    )


def _unused_region_notes(
    env: Mapping[str, str], used: str, region: str | None = None, edge: str | None = None
) -> tuple[str, ...]:
    pairs = (("TWILIO_REGION", region), ("TWILIO_EDGE", edge))
    return tuple(f"{used} is used, not {name}" for name, value in pairs if env.get(name, value) != value)


def _environment_credentials(env: Mapping[str, str]) -> Credentials:
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
    region, edge, api_url = address_in(env)
    secret = _checked(env, name, check_secret)
    return Credentials(
        account_sid, user, secret, "environment", None, region, edge, api_url, _unused_notes(env, has_key)
    )


def address_in(env: Mapping[str, str]) -> tuple[str | None, str | None, str]:
    """The region, the edge and the URL that the environment asks for; raises AuthError."""
    region, edge = _region_or_edge(env, "TWILIO_REGION"), _region_or_edge(env, "TWILIO_EDGE")
    if "NUMCTL_API_URL" in env:
        return None, None, _checked(env, "NUMCTL_API_URL", _check_api_url)
    try:
        region, edge = regions.completed(region, edge)
    except Invalid as error:
        raise AuthError(f"TWILIO_REGION: {error.message}", hint="set TWILIO_EDGE as well") from error
    return region, edge, service_url(region, edge)


def _unused_notes(env: Mapping[str, str], has_key: bool) -> tuple[str, ...]:
    notes = []
    if has_key and "TWILIO_AUTH_TOKEN" in env:
        notes.append("TWILIO_API_KEY is used, not TWILIO_AUTH_TOKEN")
    if not has_key and ("TWILIO_API_KEY" in env or "TWILIO_API_SECRET" in env):
        missing = "TWILIO_API_SECRET" if "TWILIO_API_KEY" in env else "TWILIO_API_KEY"
        notes.append(f"TWILIO_AUTH_TOKEN is used, not the API key: {missing} is missing")
    if "NUMCTL_PROFILE" in env:
        notes.append("the credentials in the environment are used, not NUMCTL_PROFILE")
    return tuple(notes) + (_unused_region_notes(env, "NUMCTL_API_URL") if "NUMCTL_API_URL" in env else ())


def _region_or_edge(env: Mapping[str, str], name: str) -> str | None:
    if name not in env:
        return None
    from numctl.credentials.profiles import label

    return _checked(env, name, label)


def _incomplete(env: Mapping[str, str]) -> str:
    if "TWILIO_ACCOUNT_SID" not in env:
        return "TWILIO_ACCOUNT_SID is missing"
    if "TWILIO_AUTH_TOKEN" in env or ("TWILIO_API_KEY" in env and "TWILIO_API_SECRET" in env):
        return ""
    if "TWILIO_API_KEY" in env:
        return "TWILIO_API_SECRET is missing"
    return "TWILIO_API_KEY is missing" if "TWILIO_API_SECRET" in env else "TWILIO_AUTH_TOKEN is missing"


def _checked(env: Mapping[str, str], name: str, check: Callable[[str], str]) -> str:
    try:
        return check(env[name])
    except Invalid as error:
        why = f": it is not {_SIDS[name]} and 32 hexadecimal digits" if name in _SIDS else f": {error.message}"
        why = "" if name in ("TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET") else why
        raise AuthError(f"{name} is malformed{why}") from error


def check_secret(text: str) -> str:
    """Check that an HTTP header can carry the secret; raises Invalid."""
    if _is_graphic(text):
        return text
    raise Invalid("it holds white space or other characters that no token has")


def _is_graphic(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _check_api_url(text: str) -> str:
    """Check a base URL: https, or plain http to this machine only."""
    from numctl.model.loopback import is_loopback

    if not _is_graphic(text):  # urlsplit would strip some of these and change the URL
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
        raise Invalid(f"plain http is allowed only to a loopback address, not to {host}")
    return f"{parts.scheme}://{parts.netloc}"


def service_url(region: str | None, edge: str | None) -> str:
    """The service's own URL for a region and its edge."""
    return regions.origin("api", region, edge)
