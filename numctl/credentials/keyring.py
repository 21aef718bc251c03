"""The OS keyring: bounded in time, since one that does not answer must not hang a command.

If a person is there, the keyring may ask and gets longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from numctl.errors import AuthError
from numctl.system import terminal
from numctl.system.deadline import Expired, within

if TYPE_CHECKING:
    from numctl.credentials.profiles import Profile

SERVICE = "numctl"
SECONDS = 3.0
"""How long the keyring has if nobody can be asked, and how long a person waits before being told why."""
SECONDS_TO_ASK = 120.0

WITHOUT_KEYRING = (
    "without a keyring, set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)"
)
WAITING = "numctl: waiting for the keyring, which may be asking for something; Ctrl-C stops"
_REASONS = {
    "NoKeyringError": "there is none",
    "KeyringLocked": "it is locked",
    "EOFError": "nothing was typed",
    "NobodyToAsk": "it asks for a passphrase, and there is no terminal to ask on",
}

_KEEPS_NOTHING = {
    "keyring.backends.fail": "there is no keyring on this machine",
    "keyring.backends.null": "it forgets what it is given",
}
"""The modules of backends that stand in for a keyring."""

T = TypeVar("T")
_Tell = Callable[[str], None]
"""Tells a person that numctl waits for the keyring; None if nobody may be asked."""


class NobodyToAsk(Exception):
    """The keyring asks for a passphrase and nobody is there to type one."""


class Unusable(AuthError):
    """The keyring does not answer, or there is none."""


def entry(profile: Profile) -> str:
    """The user name of a profile's secret; it ties the secret to the account and key it belongs to."""
    return f"{profile.name}:{profile.key_sid or profile.account_sid}@{profile.account_sid}"


def fetch(profile: Profile, tell: _Tell | None = None) -> str:
    """The profile's secret; raises AuthError if the keyring has none or does not answer."""
    found = _bounded(lambda ring: ring.get_password(SERVICE, entry(profile)), tell)
    if not found:
        message = f"the keyring has no secret for profile {profile.name!r} ({profile.account_sid})"
        raise AuthError(message, hint=f"numctl login --profile {profile.name} stores it; {WITHOUT_KEYRING}")
    return str(found)


def store(profile: Profile, secret: str, tell: _Tell | None = None) -> str:
    """Store a profile's secret, read it back and return the backend's name; raises AuthError."""

    def keep(ring: Any) -> str:
        name = _put(ring, entry(profile), secret)
        if ring.get_password(SERVICE, entry(profile)) != secret:
            raise AuthError(f"the keyring ({name}) accepted the secret and did not keep it", hint=WITHOUT_KEYRING)
        return name

    return _bounded(keep, tell)


def _put(ring: Any, user: str, secret: str) -> str:
    """Give a secret to the first backend that takes it, as a chain does, and return that backend's name.

    Raises AuthError, with nothing stored, if that backend stores secrets unencrypted.
    """
    for backend in _members(ring):
        name = _name_of(backend)
        if _keeps_in_clear(backend):
            raise AuthError(
                f"the keyring ({name}) stores secrets unencrypted; nothing was stored", hint=WITHOUT_KEYRING
            )
        try:
            backend.set_password(SERVICE, user, secret)
        except NotImplementedError:  # tells a chain to try its next member
            continue
        return name
    raise AuthError(f"the keyring ({_name_of(ring)}) cannot store secrets", hint=WITHOUT_KEYRING)


def delete(profile: Profile, tell: _Tell | None = None) -> None:
    """Forget a profile's secret, in every member of a chain that has it; raises AuthError."""

    def forget(ring: Any) -> None:
        for backend in _members(ring):
            if backend.get_password(SERVICE, entry(profile)) is not None:
                backend.delete_password(SERVICE, entry(profile))

    _bounded(forget, tell)


def _members(ring: Any) -> list[Any]:
    """The backends that a chain tries, in its order; any other backend by itself."""
    from keyring.backends.chainer import ChainerBackend

    return list(ring.backends) if isinstance(ring, ChainerBackend) else [ring]


def _keeps_in_clear(backend: Any) -> bool:
    """Whether a backend, a class it derives from or a backend it wraps stores secrets unencrypted."""
    inner = getattr(backend, "_keyring", None)
    named = any("plaintext" in kind.__qualname__.lower() for kind in type(backend).__mro__)
    return named or (inner is not None and _keeps_in_clear(inner))


def _name_of(backend: Any) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def backend_name() -> str:
    return _bounded(_name_of, None)


def backend() -> tuple[str, str]:
    """The backend that takes a secret, and why it keeps none (empty if it does)."""
    return _bounded(_judged, None)


def _judged(ring: Any) -> tuple[str, str]:
    first = next(iter(_members(ring)), ring)
    if _keeps_in_clear(first):
        return _name_of(first), "it keeps secrets in clear, and numctl uses none that does"
    return _name_of(first), _KEEPS_NOTHING.get(type(first).__module__, "")


def _bounded(use: Callable[[Any], T], tell: _Tell | None) -> T:
    """Use the keyring within its time; raises AuthError with one line for anything that goes wrong."""
    asking = tell if terminal.is_there() else None
    seconds = SECONDS if asking is None else SECONDS_TO_ASK

    def call() -> T:
        import keyring

        with _nobody_asked(asking is None):
            return use(keyring.get_keyring())

    with terminal.kept() as screen:

        def notice() -> None:
            if asking:
                asking(f"\n{WAITING}" if screen.asks() else WAITING)

        try:
            return within(seconds, call, notice=(SECONDS, notice) if asking else None)
        except Expired:
            message = f"the keyring did not answer within {seconds:g} s; is it locked?"
            raise Unusable(message, hint=WITHOUT_KEYRING) from None
        except AuthError:
            raise
        except Exception as error:  # backends raise anything; none of it may show a secret
            kind = type(error).__name__
            raise Unusable(f"the keyring cannot be used: {_REASONS.get(kind, kind)}", hint=WITHOUT_KEYRING) from None


@contextmanager
def _nobody_asked(forbidden: bool) -> Iterator[None]:
    """Keep backends from asking on the terminal or reading the answer from a redirected standard input."""
    import getpass

    def refuse(*_: object, **__: object) -> NoReturn:
        raise NobodyToAsk

    before = getpass.getpass
    if forbidden:
        getpass.getpass = refuse
    try:
        yield
    finally:
        getpass.getpass = before
