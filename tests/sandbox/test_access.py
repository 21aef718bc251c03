"""API keys on the stand-in: each reaches the account that it was made in, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from numctl.sandbox import ACCOUNT_SID, SUBACCOUNT_SID
from numctl.sandbox.access import ApiKey
from numctl.sandbox.app import create_app
from numctl.sandbox.state import load

from .caller import ROOT, Caller

NUMBERS = "IncomingPhoneNumbers.json"
STANDARD = ApiKey("SK" + "1" * 32, "one", ACCOUNT_SID)
MAIN = ApiKey("SK" + "2" * 32, "two", ACCOUNT_SID, main=True)
BRANCH = ApiKey("SK" + "3" * 32, "three", SUBACCOUNT_SID)
REFUSED = (401, 20003)


@pytest.fixture
def service(state_file: Path) -> Iterator[Caller]:
    with closing(create_app(state_file, keys=(STANDARD, MAIN, BRANCH))) as app:
        yield Caller(app)


@pytest.mark.parametrize(("key", "reached"), [(STANDARD, ACCOUNT_SID), (MAIN, ACCOUNT_SID), (BRANCH, SUBACCOUNT_SID)])
def test_key_reaches_its_own_account_alone(service: Caller, key: ApiKey, reached: str) -> None:
    service.auth = key[:2]
    for sid in (ACCOUNT_SID, SUBACCOUNT_SID, "AC" + "0" * 32):
        path = f"{ROOT}/{sid}/{NUMBERS}"
        if sid == reached:
            assert service.get(path)["incoming_phone_numbers"]
        else:
            assert service.refusal("GET", path) == REFUSED
            assert service.refusal("POST", path, PhoneNumber="+14155550190") == REFUSED


def test_only_a_main_key_reads_accounts(service: Caller) -> None:
    service.auth = MAIN[:2]
    assert [account["sid"] for account in service.get(f"{ROOT}.json")["accounts"]] == [ACCOUNT_SID, SUBACCOUNT_SID]
    assert service.get(f"{ROOT}/{ACCOUNT_SID}.json")["sid"] == ACCOUNT_SID
    assert service.refusal("GET", f"{ROOT}/{SUBACCOUNT_SID}.json") == REFUSED
    service.auth = STANDARD[:2]
    assert service.refusal("GET", f"{ROOT}.json") == REFUSED
    assert service.refusal("GET", f"{ROOT}/{ACCOUNT_SID}.json") == REFUSED


def test_key_moves_no_number_to_another_account(service: Caller) -> None:
    service.auth = MAIN[:2]
    number = service.number("+14155550100")
    target = f"IncomingPhoneNumbers/{number['sid']}.json"
    assert service.refusal("POST", target, AccountSid=SUBACCOUNT_SID) == REFUSED
    assert service.get(target) == number


@pytest.mark.parametrize("auth", [(STANDARD.sid, "two"), (ACCOUNT_SID, "one"), ("SK" + "9" * 32, "one")])
def test_key_with_another_secret_is_401(service: Caller, auth: tuple[str, str]) -> None:
    service.auth = auth
    assert service.refusal("GET", NUMBERS) == REFUSED


def test_key_of_the_main_account_goes_on_reaching_it_after_a_load(service: Caller, state_file: Path) -> None:
    other = "AC" + "7" * 32
    load(state_file, [{"sid": "PN" + "1" * 32, "account_sid": other, "phone_number": "+14155550100"}])
    service.auth = STANDARD[:2]
    assert len(service.get(f"{ROOT}/{other}/{NUMBERS}")["incoming_phone_numbers"]) == 1
