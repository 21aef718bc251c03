"""login and logout: under which name a profile is kept, what is shown of it, and what the sandbox has no use for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.verbs.keeper import Keeper, keeping
from tests.verbs.program import Ended, alone
from tests.wire.service import ACCOUNT, TOKEN, Service, running

SANDBOX = "numctl: the sandbox needs no login and has no profile: leave out --sandbox and NUMCTL_SANDBOX\n"


@dataclass
class Desk:
    """A keyring, and the service that is asked whether a secret is right."""

    service: Service
    keeper: Keeper
    environ: dict[str, str]

    def run(self, *words: str, stdin: str = "", **env: str) -> Ended:
        """Run numctl with the keyring."""
        return alone(*words, stdin=stdin, env={**self.environ, **env})

    def login(self, *words: str, **env: str) -> Ended:
        """Log in with the token."""
        return self.run("login", "--account-sid", ACCOUNT, *words, stdin=f"{TOKEN}\n", **env)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running() as service, keeping(tmp_path, service.url) as (keeper, environ):
        yield Desk(service, keeper, environ)


def stored(name: str) -> str:
    return f"numctl: profile '{name}' is stored (in_memory_of_the_test.Keyring)\n"


@pytest.mark.parametrize(
    ("words", "variable", "name"),
    [((), "", "default"), ((), "work", "work"), (("--profile", "home"), "work", "home")],
    ids=["default", "NUMCTL_PROFILE", "--profile"],
)
def test_a_login_stores_the_profile_that_the_option_or_else_the_variable_names(
    desk: Desk, words: tuple[str, ...], variable: str, name: str
) -> None:
    ended = desk.login(*words, NUMCTL_PROFILE=variable)
    assert (ended.code, ended.out, ended.err) == (0, "", stored(name))
    assert list(desk.keeper.secrets.values()) == [TOKEN]
    assert [row["profile"] for row in desk.run("whoami", "--profiles", "--json").json] == [name]
    assert desk.service.count("GET") == 1


def test_a_verbose_login_shows_its_request_without_the_secret(desk: Desk) -> None:
    ended = desk.login("-v")
    sent, answered, said = ended.err.splitlines(keepends=True)
    assert (ended.code, ended.out, said) == (0, "", stored("default"))
    assert sent.startswith(f"> GET {desk.service.url}/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json")
    assert "Authorization: [redacted]" in sent
    assert answered.startswith("< 200")
    assert TOKEN not in ended.err


@pytest.mark.parametrize(("words", "variable"), [(("--sandbox",), ""), ((), "1")], ids=["--sandbox", "NUMCTL_SANDBOX"])
def test_the_sandbox_neither_stores_nor_forgets_a_profile(desk: Desk, words: tuple[str, ...], variable: str) -> None:
    refused = desk.login(*words, NUMCTL_SANDBOX=variable)
    assert (refused.code, refused.out, refused.err) == (2, "", SANDBOX)
    assert (desk.keeper.secrets, desk.service.received) == ({}, [])
    desk.login()
    kept = dict(desk.keeper.secrets)
    refused = desk.run("logout", *words, NUMCTL_SANDBOX=variable)
    assert (refused.code, refused.out, refused.err) == (2, "", SANDBOX)
    assert (desk.keeper.secrets, desk.run("list", "-q").code) == (kept, 0)
