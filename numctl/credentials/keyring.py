"""The OS keyring: bounded in time, since a mute one must not hang a command, and free to ask a person who is there."""

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
"""How long the keyring has where nobody can be asked, and how long a person waits without being told why."""
SECONDS_TO_ASK = 120.0

WITHOUT_KEYRING = (
    "without a keyring, set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)"
)
WAITING = "numctl: waiting for the keyring, which may be asking for something; Ctrl-C stops"
_REASONS = {
    "NoKeyringError": "there is none",
    "KeyringLocked": "it is locked",
    "EOFError": "nothing was typed",
    "NobodyToAsk": "it asks for a passphrase, and nobody can be asked here",
}

_KEEPS_NOTHING = {
    "keyring.backends.fail": "there is no keyring on this machine",
    "keyring.backends.null": "it forgets what it is given",
}
"""The modules of backends that stand in for a keyring."""

T = TypeVar("T")
_Tell = Callable[[str], None]
"""Tell a person that the keyring is being waited for; None where nobody may be asked."""


class NobodyToAsk(Exception):
    """The keyring asks for a passphrase where nobody can type one."""


class Unusable(AuthError):
    """The keyring does not answer, or there is none."""


def entry(profile: Profile) -> str:
    """Return the user name of a profile's secret: it binds the secret to the account and key it belongs to."""
    return f"{profile.name}:{profile.key_sid or profile.account_sid}@{profile.account_sid}"


def fetch(profile: Profile, tell: _Tell | None = None) -> str:
    """Return a profile's secret; raises AuthError where the keyring has none or does not answer."""
    found = _bounded(lambda ring: ring.get_password(SERVICE, entry(profile)), tell)
    if not found:
        message = f"the keyring has no secret for profile {profile.name!r} ({profile.account_sid})"
        raise AuthError(message, hint=f"numctl login --profile {profile.name} stores it; {WITHOUT_KEYRING}")
    return str(found)


def store(profile: Profile, secret: str, tell: _Tell | None = None) -> str:
    """Store a profile's secret, read it back and return the name of what keeps it; raises AuthError."""

    def keep(ring: Any) -> str:
        name = _put(ring, entry(profile), secret)
        if ring.get_password(SERVICE, entry(profile)) != secret:
            raise AuthError(f"the keyring ({name}) accepted the secret and did not keep it", hint=WITHOUT_KEYRING)
        return name

    return _bounded(keep, tell)


def _put(ring: Any, user: str, secret: str) -> str:
    """Give a secret to the first backend that takes it, as a chain does, and return that backend's name.

    Raises AuthError, with nothing stored, where that is one that keeps secrets in clear.
    """
    for backend in _members(ring):
        name = _name_of(backend)
        if _keeps_in_clear(backend):
            raise AuthError(f"the keyring ({name}) keeps secrets in clear; nothing was stored", hint=WITHOUT_KEYRING)
        try:
            backend.set_password(SERVICE, user, secret)
        except NotImplementedError:  # how a chain is told to go on to its next member
            continue
        return name
    raise AuthError(f"the keyring ({_name_of(ring)}) has nothing that stores secrets", hint=WITHOUT_KEYRING)


def delete(profile: Profile, tell: _Tell | None = None) -> None:
    """Forget a profile's secret, also one that several members of a chain hold; raises AuthError."""

    def forget(ring: Any) -> None:
        for backend in _members(ring):
            if backend.get_password(SERVICE, entry(profile)) is not None:
                backend.delete_password(SERVICE, entry(profile))

    _bounded(forget, tell)


def _members(ring: Any) -> list[Any]:
    """Return the backends that a chain tries, in its order; any other backend alone."""
    from keyring.backends.chainer import ChainerBackend

    return list(ring.backends) if isinstance(ring, ChainerBackend) else [ring]


def _keeps_in_clear(backend: Any) -> bool:
    """Say whether a backend, one that it is derived from or one that it wraps writes secrets as they are."""
    inner = getattr(backend, "_keyring", None)
    named = any("plaintext" in kind.__qualname__.lower() for kind in type(backend).__mro__)
    return named or (inner is not None and _keeps_in_clear(inner))


def _name_of(backend: Any) -> str:
    """Return a backend's name with its module."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def backend_name() -> str:
    """Return the name of the keyring's backend."""
    return _bounded(_name_of, None)


def backend() -> tuple[str, str]:
    """Return the name of the backend that takes a secret, and why it keeps none, empty where it does."""
    return _bounded(_judged, None)


def _judged(ring: Any) -> tuple[str, str]:
    first = next(iter(_members(ring)), ring)
    if _keeps_in_clear(first):
        return _name_of(first), "it keeps secrets in clear, and numctl uses none that does"
    return _name_of(first), _KEEPS_NOTHING.get(type(first).__module__, "")


def _bounded(use: Callable[[Any], T], tell: _Tell | None) -> T:
    """Use the keyring within its time; raises AuthError with one line for all that can go wrong."""
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
        except Exception as error:  # backends raise what they like; none of it may show a secret
            kind = type(error).__name__
            raise Unusable(f"the keyring cannot be used: {_REASONS.get(kind, kind)}", hint=WITHOUT_KEYRING) from None


@contextmanager
def _nobody_asked(forbidden: bool) -> Iterator[None]:
    """Let no backend ask on the terminal, nor take the lines of a redirected standard input for the answer."""
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
