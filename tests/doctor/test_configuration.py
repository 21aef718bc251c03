"""Profiles, keyring and region: what is wrong with each, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring

from numctl.credentials.keyring import WITHOUT_KEYRING
from numctl.credentials.profiles import config_path
from numctl.credentials.resolve import Credentials
from numctl.doctor.configuration import configuration, key_store, region
from numctl.doctor.examine import examine
from numctl.doctor.finding import Finding, error, ok, warning
from numctl.errors import NumctlError
from tests.doctor.situations import FROM_ENVIRONMENT, FROM_KEYRING, MAIN, NONE_YET, situation, with_variables

FAIL = "keyring.backends.fail.Keyring: there is no keyring on this machine"
IN_CLEAR = """
import keyring.backend

class PlaintextKeyring(keyring.backend.KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return None

    set_password = delete_password = get_password
"""


@contextmanager
def using(name: str) -> Iterator[None]:
    """Let this backend be the keyring."""
    before = keyring.get_keyring()
    keyring.set_keyring(load_keyring(name))
    try:
        yield
    finally:
        keyring.set_keyring(before)


@pytest.fixture
def config() -> Path:
    path = config_path()
    path.parent.mkdir(parents=True, mode=0o700)
    return path


def test_profiles_are_counted_and_the_default_is_named_whatever_else_the_file_holds(config: Path) -> None:
    tables = "".join(f'[profiles.{name}]\naccount_sid = "{MAIN}"\ncolour = "blue"\n' for name in ("home", "work"))
    config.write_text(f'default_profile = "work"\nnew = 1\n{tables}', encoding="utf-8")
    assert list(configuration(situation())) == [ok(f"{config}: 2 profiles, default work")]


def test_profiles_without_a_default_are_a_warning(config: Path) -> None:
    config.write_text(f'[profiles.work]\naccount_sid = "{MAIN}"\n', encoding="utf-8")
    assert list(configuration(situation())) == [
        warning(f"{config}: no default among work", "numctl login --profile work --default")
    ]


def test_a_default_profile_that_is_not_there_is_an_error(config: Path) -> None:
    config.write_text('default_profile = "work"\n', encoding="utf-8")
    (found,) = [row.finding for row in examine(situation()) if row.check == "configuration"]
    message = f"{config}: default_profile: there is no such profile"
    assert found == error(message, "fix it or move the file away; it was left as it is")


def test_a_profile_in_a_region_that_needs_an_edge_is_a_warning(config: Path) -> None:
    config.write_text(
        f'default_profile = "work"\n[profiles.work]\naccount_sid = "{MAIN}"\nregion = "xx1"\n', encoding="utf-8"
    )
    first, second = configuration(situation())
    assert first.message.startswith("profile 'work': region 'xx1' needs an edge")
    assert (first.status, first.hint) == (
        "warning",
        "give its edge: numctl login --profile work --region xx1 --edge EDGE",
    )
    assert second == ok(f"{config}: 1 profile, default work")


@pytest.mark.skipif(sys.platform == "win32", reason="the mode says nothing there")
def test_a_file_that_others_may_write_is_a_warning(config: Path) -> None:
    config.write_text(f'default_profile = "work"\n[profiles.work]\naccount_sid = "{MAIN}"\n', encoding="utf-8")
    config.chmod(0o666)
    first, _ = configuration(situation())
    assert first == warning(f"{config}: other users may write to it", f"chmod 600 {config}")


@pytest.mark.parametrize(
    ("credentials", "finding"),
    [
        (FROM_ENVIRONMENT, ok(f"{FAIL}; not needed with credentials from the environment")),
        (FROM_KEYRING, warning(FAIL, WITHOUT_KEYRING)),
        (NONE_YET, warning(f"{FAIL}; login stores nothing there", WITHOUT_KEYRING)),
    ],
    ids=["environment", "keyring", "none"],
)
def test_a_machine_without_a_keyring_matters_to_who_needs_one(
    credentials: Credentials | NumctlError, finding: Finding
) -> None:
    with using("keyring.backends.fail.Keyring"):
        assert list(key_store(situation(credentials))) == [finding]


def test_a_keyring_that_keeps_secrets_in_clear_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in_clear.py").write_text(IN_CLEAR, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with using("in_clear.PlaintextKeyring"):
        (found,) = key_store(situation())
    fault = "in_clear.PlaintextKeyring: it keeps secrets in clear, and numctl uses none that does"
    assert found == warning(f"{fault}; login stores nothing there", WITHOUT_KEYRING)


def test_the_region_is_named_with_its_edge_and_address() -> None:
    assert list(region(situation())) == [ok("us1: https://api.twilio.com")]
    away = with_variables(TWILIO_REGION="ie1")
    assert list(region(away)) == [ok("ie1 through the edge dublin: https://api.dublin.ie1.twilio.com")]


def test_a_region_that_numctl_does_not_know_is_a_warning() -> None:
    there = replace(FROM_ENVIRONMENT, region="xx1", edge="nowhere", api_url="https://api.nowhere.xx1.twilio.com")
    assert list(region(situation(there))) == [
        warning("xx1 through the edge nowhere: https://api.nowhere.xx1.twilio.com", "numctl knows no region xx1")
    ]


def test_a_region_without_the_edge_that_it_needs_is_an_error() -> None:
    (found,) = [row.finding for row in examine(with_variables(TWILIO_REGION="xx1")) if row.check == "region"]
    assert found.message.startswith("TWILIO_REGION: region 'xx1' needs an edge")
    assert (found.status, found.hint) == ("error", "set TWILIO_EDGE as well")
