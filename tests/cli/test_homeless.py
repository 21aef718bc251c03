"""A user without a home folder, as in a container: no HOME, no XDG variables, no entry among the system's users."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Ended, alone
from tests.wire.service import ACCOUNT, TOKEN, Service, running

NOBODY = """
import pwd

def unknown(user):
    raise KeyError(f"getpwuid(): uid not found: {user}")

pwd.getpwuid = pwd.getpwnam = unknown
"""
"""What Python finds for a user that the system does not know."""
NUMBER = "+14155550100"
NO_STATE = "numctl: there is no home folder, and so no state folder for numctl\n"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only there is a user without a home folder")


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as service:
        service.state.add(ACCOUNT, NUMBER)
        yield service


@pytest.fixture(autouse=True)
def homeless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    (tmp_path / "sitecustomize.py").write_text(NOBODY)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LOGNAME", "USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
    monkeypatch.setenv("NUMCTL_API_URL", service.url)


def test_reading_needs_no_folder() -> None:
    assert alone("list", "-q") == Ended(0, f"{NUMBER}\n", "")
    assert alone("whoami", "--json").json["source"] == "environment"


def test_a_change_without_the_history_needs_no_folder(service: Service) -> None:
    ended = alone("set", NUMBER, "--friendly-name", "New", "--json", env={"NUMCTL_HISTORY": "off"})
    assert (ended.code, ended.json[0]["outcome"], service.count("POST")) == (0, "changed", 1)


def test_a_change_that_cannot_be_recorded_is_not_made(service: Service) -> None:
    ended = alone("set", NUMBER, "--friendly-name", "New", "-y", "-q")
    hint = "  set HOME, or XDG_STATE_HOME to an absolute path; NUMCTL_HISTORY=off works without the history\n"
    assert (ended.code, ended.out, service.count("POST")) == (1, "", 0)
    assert ended.err.endswith(NO_STATE + hint)


def test_folders_that_are_named_are_enough(tmp_path: Path) -> None:
    env = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "STATE", "CACHE")}
    assert alone("list", "-q", "--sandbox", env=env).code == 0
    assert (tmp_path / "STATE" / "numctl" / "sandbox.sqlite3").is_file()


def test_without_credentials_there_is_no_profile_either() -> None:
    ended = alone("list", env={"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": "", "NUMCTL_API_URL": ""})
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("numctl: there are no credentials yet\n")
