"""What a plan says of the service's own conditions: bundles, test credentials, and what a transfer leaves behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.served import holding, run
from tests.wire.faults import status
from tests.wire.reply import problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

NUMBER, MAGIC, BRITISH, GERMAN = "+14155550100", "+15005550006", "+447700900123", "+4917139200011"
BUNDLE = "BU" + "b" * 32
STAYS = (
    "      ! registrations for messages (A2P 10DLC, toll-free verification, Trust Hub) do not move along, nor back, "
    "and a WhatsApp sender stays"
)


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(NUMBER) as service:
        yield service


# --- Bundles


def test_a_purchase_outside_north_america_may_need_a_bundle_whatever_its_address(service: Service) -> None:
    planned = run(service, "buy", BRITISH, "--dry-run")
    assert (planned.code, planned.out.splitlines()[1:3]) == (
        0,
        [f"  + {BRITISH}", "      may need a bundle (--bundle-sid)"],
    )


@pytest.mark.parametrize("words", [(MAGIC,), (BRITISH, "--bundle-sid", BUNDLE)], ids=["US", "with one"])
def test_where_none_is_needed_or_one_is_given_nothing_is_said(service: Service, words: tuple[str, ...]) -> None:
    assert "may need" not in run(service, "buy", *words, "--dry-run").out


def test_an_address_outside_the_bundle_gets_advice(service: Service) -> None:
    service.fail(status(400, body=problem(400, 21651, "Address not contained in bundle").body), on="POST")
    ended = run(service, "buy", GERMAN, "--bundle-sid", BUNDLE, "--yes", "-q")
    advice = "  give --address-sid of the address that is in the bundle, or leave it out"
    assert (ended.code, ended.out, advice in ended.err.splitlines()) == (1, "", True)


# --- Test credentials


def test_test_credentials_buy_without_a_look(service: Service) -> None:
    service.fail(status(403, body=problem(403, 20008, "Resource not accessible with Test credentials").body), on="GET")
    service.fail(status(403, body=problem(403, 20008, "Resource not accessible with Test credentials").body), on="GET")
    ended = run(service, "buy", MAGIC, "--yes", "-q")
    assert (ended.code, ended.out, service.state.purchases) == (0, f"{MAGIC}\n", [MAGIC])
    assert ended.err.startswith("numctl: these are test credentials: nothing is bought for real\n")


def test_other_credentials_that_may_not_look_buy_nothing(service: Service) -> None:
    service.fail(status(403, body=problem(403, 70051, "missing numbers/list").body), on="GET", times=2)
    ended = run(service, "buy", MAGIC, "--yes", "-q")
    assert (ended.code, ended.out, service.state.purchases) == (3, "", [])


# --- Transfers


def test_a_transfer_says_what_does_not_move_along_nor_back(service: Service) -> None:
    planned = run(service, "transfer", NUMBER, "--to", OTHER_ACCOUNT, "--dry-run")
    assert (planned.code, STAYS in planned.out.splitlines()) == (0, True)
    moved = run(service, "transfer", NUMBER, "--to", OTHER_ACCOUNT, "--yes", "-q")
    assert moved.code == 0
    assert STAYS in run(service, "undo", "--dry-run").out.splitlines()


def test_a_number_that_cannot_get_messages_leaves_nothing_behind(service: Service) -> None:
    record = service.state.find(NUMBER)
    assert record is not None
    record["capabilities"] = {"voice": True, "sms": False, "mms": False, "fax": False}
    planned = run(service, "transfer", NUMBER, "--to", OTHER_ACCOUNT, "--dry-run")
    assert (planned.code, "registrations" in planned.out) == (0, False)


def test_a_hosted_number_is_moved_by_support_alone(service: Service) -> None:
    service.state.add(ACCOUNT, BRITISH, origin="hosted")
    planned = run(service, "transfer", BRITISH, "--to", OTHER_ACCOUNT, "--dry-run")
    line = "      ! it is hosted: only the service's support can move it (22121)"
    assert line in planned.out.splitlines()
