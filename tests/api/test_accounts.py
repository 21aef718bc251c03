"""The accounts of one family."""

from __future__ import annotations

from collections import deque

import pytest

from numctl.api.accounts import active_accounts, every_account, find_account
from numctl.errors import AuthError, Malformed, NotFound, Unavailable
from numctl.model.number import Record
from tests.fakes import MAIN, OTHER, SUB, FakeService

CLOSED = "AC" + "d" * 32


def an_account(sid: str, name: str, status: str = "active") -> Record:
    return {"sid": sid, "friendly_name": name, "status": status}


SHOP, MAIN_ACCOUNT, SCHOOL = an_account(SUB, "Shop"), an_account(MAIN, "Main"), an_account(OTHER, "School")


def a_family(*accounts: Record) -> FakeService:
    service = FakeService()
    service.accounts = list(accounts)
    return service


def test_every_account_of_every_page_is_listed_whatever_its_status() -> None:
    accounts = [SHOP, MAIN_ACCOUNT, an_account(CLOSED, "Old", "closed")]
    assert list(every_account(a_family(*accounts).client())) == accounts


def test_the_active_accounts_come_with_their_own_first() -> None:
    suspended = an_account(CLOSED, "Late", "suspended")
    service = a_family(SHOP, suspended, SCHOOL, MAIN_ACCOUNT)
    left_out = [f"{CLOSED} (Late) is suspended: left out"]
    assert active_accounts(service.client()) == ([MAIN_ACCOUNT, SHOP, SCHOOL], left_out)


def test_an_account_listed_twice_counts_once() -> None:
    service = a_family(MAIN_ACCOUNT, SHOP, {**SHOP, "sid": SUB.upper()}, MAIN_ACCOUNT)
    assert active_accounts(service.client()) == ([MAIN_ACCOUNT, SHOP], [])
    assert find_account(service.client(), "Shop") == SUB


def test_an_account_without_a_status_is_not_left_out_and_a_closed_one_is_in_silence() -> None:
    silent = {"sid": SUB}
    service = a_family(silent, MAIN_ACCOUNT, an_account(CLOSED, "Old", "closed"))
    assert active_accounts(service.client()) == ([MAIN_ACCOUNT, silent], [])


@pytest.mark.parametrize("accounts", [[], [SHOP], [SHOP, SCHOOL]])
def test_a_list_without_the_account_itself_is_not_taken_for_whole(accounts: list[Record]) -> None:
    with pytest.raises(Malformed) as caught:
        active_accounts(a_family(*accounts).client())
    assert caught.value.message == f"the service's list of accounts is incomplete: {MAIN} is not in it"
    assert caught.value.hint == "name accounts by their SIDs: --account AC…"


def test_a_family_that_is_all_suspended_is_said() -> None:
    with pytest.raises(AuthError) as caught:
        active_accounts(a_family(an_account(MAIN, "Main", "suspended")).client())
    assert caught.value.message == f"no account is active: {MAIN} (Main) is suspended"


def test_a_suspended_account_of_the_name_is_told() -> None:
    with pytest.raises(NotFound) as caught:
        find_account(a_family(MAIN_ACCOUNT, an_account(SUB, "Shop", "suspended")).client(), "Shop")
    assert caught.value.message == "no active account is named 'Shop'"
    assert caught.value.hint == f"{SUB} (Shop) is suspended\nnumctl accounts lists them"


def test_another_failure_is_not_blamed_on_the_key() -> None:
    service = a_family()
    service.faults["accounts"] = deque([Unavailable("down", hint="wait")])
    with pytest.raises(Unavailable) as caught:
        active_accounts(service.client())
    assert caught.value.hint == "wait"


def test_an_account_named_by_its_sid_is_not_looked_for() -> None:
    service = a_family()
    assert (find_account(service.client(), OTHER), service.calls) == (OTHER, [])


def test_an_account_is_found_by_its_exact_name_among_the_active_ones() -> None:
    service = a_family(MAIN_ACCOUNT, SHOP, an_account(CLOSED, "Shop", "closed"), an_account(OTHER, "Shop 2"))
    assert find_account(service.client(), "Shop") == SUB


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *(("shop", "Shop"), ("Sho", "Shop"), ("Shop ", "Shop")),
        *(("Old", ""), ("AC123", ""), (SUB + "\n", "")),
    ],
)
def test_no_other_name_is_taken_for_it_and_one_that_is_nearly_it_is_suggested(name: str, meant: str) -> None:
    service = a_family(MAIN_ACCOUNT, SHOP, an_account(CLOSED, "Old", "closed"))
    with pytest.raises(NotFound) as caught:
        find_account(service.client(), name)
    suggestion = f": did you mean {meant!r}?" if meant else ""
    assert caught.value.message == f"no active account is named {name!r}{suggestion}"
    assert caught.value.hint == "numctl accounts lists them"


def test_a_name_that_two_accounts_have_names_neither() -> None:
    service = a_family(MAIN_ACCOUNT, SHOP, an_account(OTHER, "Shop"))
    with pytest.raises(NotFound) as caught:
        find_account(service.client(), "Shop")
    assert caught.value.message == "2 active accounts are named 'Shop'"
    assert caught.value.hint == f"name one by its SID: {SUB}, {OTHER}"
