"""The stand-in's doors: credentials, accounts, addresses, unknown paths, too many requests."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN, SUBACCOUNT_SID
from numctl.sandbox.app import Sandbox, create_app

from .caller import ROOT, Caller

NUMBERS = "IncomingPhoneNumbers.json"


@pytest.mark.parametrize(
    "auth", [None, (ACCOUNT_SID, "wrong"), ("AC" + "0" * 32, AUTH_TOKEN), ("", ""), (ACCOUNT_SID, "tökén")]
)
def test_other_credentials_are_401(service: Caller, auth: tuple[str, str] | None) -> None:
    service.auth = auth
    assert service.refusal("GET", NUMBERS) == (401, 20003)
    assert service.refusal("POST", NUMBERS, PhoneNumber="+14155550190") == (401, 20003)
    assert "WWW-Authenticate" in service.send("GET", NUMBERS).headers


def test_accounts_are_a_main_one_and_a_subaccount(service: Caller) -> None:
    accounts = service.every(f"{ROOT}.json", "accounts")
    assert [account["sid"] for account in accounts] == [ACCOUNT_SID, SUBACCOUNT_SID]
    assert {account["owner_account_sid"] for account in accounts} == {ACCOUNT_SID}
    assert {account["status"] for account in accounts} == {"active"}
    assert len({account["auth_token"] for account in accounts}) == 2
    for account in accounts:
        assert service.get(f"{ROOT}/{account['sid']}.json") == account
        assert service.get(account["subresource_uris"]["incoming_phone_numbers"])["incoming_phone_numbers"]


def test_accounts_are_filtered(service: Caller) -> None:
    path = f"{ROOT}.json"
    assert len(service.get(path, Status="active")["accounts"]) == 2
    assert service.get(path, Status="closed")["accounts"] == []
    branch = service.get(path, FriendlyName="Sandbox branch")["accounts"]
    assert [account["sid"] for account in branch] == [SUBACCOUNT_SID]


def test_addresses_belong_to_the_main_account(service: Caller) -> None:
    addresses = service.every("Addresses.json", "addresses")
    assert [address["iso_country"] for address in addresses] == ["US", "GB", "DE", "IE"]
    found = service.get("Addresses.json", IsoCountry="DE")["addresses"]
    assert [address["city"] for address in found] == ["Berlin"]
    assert service.get("Addresses.json", EmergencyEnabled="true")["addresses"] == []
    assert service.get(f"{ROOT}/{SUBACCOUNT_SID}/Addresses.json")["addresses"] == []


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", f"{ROOT}/AC{'0' * 32}/{NUMBERS}", (401, 20003)),
        ("GET", f"{ROOT}/AC{'0' * 32}.json", (401, 20003)),
        ("GET", "Calls.json", (404, 20404)),
        ("GET", "IncomingPhoneNumbers", (404, 20404)),
        ("POST", "Addresses.json", (405, 20004)),
        ("PUT", NUMBERS, (405, 20004)),
    ],
)
def test_what_is_not_there_is_said_so(service: Caller, method: str, path: str, expected: tuple[int, int]) -> None:
    assert service.refusal(method, path) == expected


def test_parameter_given_twice_is_refused(service: Caller) -> None:
    response = service.send("GET", NUMBERS, query_string=[("Beta", "true"), ("Beta", "false")])
    assert (response.status_code, response.get_json()["code"]) == (400, 20001)


def test_huge_body_is_refused(service: Caller) -> None:
    response = service.send("POST", NUMBERS, data={"FriendlyName": "x" * 2_000_000})
    assert response.status_code == 413


def test_limit_of_none_at_once_refuses_everything(state_file: Path) -> None:
    with closing(create_app(state_file, concurrency_limit=0)) as app:
        service = Caller(app)
        assert service.refusal("GET", NUMBERS) == (429, 20429)
        assert "Retry-After" not in service.send("GET", NUMBERS).headers  # the live service sends none


def test_more_at_once_than_the_limit_is_429(state_file: Path) -> None:
    """A purchase waits for a lock that the test holds; meanwhile there is no place for a second request."""
    with (
        closing(create_app(state_file, concurrency_limit=1)) as app,
        closing(sqlite3.connect(state_file)) as lock,
    ):
        lock.execute("BEGIN IMMEDIATE")
        answers: list[str] = []
        buying = threading.Thread(target=buy_one, args=(app, answers))
        buying.start()
        service = Caller(app)
        until = time.monotonic() + 10
        while service.send("GET", NUMBERS).status_code != 429 and time.monotonic() < until:
            time.sleep(0.001)
        assert service.refusal("GET", NUMBERS) == (429, 20429)
        lock.rollback()
        buying.join(10)
        assert answers == ["+14155550190"]
        assert service.send("GET", NUMBERS).status_code == 200


def buy_one(app: Sandbox, answers: list[str]) -> None:
    answers.append(Caller(app).post(NUMBERS, PhoneNumber="+14155550190")["phone_number"])


def test_file_that_breaks_meanwhile_is_a_500_and_no_traceback(service: Caller, state_file: Path) -> None:
    with closing(sqlite3.connect(state_file)) as other:
        other.execute("DROP TABLE addresses")
    assert service.refusal("GET", "Addresses.json") == (500, 20500)
