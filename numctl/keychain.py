"""The OS keyring, behind a time limit: a locked or mute Secret Service must not hang a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from numctl.deadline import Expired, within
from numctl.errors import AuthError

if TYPE_CHECKING:
    from numctl.profiles import Profile

SERVICE = "numctl"
SECONDS = 3.0
IN_CLEAR = ("keyrings.alt.file.PlaintextKeyring", "PlaintextKeyring")
WITHOUT_KEYRING = (
    "without a keyring, set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)"
)

T = TypeVar("T")


def entry(profile: Profile) -> str:
    """Return the user name of a profile's secret: it binds the secret to the account and key it belongs to."""
    return f"{profile.name}:{profile.key_sid or profile.account_sid}@{profile.account_sid}"


def fetch(profile: Profile) -> str:
    """Return a profile's secret; raises AuthError where the keyring has none or does not answer."""
    found = bounded(lambda keyring: keyring.get_password(SERVICE, entry(profile)))
    if not found:
        message = f"the keyring has no secret for profile {profile.name!r} ({profile.account_sid})"
        raise AuthError(message, hint=f"numctl login --profile {profile.name} stores it; {WITHOUT_KEYRING}")
    return str(found)


def store(profile: Profile, secret: str) -> None:
    """Store a profile's secret and read it back; raises AuthError where it did not stick."""
    name = backend_name()
    if any(name.endswith(kind) for kind in IN_CLEAR):
        raise AuthError(f"the keyring ({name}) keeps secrets in clear; nothing was stored", hint=WITHOUT_KEYRING)
    bounded(lambda keyring: keyring.set_password(SERVICE, entry(profile), secret))
    if bounded(lambda keyring: keyring.get_password(SERVICE, entry(profile))) != secret:
        raise AuthError(f"the keyring ({name}) accepted the secret and did not keep it", hint=WITHOUT_KEYRING)


def delete(profile: Profile) -> None:
    """Forget a profile's secret; where there is none, that is well. Raises AuthError where the keyring fails."""

    def forget(keyring: Any) -> None:
        if keyring.get_password(SERVICE, entry(profile)) is not None:
            keyring.delete_password(SERVICE, entry(profile))

    bounded(forget)


def backend_name() -> str:
    """Return the name of the keyring's backend."""

    def name(keyring: Any) -> str:
        kind = type(keyring.get_keyring())
        return f"{kind.__module__}.{kind.__qualname__}"

    return bounded(name)


def bounded(use: Callable[[Any], T]) -> T:
    """Use the keyring within three seconds; raises AuthError with one line for all that can go wrong."""

    def call() -> T:
        import keyring

        return use(keyring)

    try:
        return within(SECONDS, call)
    except Expired:
        raise AuthError(
            f"the keyring did not answer within {SECONDS:g} s; is it locked?", hint=WITHOUT_KEYRING
        ) from None
    except AuthError:
        raise
    except Exception as error:  # backends raise what they like; none of it may show a secret
        reason = "there is none" if type(error).__name__ == "NoKeyringError" else type(error).__name__
        raise AuthError(f"the keyring cannot be used: {reason}", hint=WITHOUT_KEYRING) from None
