"""The keyring: what is stored sticks or fails loudly, and what does not answer does not hang."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend

from numctl.credentials import keyring as keychain
from numctl.credentials.profiles import Profile
from numctl.errors import AuthError
from numctl.system import terminal
from tests.programs import needs

WORK = Profile("work", "AC" + "1" * 32)
PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")


class InMemory(KeyringBackend):
    """Keep secrets for the time of a test."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring says nothing of its types
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[service, username]


class Mute(InMemory):
    """Never answer."""

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(60)
        return None


class Broken(InMemory):
    """Fail, with the secret in the message."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot store {password}")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Put the test session's own backend back."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def use(backend: Any) -> Any:
    keyring.set_keyring(backend)
    return backend


def test_a_secret_is_stored_found_and_forgotten() -> None:
    backend = use(InMemory())
    keychain.store(WORK, "s3cret-of-nobody")
    assert keychain.fetch(WORK) == "s3cret-of-nobody"
    keychain.delete(WORK)
    keychain.delete(WORK)
    assert backend.secrets == {}


def test_a_secret_belongs_to_the_account_it_was_stored_for() -> None:
    use(InMemory())
    keychain.store(WORK, "s3cret-of-nobody")
    with pytest.raises(AuthError, match="the keyring has no secret for profile 'work'"):
        keychain.fetch(Profile("work", "AC" + "2" * 32))


def test_a_keyring_that_forgets_is_found_out() -> None:
    from keyring.backends.null import Keyring

    use(Keyring())
    with pytest.raises(AuthError, match="accepted the secret and did not keep it"):
        keychain.store(WORK, "s3cret-of-nobody")


def test_a_server_without_a_keyring_gets_one_line_that_names_the_variables() -> None:
    from keyring.backends.fail import Keyring

    use(Keyring())
    with pytest.raises(AuthError) as error:
        keychain.fetch(WORK)
    assert error.value.message == "the keyring cannot be used: there is none"
    assert error.value.hint == keychain.WITHOUT_KEYRING
    assert "TWILIO_ACCOUNT_SID" in keychain.WITHOUT_KEYRING


def test_a_mute_keyring_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keychain, "SECONDS", 0.2)
    use(Mute())
    with pytest.raises(AuthError, match=r"the keyring did not answer within 0\.2 s"):
        keychain.fetch(WORK)


def test_an_error_of_the_keyring_does_not_show_the_secret() -> None:
    use(Broken())
    with pytest.raises(AuthError) as error:
        keychain.store(WORK, "s3cret-of-nobody")
    assert error.value.message == "the keyring cannot be used: RuntimeError"
    assert error.value.__cause__ is None


class Unable(InMemory):
    """Store nothing, as a backend that only reads."""

    priority = 5.0

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


class PlaintextOfTheTest(InMemory):
    """Keep secrets in clear, by its name."""


class Derived(PlaintextOfTheTest):
    """Keep secrets in clear, by what it is derived from."""


class Wrapped(InMemory):
    """Keep secrets in clear, by what it wraps."""

    def __init__(self) -> None:
        super().__init__()
        self._keyring = PlaintextOfTheTest()


def chain(*members: KeyringBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use keyring's own chain, with these members in this order."""
    monkeypatch.setattr(ChainerBackend, "backends", list(members))
    use(ChainerBackend())


def refused_to_store() -> str:
    with pytest.raises(AuthError) as error:
        keychain.store(WORK, "s3cret-of-nobody")
    assert "s3cret" not in error.value.message
    assert error.value.hint == keychain.WITHOUT_KEYRING
    return error.value.message


@pytest.mark.parametrize("backend", [PlaintextOfTheTest, Derived, Wrapped])
def test_a_backend_that_keeps_secrets_in_clear_gets_none(backend: type[InMemory]) -> None:
    used = use(backend())
    message = f"the keyring (tests.credentials.test_keyring.{backend.__name__}) stores secrets unencrypted; "
    message += "nothing was stored"
    assert refused_to_store() == message
    assert used.secrets == {}


def test_of_a_chain_the_member_that_takes_the_secret_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    clear, safe = PlaintextOfTheTest(), InMemory()
    chain(Unable(), clear, safe, monkeypatch=monkeypatch)
    name = "tests.credentials.test_keyring.PlaintextOfTheTest"
    assert f"({name}) stores secrets unencrypted; nothing was stored" in refused_to_store()
    assert (clear.secrets, safe.secrets) == ({}, {})
    chain(Unable(), safe, clear, monkeypatch=monkeypatch)
    assert keychain.store(WORK, "s3cret-of-nobody") == "tests.credentials.test_keyring.InMemory"
    assert (keychain.fetch(WORK), clear.secrets) == ("s3cret-of-nobody", {})


def test_a_chain_in_which_nothing_stores_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends import fail, null

    name = "keyring.backends.chainer.ChainerBackend"
    for members in ((), (Unable(),)):
        chain(*members, monkeypatch=monkeypatch)
        assert refused_to_store() == f"the keyring ({name}) cannot store secrets"
    chain(Unable(), null.Keyring(), monkeypatch=monkeypatch)
    assert refused_to_store() == "the keyring (keyring.backends.null.Keyring) accepted the secret and did not keep it"
    chain(fail.Keyring(), InMemory(), monkeypatch=monkeypatch)
    assert refused_to_store() == "the keyring cannot be used: there is none"


def test_a_chain_is_named_by_the_backend_that_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends import fail

    chain(InMemory(), fail.Keyring(), monkeypatch=monkeypatch)
    assert keychain.backend() == (f"{__name__}.InMemory", "")
    chain(fail.Keyring(), InMemory(), monkeypatch=monkeypatch)
    assert keychain.backend() == ("keyring.backends.fail.Keyring", "there is no keyring on this machine")


def test_a_logout_forgets_what_any_member_of_a_chain_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = InMemory(), InMemory(), InMemory()
    for member in (second, third):
        member.set_password(keychain.SERVICE, keychain.entry(WORK), "s3cret-of-nobody")
    chain(first, second, third, monkeypatch=monkeypatch)
    keychain.delete(WORK)
    assert [first.secrets, second.secrets, third.secrets] == [{}, {}, {}]


@pytest.mark.parametrize(("person", "told"), [(True, [keychain.WAITING]), (False, [])])
def test_only_where_a_person_can_be_asked_is_a_keyring_waited_for_longer(
    person: bool, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "is_there", lambda: person)
    monkeypatch.setattr(keychain, "SECONDS", 0.1)
    monkeypatch.setattr(keychain, "SECONDS_TO_ASK", 0.3)
    use(Mute())
    heard: list[str] = []
    with pytest.raises(AuthError, match=rf"did not answer within {'0.3' if person else '0.1'} s"):
        keychain.fetch(WORK, heard.append)
    assert heard == told


REAL = """
import sys
from numctl.credentials import keyring as keychain
from numctl.credentials.profiles import Profile
work = Profile("work", "AC" + "1" * 32)
keychain.store(work, "s3cret-of-nobody")
print(keychain.backend_name(), keychain.fetch(work))
keychain.delete(work)
try:
    keychain.fetch(work)
except Exception as error:
    print(type(error).__name__)
"""


@needs(*PROGRAMS)
def test_a_real_secret_service_keeps_and_forgets(home: Path) -> None:
    for folder in ("cache", "data", "run"):
        (home / folder).mkdir(parents=True, mode=0o700)
    script = 'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" -c "$1"'
    env = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    env["XDG_RUNTIME_DIR"] = str(home / "run")
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script, sys.executable, REAL],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "keyring.backends.SecretService.Keyring s3cret-of-nobody\nAuthError\n", done.stderr
