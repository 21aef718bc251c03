"""The audit of a whole account: silent on ordinary numbers at the severity of the nightly alarm, and on the mark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.served import run
from tests.wire.service import ACCOUNT, Service, running

BORN = {"emergency_status": "Active", "emergency_address_sid": None, "emergency_address_status": "unregistered"}
URLS = {"voice_url": "https://voice.acme-telefon.dev/", "sms_url": "https://sms.acme-telefon.dev/"}
ADDRESS, TRUNK = "AD" + "a" * 32, "TK" + "b" * 32


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as service:
        for index in range(3):
            service.state.add(ACCOUNT, f"+1415555010{index}", **BORN, **URLS)
        yield service


def test_the_nightly_alarm_is_silent_on_ordinary_numbers(service: Service) -> None:
    ended = run(service, "audit", "--severity", "error", "--exit-code", "--json")
    assert (ended.code, ended.out, ended.err) == (0, "[]\n", "")


def test_what_is_wrong_is_found_with_its_severity(service: Service) -> None:
    failed = {"emergency_address_sid": ADDRESS, "emergency_address_status": "registration-failure"}
    service.state.add(ACCOUNT, "+14155550110", **{**BORN, **URLS, **failed})
    service.state.add(ACCOUNT, "+14155550111", **BORN, **URLS, trunk_sid=TRUNK)
    service.state.add(ACCOUNT, "+14155550112", **{**BORN, **URLS, "voice_url": "http://localhost/voice"})
    service.state.add(ACCOUNT, "+447700900123", **URLS, type="mobile")
    rows = run(service, "audit", "--json", "--skip-rule", "emergency-address-missing", "--skip-rule", "plain-http").json
    assert [(row["phone_number"], row["rule"], row["severity"]) for row in rows] == [
        ("+14155550110", "emergency-address", "error"),
        ("+14155550111", "ignored-setting", "warning"),
        ("+14155550112", "unreachable-host", "error"),
        ("+447700900123", "bundle-missing", "info"),
    ]
    assert run(service, "audit", "--severity", "error", "--exit-code", "-q").code == 10
