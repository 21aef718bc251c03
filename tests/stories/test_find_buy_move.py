"""From a search to a release, as a person does it on the sandbox; and each search filter under its own name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from numctl.cli.verbs.search import SaleFilters
from numctl.sandbox import ACCOUNT_SID, SUBACCOUNT_SID
from tests.cli.program import sandbox

from .watched import Watched, watched

HEAD = f"Sandbox ({ACCOUNT_SID}), SANDBOX\n"

SAMPLED = "numctl: the service shows a sample of what is for sale; search again or narrow the search for others\n"
LEFT_BEHIND = (
    "      ! registrations for messages (A2P 10DLC, toll-free verification, Trust Hub) do not move along, nor back, "
    "and a WhatsApp sender stays\n"
)


def test_find_buy_list_move_and_release() -> None:
    found = sandbox("search", "US", "--area-code", "415", "--sms-enabled", "--voice-enabled", "--limit", "3", "-q")
    assert (found.code, found.said) == (0, SAMPLED)
    assert [number[:5] for number in found.out.split()] == ["+1415"] * 3

    name = ("--friendly-name", "Campaign", "--sms-url", "https://sms.example.net/in")
    bought = sandbox("buy", "--area-code", "415", "--count", "3", *name, "--yes", "--json")
    assert bought.code == 0
    first, second, third = numbers = [one["phone_number"] for one in bought.json]
    assert [(one[:5], len(one)) for one in numbers] == [("+1415", 12)] * 3
    assert [(one["outcome"], one["error"]) for one in bought.json] == [("bought", None)] * 3
    assert all(one["number"]["sms_url"] == "https://sms.example.net/in" for one in bought.json)
    assert f"numctl release {first} {second} {third} --sandbox" in bought.said

    listed = sandbox("list", "--where", "friendly_name=Campaign", "-q")
    assert (listed.code, sorted(listed.out.split()), listed.said) == (0, sorted(numbers), "")

    moved = sandbox("transfer", second, "--to", SUBACCOUNT_SID, "--yes")
    assert moved.code == 0
    assert moved.out == (
        f"phone_number\toutcome\tchanges\n{second}\ttransferred\taccount_sid: {ACCOUNT_SID} → {SUBACCOUNT_SID}\n"
    )
    assert moved.said.startswith(
        f"{HEAD}  > {second}  Campaign\n      account  Sandbox → Sandbox branch\n{LEFT_BEHIND}"
        f"to: Sandbox branch ({SUBACCOUNT_SID})\n1 to move, 1 warning.\nrun "
    )

    # Three purchases are sent at once, so that the account may have them in another order.
    words = ("--where", "friendly_name=Campaign", "--fields", "phone_number,account_sid", "--csv")
    rest = sorted(f"{number},{ACCOUNT_SID}" for number in (first, third))
    assert sorted(sandbox("list", *words).out.split()) == [*rest, "phone_number,account_sid"]
    family = sandbox("list", "--all-accounts", *words).out.split()
    assert (sorted(family[1:3]), family[3:]) == (rest, [f"{second},{SUBACCOUNT_SID}"])

    missing = sandbox("release", *numbers, "--yes", "-q")
    assert (missing.code, missing.out) == (4, "")
    assert missing.said.splitlines() == [
        f"numctl: {second} is not in {ACCOUNT_SID}",
        "  not found here; try --all-accounts",
    ]
    released = sandbox("release", *numbers, "--all-accounts", "--yes", "--json")
    assert (released.code, [row["phone_number"] for row in released.json]) == (0, numbers)
    assert released.said.index(f"Sandbox ({ACCOUNT_SID})") < released.said.index(SUBACCOUNT_SID)
    assert sandbox("list", "--all-accounts", "--where", "friendly_name=Campaign", "--json").json == []


FILTERS: list[dict[str, str]] = [
    {
        "--area-code 415": "AreaCode=415",
        "--contains 415555****": "Contains=415555****",
        "--sms-enabled": "SmsEnabled=true",
        "--mms-enabled": "MmsEnabled=true",
        "--voice-enabled": "VoiceEnabled=true",
        "--fax-enabled": "FaxEnabled=true",
        "--exclude-all-address-required": "ExcludeAllAddressRequired=true",
        "--exclude-local-address-required": "ExcludeLocalAddressRequired=true",
        "--exclude-foreign-address-required": "ExcludeForeignAddressRequired=true",
        "--beta": "Beta=true",
        "--near-number +1(415)555-0100": "NearNumber=+14155550100",
        "--distance 50": "Distance=50",
        "--page-size 7": "PageSize=7",
    },
    {
        "--contains TOY": "Contains=TOY",
        "--no-sms-enabled": "SmsEnabled=false",
        "--no-mms-enabled": "MmsEnabled=false",
        "--no-voice-enabled": "VoiceEnabled=false",
        "--no-fax-enabled": "FaxEnabled=false",
        "--no-beta": "Beta=false",
        "--near-lat-long 37.84,-122.45": "NearLatLong=37.84,-122.45",
        "--in-postal-code 94102": "InPostalCode=94102",
        "--in-region CA": "InRegion=CA",
        "--in-rate-center SNFCCNTRL": "InRateCenter=SNFCCNTRL",
        "--in-lata 722": "InLata=722",
        "--in-locality Oakland": "InLocality=Oakland",
        "--limit 9": "PageSize=10",
    },
]
"""Each filter as it is typed, and as the service's page on AvailablePhoneNumbers has it."""

TYPES = {
    "local": "Local",
    "toll-free": "TollFree",
    "mobile": "Mobile",
    "national": "National",
    "shared-cost": "SharedCost",
    "voip": "Voip",
    "machine-to-machine": "MachineToMachine",
}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path / "served" / "sandbox.sqlite3") as service:
        yield service


@pytest.mark.parametrize("filters", FILTERS, ids=["with", "without"])
def test_each_filter_goes_out_under_its_documented_name(service: Watched, filters: dict[str, str]) -> None:
    assert service.numctl("search", "US", *(word for typed in filters for word in typed.split()), "--json").code == 0
    path = f"/2010-04-01/Accounts/{ACCOUNT_SID}/AvailablePhoneNumbers/US/Local.json"
    assert set(service.requests) == {("GET", path)}
    assert service.queries[0] == dict(sent.split("=") for sent in filters.values())


def test_every_filter_is_in_the_table() -> None:
    options = {"--" + field.name.replace("_", "-") for field in fields(SaleFilters)}
    assert {typed.split()[0].replace("--no-", "--") for filters in FILTERS for typed in filters} == {
        *options,
        "--limit",
        "--page-size",
    }


@pytest.mark.parametrize(("type", "name"), TYPES.items())
def test_each_type_has_its_own_path(service: Watched, type: str, name: str) -> None:
    service.numctl("search", "GB", "--type", type, "--json")
    path = f"/2010-04-01/Accounts/{ACCOUNT_SID}/AvailablePhoneNumbers/GB/{name}.json"
    assert service.requests[0] == ("GET", path)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["GB", "--type", "mobile", "--area-code", "207"], "--area-code"),
        (["US", "--type", "mobile"], "mobile"),
        (["ZZ"], "ZZ"),
    ],
)
def test_what_a_country_or_type_does_not_have_is_said(service: Watched, words: list[str], named: str) -> None:
    ended = service.numctl("search", *words)
    assert (ended.code in (2, 4), ended.out) == (True, "")
    assert named in ended.err.splitlines()[0]
    assert service.changes == []


def test_the_official_client_asks_for_the_same(service: Watched) -> None:
    twilio: Any = pytest.importorskip("twilio.rest", reason="the package twilio is not installed")
    from tests.sandbox.test_official_client import Loopback

    client = twilio.Client(ACCOUNT_SID, "no", http_client=Loopback(service.url))
    client.auth = (ACCOUNT_SID, service.environ["TWILIO_AUTH_TOKEN"])
    client.username, client.password = client.auth
    for words, theirs in (
        (["--area-code", "415"], {"area_code": 415}),
        (["--contains", "55501**", "--no-sms-enabled"], {"contains": "55501**", "sms_enabled": False}),
        (
            ["--in-locality", "San Francisco", "--voice-enabled"],
            {"in_locality": "San Francisco", "voice_enabled": True},
        ),
        (["--contains", "KJJ01**"], {"contains": "KJJ01**"}),
        (["--in-region", "NY", "--fax-enabled"], {"in_region": "NY", "fax_enabled": True}),
        (["--in-postal-code", "94612", "--mms-enabled"], {"in_postal_code": "94612", "mms_enabled": True}),
        (["--near-lat-long", "37.8,-122.3", "--in-lata", "722"], {"near_lat_long": "37.8,-122.3", "in_lata": "722"}),
        (["--near-number", "+14155550100", "--distance", "10"], {"near_number": "+14155550100", "distance": 10}),
        (["--exclude-all-address-required", "--limit", "5"], {"exclude_all_address_required": True, "limit": 5}),
    ):
        service.queries.clear()
        assert service.numctl("search", "US", *words, "-q").out.split()
        assert client.available_phone_numbers("US").local.list(**theirs)
        ours, others = ({**query, "PageSize": ""} for query in (service.queries[0], service.queries[-1]))
        assert ours == others
