"""What is behind a refusal of credentials: another account, another region, or what the service says itself."""

from __future__ import annotations

import pytest

from numctl.api.scope import WITH_A_KEY, Scope
from numctl.errors import AuthError
from tests.fakes import MAIN, SUB

REFUSED = AuthError("Authenticate", hint="numctl whoami", status=401, code=20003)


@pytest.mark.parametrize("region", [None, "us1"])
@pytest.mark.parametrize("keyed", [True, False])
def test_the_own_account_in_the_default_region_is_refused_as_the_service_says(keyed: bool, region: str | None) -> None:
    assert Scope(MAIN, keyed, region).explain(REFUSED, MAIN) is REFUSED


def test_with_another_region_credentials_are_said_to_belong_to_one() -> None:
    told = Scope(MAIN, region="ie1").explain(REFUSED, MAIN)
    assert (told.message, told.status, told.code) == ("Authenticate", 401, 20003)
    assert told.hint == (
        "credentials are valid in one region only: ie1 needs an API key or auth token of ie1\nnumctl whoami"
    )


def test_a_403_has_nothing_to_do_with_the_region() -> None:
    forbidden = AuthError("Permission denied", status=403)
    assert Scope(MAIN, region="ie1").explain(forbidden, MAIN) is forbidden


@pytest.mark.parametrize("account", [SUB, None])
def test_a_key_reaches_its_own_account_alone(account: str | None) -> None:
    told = Scope(MAIN, keyed=True).explain(REFUSED, account)
    what = account or "the list of accounts"
    assert told.message == f"{what}: an API key reaches only its own account; Authenticate"
    assert (told.hint, told.code) == (WITH_A_KEY, 20003)


def test_a_token_reaches_its_family() -> None:
    told = Scope(MAIN).explain(REFUSED, SUB)
    assert told.message == f"{SUB} is not in this family of accounts, or is closed; Authenticate"
    assert "login" not in (told.hint or "")


@pytest.mark.parametrize("code", [20005, 20006, 20008, 22401, 70051])
def test_a_code_that_says_more_is_left_to_speak_for_itself(code: int) -> None:
    error = AuthError("no", status=403, code=code)
    assert Scope(MAIN, keyed=True, region="ie1").explain(error, SUB) is error
