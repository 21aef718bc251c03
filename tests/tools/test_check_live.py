"""The check of a real account: it only reads, keeps no secret and nothing personal, and says what differs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import ROOT
from tests.cli.served import holding, pointed_at
from tests.wire.faults import altered
from tests.wire.service import ACCOUNT, TOKEN, Service
from tools.cassettes import A_DATE, Redactor

NUMBER = "+12125550147"
PERSONAL = {
    "friendly_name": "Ada Lovelace, private",
    "voice_url": "https://ada:secret@home.example.org/voice",
    "status_callback": "https://home.example.org/",
}


@pytest.fixture
def service() -> Iterator[Service]:
    with holding() as service:
        del service.state.add(ACCOUNT, NUMBER, **PERSONAL)["subresource_uris"]
        service.state.stock["US", "local"] = [f"+1415556{index:04d}" for index in range(100)]
        service.fail(altered("bare", bare), on="GET", times=99)
        yield service


def bare(body: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a real account was not asked about."""
    for offer in body.get("available_phone_numbers", ()):
        del offer["friendly_name"], offer["iso_country"]
    return body


def check(service: Service, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "check_live.py"), "--out", str(folder)]
    env = pointed_at(service)
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=env, check=False)


def test_a_real_account_is_only_read_and_what_differs_is_named(service: Service, tmp_path: Path) -> None:
    ended = check(service, tmp_path / "kept")
    assert {request.method for request in service.received} == {"GET"}
    first, *lines = ended.stdout.splitlines()
    assert first.startswith("search: 30 and 30 numbers, ")
    assert "number: not there: subresource_uris" in lines
    assert any(line.startswith("number for sale: not there: friendly_name, iso_country") for line in lines)
    assert lines[-1] == f"cassettes are in {tmp_path / 'kept'}; read them before you give them to anyone"
    assert (ended.returncode, ended.stderr) == (1, "")
    names = [path.name for path in sorted((tmp_path / "kept").iterdir())]
    assert names == [
        *("01-whoami.yaml", "02-whoami.yaml", "03-list.yaml", "04-show.yaml", "05-show.yaml"),
        *("06-search.yaml", "07-search.yaml", "08-search.yaml"),
    ]


def test_no_secret_and_nothing_personal_is_kept(service: Service, tmp_path: Path) -> None:
    check(service, tmp_path)
    kept = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    secrets = (ACCOUNT, TOKEN, "f" * 32, NUMBER, NUMBER[1:], "Ada", "home.example.org", "Lighthouse", "+1415556")
    assert [secret for secret in secrets if secret in kept] == []
    (exchange,) = yaml.safe_load((tmp_path / "03-list.yaml").read_text(encoding="utf-8"))["interactions"]
    (number,) = json.loads(exchange["response"]["body"]["string"])["incoming_phone_numbers"]
    assert (number["phone_number"], number["voice_url"]) == ("+14155550100", "https://redacted.example.com/")
    assert (number["friendly_name"], number["voice_method"], number["sms_url"]) == ("redacted", "POST", "")
    assert (number["capabilities"]["voice"], number["trunk_sid"], number["date_created"]) == (True, None, A_DATE)
    assert exchange["request"]["uri"].endswith(
        f"/Accounts/{number['account_sid']}/IncomingPhoneNumbers.json?PageSize=20"
    )


def test_without_credentials_nothing_is_asked(service: Service, tmp_path: Path) -> None:
    env = {name: value for name, value in pointed_at(service).items() if not name.startswith("TWILIO_")}
    command = [sys.executable, str(ROOT / "tools" / "check_live.py"), "--out", str(tmp_path / "kept")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env, check=False)
    assert (ended.returncode, ended.stderr) == (3, "check_live: there are no credentials yet\n")
    assert (service.received, (tmp_path / "kept").exists()) == ([], False)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("friendly_name", "(212) 555-0147", "redacted"),
        ("friendly_name", "", ""),
        ("auth_token", "f" * 32, "redacted"),
        ("beta", False, False),
        ("voice_url", None, None),
        ("something_new", "of a person", "redacted"),
        ("something_new", {"inner": ["of a person"]}, {"inner": ["redacted"]}),
        ("status", "in-use", "in-use"),
        ("uri", f"/2010-04-01/Accounts/AC{'9' * 32}.json?PhoneNumber=%2B1212", "/2010-04-01/Accounts/AC" + "0" * 31
         + "1.json?PhoneNumber=x"),
    ],
)  # fmt: skip
def test_only_what_says_nothing_of_anyone_stays(name: str, value: Any, kept: Any) -> None:
    assert Redactor().value(name, value) == kept
