"""Which accounts credentials reach: an API key its own alone, a token those of its family, and either one region."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from numctl.changes.plan import gone
from numctl.cli.options import Changing
from numctl.cli.order import Order
from numctl.cli.preview import plan_lines
from numctl.credentials.resolve import Credentials
from numctl.output import Output
from numctl.text.paint import render
from tests.cli.program import Ended, numctl
from tests.cli.served import holding, pointed_at, run
from tests.wire.faults import status
from tests.wire.reply import problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, ROOT, Service, basic

if TYPE_CHECKING:
    from numctl.cli.session import Session

NUMBER, STRANGER = "+14155550100", "AC" + "e" * 32
KEY, SECRET = "SK" + "7" * 32, "5ecret0f0a0test0key0000000000000"
SAID = "the service answered: Authenticate (code 20003, HTTP 401)"
WITH_A_KEY = "use the parent account's auth token, or an API key of that account (numctl login --api-key SK…)"


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(NUMBER) as service:
        service.accepted.add(basic(KEY, SECRET))
        service.keys.add(basic(KEY, SECRET))
        yield service


def keyed(service: Service, *words: str) -> Ended:
    return numctl(*words, env={**pointed_at(service), "TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": SECRET})


def error_of(ended: Ended) -> dict[str, object]:
    return dict(json.loads(ended.err.splitlines()[-1])["error"])


def test_a_key_lists_its_own_account(service: Service) -> None:
    assert keyed(service, "list", "-q").out == f"{NUMBER}\n"


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("show", NUMBER),
        ("set", NUMBER, "--friendly-name", "Desk"),
        ("release", NUMBER, "--yes"),
        ("buy", NUMBER, "--yes"),
    ],
    ids=lambda words: words[0],
)
def test_a_key_that_is_used_for_another_account_is_told_the_ways_out(service: Service, words: tuple[str, ...]) -> None:
    ended = keyed(service, *words, "--account", OTHER_ACCOUNT, "--json")
    error = error_of(ended)
    assert (ended.code, ended.out, error["status"], error["code"]) == (3, "", 401, 20003)
    assert error["message"] == f"{OTHER_ACCOUNT}: an API key reaches only its own account; {SAID}"
    assert error["hint"] == WITH_A_KEY
    assert service.count("POST") == service.count("DELETE") == 0


def test_where_the_list_of_accounts_is_refused_nothing_is_listed(service: Service) -> None:
    ended = keyed(service, "list", "--all-accounts", "--json")
    assert (ended.code, ended.out) == (3, "")
    assert error_of(ended)["message"] == f"the list of accounts: an API key reaches only its own account; {SAID}"
    assert error_of(ended)["hint"] == WITH_A_KEY
    assert [request.path for request in service.received] == [f"{ROOT}.json"]


def test_a_transfer_with_a_key_is_refused_before_anything_is_sent(service: Service) -> None:
    ended = keyed(service, "transfer", NUMBER, "--to", OTHER_ACCOUNT, "--yes", "--json")
    assert (ended.code, ended.out, service.count("POST")) == (3, "", 0)
    assert error_of(ended)["message"] == f"{OTHER_ACCOUNT}: an API key reaches only its own account; {SAID}"
    assert error_of(ended)["hint"] == WITH_A_KEY


def test_a_transfer_that_the_service_refuses_to_the_key_says_so(service: Service) -> None:
    service.keys.clear()
    service.fail(status(401, body=problem(401, 20003, "Authenticate").body), on="POST")
    ended = keyed(service, "transfer", NUMBER, "--to", OTHER_ACCOUNT, "--yes", "--json")
    (row,) = ended.json
    assert (ended.code, row["outcome"]) == (3, "failed")
    assert row["error"]["message"] == (f"{NUMBER}: {OTHER_ACCOUNT}: an API key reaches only its own account; {SAID}")
    assert row["error"]["hint"] == WITH_A_KEY


def test_with_a_token_the_account_is_not_of_this_family_or_closed(service: Service) -> None:
    service.fail(status(401, body=problem(401, 20003, "Authenticate").body), on="GET")
    ended = run(service, "list", "--account", STRANGER)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.splitlines()[:2] == [
        f"numctl: {STRANGER} is not in this family of accounts, or is closed; {SAID}",
        "  numctl accounts lists the accounts that these credentials reach",
    ]


def test_a_code_that_says_more_keeps_its_own_advice(service: Service) -> None:
    body = problem(403, 70051, "Authorization Error: missing numbers/read").body
    service.fail(status(403, body=body), on="GET")
    ended = keyed(service, "list", "--account", OTHER_ACCOUNT, "--json")
    assert error_of(ended)["hint"] == (
        "the Restricted API key lacks this permission: add it in the Console (read and list are separate), or "
        "use another key"
    )


@pytest.mark.parametrize(("region", "shown"), [("ie1", ", region ie1"), ("us1", ""), (None, "")])
def test_the_plan_names_a_region_that_is_not_the_default(region: str | None, shown: str) -> None:
    credentials = Credentials(ACCOUNT, ACCOUNT, "secret", "environment", region=region)
    session = SimpleNamespace(credentials=credentials, names=SimpleNamespace(of=lambda sid: "Bakery", ask=print))
    order = Order("release", [gone(ACCOUNT, NUMBER)], Changing(), Output())
    shown_first, *_ = render(plan_lines(cast("Session", session), order, folded=False)).splitlines()
    assert shown_first == f"Bakery ({ACCOUNT}), environment{shown}"


@pytest.mark.parametrize("code", [22401, 22402, 22403])
def test_what_a_region_does_not_offer_gets_advice(service: Service, code: int) -> None:
    service.fail(status(400, body=problem(400, code, "not here").body), on="DELETE")
    ended = run(service, "release", NUMBER, "--yes")
    said = "  this region does not offer that: unset TWILIO_REGION and use credentials for us1"
    assert (ended.code, said in ended.err.splitlines()) == (1, True)
