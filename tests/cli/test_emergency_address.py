"""The emergency address: set after a purchase, slow to change, never swapped, and in the way of a release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.program import Ended, numctl
from tests.cli.served import holding, pointed_at, run
from tests.wire.faults import altered, status
from tests.wire.reply import problem
from tests.wire.service import Service

NUMBER, OTHER, BOUGHT = "+14155550100", "+14155550101", "+14155550199"
HERE, THERE = "AD" + "a" * 32, "AD" + "b" * 32
CLEAR = f"numctl set {NUMBER} --clear emergency_address_sid"


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(NUMBER, OTHER) as service:
        yield service


def registered(service: Service, sid: str = HERE) -> None:
    record = service.state.find(NUMBER)
    assert record is not None
    record |= {"emergency_address_sid": sid, "emergency_address_status": "registered"}


def forms(service: Service) -> list[dict[str, str]]:
    return [request.form for request in service.received if request.method == "POST"]


def row(ended: Ended) -> dict[str, Any]:
    (found,) = ended.json
    return dict(found)


# --- Release


HELD = f"{NUMBER} has an emergency address ({HERE}): it cannot be released until that is cleared"
WAY = (
    "clear it, wait until its emergency_address_status is unregistered, and release again; to clear it: "
    f"numctl set {NUMBER} --clear emergency_address_sid"
)


def test_a_number_with_an_emergency_address_is_not_released(service: Service) -> None:
    registered(service)
    ended = run(service, "release", NUMBER, "--yes", "--json")
    assert (ended.code, row(ended)["outcome"], service.count("DELETE")) == (1, "failed", 0)
    assert ended.err == f"numctl: {HELD}\n  {WAY}\n"


def test_the_plan_says_so_before_it_asks_and_the_others_are_released(service: Service) -> None:
    registered(service)
    planned = run(service, "release", NUMBER, OTHER, "--dry-run")
    assert f"  failed: {HELD}\n      {WAY}\n" in planned.out
    ended = run(service, "release", NUMBER, OTHER, "--yes", "--json")
    assert (ended.code, [one["outcome"] for one in ended.json]) == (6, ["failed", "released"])
    assert service.state.find(NUMBER) is not None


def test_a_release_soon_after_the_clearing_is_warned_of(service: Service) -> None:
    run(service, "set", NUMBER, "--clear", "emergency_address_sid", "--yes")
    record = service.state.find(NUMBER)
    assert record is not None
    record |= {"emergency_address_sid": None, "emergency_address_status": "pending-unregistration"}
    planned = run(service, "release", NUMBER, "--dry-run").out
    warning = "its former emergency address is still being unregistered: the service may refuse until that is done"
    assert f"      ! {warning}\n" in planned


# --- Set


def test_a_change_that_takes_time_is_pending(service: Service) -> None:
    ended = run(service, "set", NUMBER, "--emergency-address-sid", HERE, "--json")
    assert (ended.code, row(ended)["outcome"], row(ended)["pending"]) == (0, "changed", ["emergency_address_sid"])
    said = f"pending: emergency_address_sid of {NUMBER}; emergency_address_status shows when it is done"
    assert said in ended.err.splitlines()
    assert "1 to change. Cost: 1 number with an emergency address, billed monthly." in ended.err.splitlines()
    registered(service)
    cleared = run(service, "set", NUMBER, "--clear", "emergency_address_sid", "--yes", "--json")
    assert (cleared.code, row(cleared)["pending"]) == (0, ["emergency_address_sid"])


def test_a_record_may_keep_the_old_address_while_it_is_being_unregistered(service: Service) -> None:
    registered(service)
    service.state.rewrites = lambda record: {"emergency_address_sid": HERE}
    ended = run(service, "set", NUMBER, "--clear", "emergency_address_sid", "--yes", "--json")
    assert (ended.code, row(ended)["outcome"], row(ended)["pending"]) == (0, "changed", ["emergency_address_sid"])


def test_what_is_registered_is_not_pending(service: Service) -> None:
    registered(service)
    ended = run(service, "set", NUMBER, "--emergency-address-sid", HERE, "--json")
    assert (row(ended)["outcome"], "pending" in row(ended)) == ("unchanged", False)


def test_one_address_is_not_replaced_by_another_and_the_two_commands_are_given(service: Service) -> None:
    registered(service)
    ended = run(service, "set", NUMBER, OTHER, "--emergency-address-sid", THERE, "--yes", "--json")
    assert (ended.code, [one["outcome"] for one in ended.json]) == (6, ["failed", "changed"])
    assert forms(service) == [{"EmergencyAddressSid": THERE}]
    assert ended.json[0]["error"]["message"] == (
        f"{NUMBER}: its emergency address {HERE} must be cleared before another can be set"
    )
    assert ended.json[0]["error"]["hint"] == (
        "clear it, wait until emergency_address_status is unregistered, then set the other one: "
        f"{CLEAR}, then numctl set {NUMBER} --emergency-address-sid {THERE}"
    )


# --- Buy


def test_the_address_is_set_after_the_purchase_by_a_recorded_request(service: Service) -> None:
    words = ("--friendly-name", "Desk", "--emergency-address-sid", HERE)
    ended = run(service, "buy", BOUGHT, *words, "--yes", "--json")
    assert (ended.code, row(ended)["outcome"], row(ended)["error"]) == (0, "bought", None)
    assert (row(ended)["pending"], row(ended)["number"]["emergency_address_sid"]) == (["emergency_address_sid"], HERE)
    assert forms(service) == [{"PhoneNumber": BOUGHT, "FriendlyName": "Desk"}, {"EmergencyAddressSid": HERE}]
    cost = "Cost: 1 number billed monthly. Cost: 1 number with an emergency address, billed monthly."
    assert f"1 to buy. {cost}" in ended.err.splitlines()
    (bought,) = run(service, "history", "--json").json
    recorded = run(service, "history", bought["id"], "--json").json
    assert [(one["operation"], one["wanted"]) for one in recorded] == [
        ("buy", {"friendly_name": "Desk"}),
        ("set", {"emergency_address_sid": HERE}),
    ]


def test_a_refused_address_leaves_the_number_bought_and_names_the_set_command(service: Service) -> None:
    refusal = problem(400, 21628, "no such address")
    service.fail(altered("as it is", dict), on="POST").fail(status(400, body=refusal.body), on="POST")
    ended = run(service, "buy", BOUGHT, "--emergency-address-sid", HERE, "--yes", "--json")
    assert (ended.code, row(ended)["outcome"], service.state.purchases) == (6, "bought", [BOUGHT])
    error = row(ended)["error"]
    assert error["message"] == (
        f"{BOUGHT} is bought, but without emergency_address_sid: the service answered: no such address "
        "(code 21628, HTTP 400)"
    )
    assert error["hint"] == f"to set it: numctl set {BOUGHT} --emergency-address-sid {HERE}"


# --- The status that follows it


def test_a_status_that_the_service_ignores_is_a_failure_that_names_the_address(service: Service) -> None:
    ended = run(service, "set", NUMBER, "--emergency-status", "Active", "--json")
    said = "emergency_status is ignored since 2021, and follows --emergency-address-sid"
    assert (ended.code, row(ended)["outcome"], forms(service)) == (1, "failed", [{"EmergencyStatus": "Active"}])
    assert row(ended)["error"]["message"] == (
        f"{NUMBER}: the service's answer has another emergency_status than requested; {said}"
    )
    assert "      ! emergency_status is ignored by the service since 2021" in ended.err.splitlines()
    assert service.received[-1].method == "POST"


def test_beside_another_setting_it_is_partial(service: Service) -> None:
    words = ("--emergency-status", "Active", "--friendly-name", "Desk")
    ended = run(service, "set", NUMBER, *words, "--json")
    assert (ended.code, row(ended)["outcome"], row(ended)["number"]["friendly_name"]) == (6, "changed", "Desk")


def test_a_sheet_with_another_status_changes_nothing_and_says_so(service: Service) -> None:
    sheet = f"phone_number,emergency_status\n{NUMBER},Active\n"
    ended = numctl("apply", "-", "--yes", "--json", stdin=sheet, env=pointed_at(service))
    assert (ended.code, row(ended)["outcome"], forms(service)) == (0, "unchanged", [])
    assert "'Active' in the sheet, 'Inactive' on the service; it cannot be set" in ended.err
