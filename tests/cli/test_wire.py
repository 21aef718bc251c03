"""What the service answers oddly, as a user meets it: the words, the codes and the capitals."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.served import holding, run
from tests.wire import faults
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, ROOT, Service

NUMBER, OTHER = "+14155552344", "+14155552345"
MISSING = "PN" + "0" * 32


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(NUMBER) as service:
        yield service


def error_of(text: str) -> dict[str, Any]:
    """The error that standard error ends with."""
    error: dict[str, Any] = json.loads(text.splitlines()[-1])["error"]
    return error


# The list of accounts


@pytest.mark.parametrize(
    ("accounts", "message"),
    [
        ([], f"the service's list of accounts is incomplete: {ACCOUNT} is not in it"),
        ([{"friendly_name": "Shop"}], "the service's answer has no list of accounts"),
        (["AC"], "the service's answer has no list of accounts"),
        (None, "the service's answer has no list of accounts"),
    ],
    ids=repr,
)
def test_an_odd_list_of_accounts_is_one_error(service: Service, accounts: Any, message: str) -> None:
    service.fail(faults.altered("odd", lambda body: {**body, "accounts": accounts}))
    ended = run(service, "list", "--all-accounts", "--json")
    error = error_of(ended.err)
    assert (ended.code, ended.out, error["message"]) == (1, "", message)
    assert [request.path for request in service.received] == [f"{ROOT}.json"]


def test_a_sid_that_is_none_in_the_list_of_accounts_is_not_asked_for(service: Service) -> None:
    service.state.accounts["../x"] = {"sid": "../x", "friendly_name": "Odd", "status": "active"}
    ended = run(service, "list", "--all-accounts")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "numctl: the service sent something that is not a SID: '../x'\n"
    assert service.count("GET") == 1


def test_a_suspended_account_is_named_and_the_others_are_listed(service: Service) -> None:
    service.state.accounts[OTHER_ACCOUNT]["status"] = "suspended"
    ended = run(service, "list", "--all-accounts", "-q")
    assert (ended.code, ended.out) == (0, f"{NUMBER}\n")
    assert ended.err == (f"numctl: {OTHER_ACCOUNT} (Lighthouse Bakery, harbour branch) is suspended: left out\n")


def test_a_suspended_parent_is_named_and_its_subaccount_is_listed(service: Service) -> None:
    service.state.accounts[ACCOUNT]["status"] = "suspended"
    service.state.add(OTHER_ACCOUNT, OTHER)
    for words in (["list", "-q"], ["set", OTHER, "--sms-method", "GET", "-q", "--yes"]):
        ended = run(service, *words, "--all-accounts")
        assert (ended.code, ended.out) == (0, f"{OTHER}\n")
        assert ended.err.startswith(f"numctl: {ACCOUNT} (Lighthouse Bakery) is suspended: left out\n")


def test_a_family_that_is_all_suspended_cannot_be_reached(service: Service) -> None:
    for account in service.state.accounts.values():
        account["status"] = "suspended"
    ended = run(service, "list", "--all-accounts", "-q")
    assert (ended.code, ended.out, service.count("GET")) == (3, "", 1)
    assert ended.err.startswith(f"numctl: no account is active: {ACCOUNT} (Lighthouse Bakery) is suspended\n")


# Errors


@pytest.mark.parametrize("verb", [("show",), ("release", "--yes"), ("set", "--sms-url", "https://sms.example.com/")])
def test_a_404_keeps_the_services_status_and_code(service: Service, verb: tuple[str, ...]) -> None:
    ended = run(service, verb[0], MISSING, *verb[1:], "--json")
    assert (ended.code, ended.out) == (4, "")
    assert error_of(ended.err) == {
        "exit_code": 4,
        "message": f"{MISSING} is not in {ACCOUNT}",
        "hint": "not found here; try --all-accounts",
        "status": 404,
        "code": 20404,
        "more_info": "https://www.twilio.com/docs/errors/20404",
    }


def test_a_number_that_no_page_shows_has_no_status(service: Service) -> None:
    error = error_of(run(service, "show", OTHER, "--json").err)
    assert (error["exit_code"], error["status"], error["code"]) == (4, None, None)


FORGED = "no\nnumctl: all is well"


def test_nothing_that_the_service_says_can_forge_a_second_line(service: Service) -> None:
    body = {"code": 20001, "message": FORGED, "more_info": f"https://e.example/{FORGED}", "status": 400}
    service.fail(faults.instead("forged", body, 400), times=9)
    assert run(service, "list").err.splitlines() == [
        "numctl: the service answered: no numctl: all is well (code 20001, HTTP 400)",
        "  https://e.example/no numctl: all is well",
    ]


def test_a_problem_of_rfc_9457_is_told_in_its_own_words(service: Service) -> None:
    body = {"title": "Bad page size", "detail": "PageSize must be below 1001", "status": 400, "code": 20007}
    service.fail(faults.instead("problem", body, 400, {"Content-Type": "application/problem+json"}))
    ended = run(service, "list")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[0] == (
        "numctl: the service answered: Bad page size: PageSize must be below 1001 (code 20007, HTTP 400)"
    )


def test_a_change_that_a_problem_without_a_code_refuses_is_refused(service: Service) -> None:
    body = {"title": "Bad name", "detail": "the name is too long", "status": 400}
    service.fail(faults.instead("problem", body, 400, {"Content-Type": "application/problem+json"}), on="POST")
    ended = run(service, "set", NUMBER, "--friendly-name", "Sales", "--json")
    assert (ended.code, service.count("POST")) == (1, 1)
    error = ended.json[0]["error"]
    assert error["message"] == f"{NUMBER}: the service answered: Bad name: the name is too long (HTTP 400)"
    assert (error["status"], error["code"]) == (400, None)


# Capabilities


def test_capabilities_in_capitals_are_read_the_same_everywhere(service: Service) -> None:
    capitals = {"VOICE": True, "SMS": True, "MMS": False, "FAX": False}
    service.state.add(ACCOUNT, OTHER, capabilities=capitals)
    record = service.state.find(OTHER)
    assert record is not None
    assert run(service, "list", "--number", OTHER, "--fields", "capabilities").out.splitlines()[1:] == ["voice sms"]
    assert run(service, "list", "--capability", "sms", "--number", OTHER, "-q").out == f"{OTHER}\n"
    assert run(service, "list", "--where", "capabilities_sms=true", "--number", OTHER, "-q").out == f"{OTHER}\n"
    (row,) = csv.DictReader(io.StringIO(run(service, "list", "--number", OTHER, "--csv").out))
    assert [row[f"capabilities_{name}"] for name in ("voice", "sms", "mms", "fax")] == [
        "true",
        "true",
        "false",
        "false",
    ]
    computed = run(service, "list", "--number", OTHER, "--json", "--fields", "capabilities_sms,capabilities_fax").json
    assert computed == [{"capabilities_sms": True, "capabilities_fax": False}]
    assert run(service, "list", "--number", OTHER, "--json").json == [record]


# A field that is left out


def drop(value: Any) -> Any:
    """An answer without voice_receive_mode, wherever it stands in it."""
    if isinstance(value, dict):
        return {name: drop(inner) for name, inner in value.items() if name != "voice_receive_mode"}
    return [drop(inner) for inner in value] if isinstance(value, list) else value


@pytest.fixture
def silent(service: Service) -> Service:
    """A service that never shows voice_receive_mode."""
    return service.fail(faults.altered("silent", drop), times=99)


UNSHOWN = f"numctl: {NUMBER}: voice_receive_mode was accepted, and is not shown by the service"


def test_a_setting_that_is_never_shown_is_sent_and_neither_failed_nor_claimed(silent: Service) -> None:
    for _ in range(2):  # it is never known to hold already
        ended = run(silent, "set", NUMBER, "--voice-receive-mode", "voice", "--json")
        (row,) = ended.json
        assert (ended.code, row["outcome"], row["changes"], row["error"]) == (0, "changed", {}, None)
        assert "      voice_receive_mode  (not shown by the service) → voice" in ended.err.splitlines()
        assert UNSHOWN in ended.err.splitlines()
    assert [request.form for request in silent.received if request.method == "POST"] == [
        {"VoiceReceiveMode": "voice"},
        {"VoiceReceiveMode": "voice"},
    ]


def test_a_setting_that_is_never_shown_does_not_spoil_another(silent: Service) -> None:
    url = "https://voice.example.net/in"
    ended = run(silent, "set", NUMBER, "--voice-receive-mode", "voice", "--voice-url", url, "--json")
    (row,) = ended.json
    assert (ended.code, row["outcome"], row["error"]) == (0, "changed", None)
    assert list(row["changes"]) == ["voice_url"]
    undone = run(silent, "undo", "--yes", "--json")
    (row,) = undone.json
    assert (undone.code, row["outcome"]) == (1, "skipped")
    assert row["error"]["message"] == f"{NUMBER}: voice_receive_mode was not shown by the service before"
    forced = run(silent, "undo", "--yes", "--force")
    assert (forced.code, silent.count("POST")) == (0, 2)


def test_a_dry_run_shows_what_would_be_sent(silent: Service) -> None:
    ended = run(silent, "set", NUMBER, "--voice-receive-mode", "fax", "--dry-run", "--json")
    (row,) = ended.json
    assert (ended.code, row["outcome"], row["changes"]) == (0, "planned", {"voice_receive_mode": [None, "fax"]})


def test_a_setting_that_is_never_shown_does_not_spoil_a_purchase(silent: Service) -> None:
    ended = run(silent, "buy", OTHER, "--voice-receive-mode", "voice", "--yes", "--json")
    (row,) = ended.json
    assert (ended.code, row["outcome"], row["error"], silent.state.purchases) == (0, "bought", None, [OTHER])
    again = run(silent, "buy", OTHER, "--voice-receive-mode", "voice", "--yes")
    assert again.code == 1
    assert again.err.startswith(
        f"numctl: {OTHER} is already in the account, and the service does not show its voice_receive_mode\n"
    )
    assert silent.state.purchases == [OTHER]
