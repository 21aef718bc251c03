"""The client, one method at a time, against the published examples of the documentation page (tests/api/cassettes)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from numctl.api.client import Client
from numctl.api.transport import Transport
from numctl.model.number import COLUMNS
from tests.surroundings import RECORDED_WITH

CASSETTES = Path(__file__).parent / "cassettes"
ACCOUNT = "AC" + "a" * 32
SID = "PN" + "a" * 32
NUMBER = "+14155552344"
ADDRESS, BUNDLE = "AD" + "X" * 32, "BU" + "X" * 32

REAL_ACCOUNT = RECORDED_WITH.get("TWILIO_ACCOUNT_SID", ACCOUNT)
REAL_TOKEN = RECORDED_WITH.get("TWILIO_AUTH_TOKEN", "x" * 32)


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(CASSETTES)


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    # The record mode is not set here: what is set here would win over --record-mode, and its default is "none".
    return {
        "match_on": ["method", "scheme", "host", "port", "path", "query", "body"],
        "filter_headers": ["authorization"],
        "decode_compressed_response": True,
        "before_record_request": without_account,
        "before_record_response": without_account_in_answer,
    }


@pytest.fixture
def only_loopback(record_mode: str, request: pytest.FixtureRequest) -> None:
    """Keep the guard of every other test, unless answers are to be recorded anew."""
    if record_mode == "none":
        request.getfixturevalue("only_loopback")


@pytest.fixture
def client(vcr: Any) -> Client:
    return Client(Transport("https://api.twilio.com", (REAL_ACCOUNT, REAL_TOKEN)), REAL_ACCOUNT)


def without_account(request: Any) -> Any:
    request.uri = request.uri.replace(REAL_ACCOUNT, ACCOUNT)
    if request.body:
        request.body = bytes(request.body).replace(REAL_ACCOUNT.encode(), ACCOUNT.encode())
    return request


def without_account_in_answer(response: Any) -> Any:
    body = response["body"]["string"]
    response["body"]["string"] = body.replace(REAL_ACCOUNT.encode(), ACCOUNT.encode())
    return response


def published(name: str) -> Any:
    """The example answer as it stands in the cassette, read without the client."""
    cassette = yaml.safe_load((CASSETTES / f"{name}.yaml").read_text(encoding="utf-8"))
    return json.loads(cassette["interactions"][0]["response"]["body"]["string"])


def facts(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: record[name] for name in names}


@pytest.mark.vcr
@pytest.mark.default_cassette("create")
def test_a_number_is_bought_by_its_name_alone(client: Client, vcr: Any) -> None:
    record = client.buy(NUMBER, {})
    assert facts(record, "sid", "phone_number", "voice_url", "emergency_status", "trunk_sid") == {
        "sid": SID,
        "phone_number": NUMBER,
        "voice_url": "https://example.com",
        "emergency_status": "Active",
        "trunk_sid": None,
    }
    assert record == published("create")
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.default_cassette("create_with_address_and_bundle")
def test_a_number_is_bought_with_its_address_and_bundle(client: Client, vcr: Any) -> None:
    record = client.buy(NUMBER, {"address_sid": ADDRESS, "bundle_sid": BUNDLE})
    assert facts(record, "phone_number", "address_sid", "bundle_sid") == {
        "phone_number": NUMBER,
        "address_sid": ADDRESS,
        "bundle_sid": BUNDLE,
    }
    assert record == published("create_with_address_and_bundle")
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.default_cassette("create_with_voice_url")
def test_a_number_is_bought_with_its_voice_url(client: Client, vcr: Any) -> None:
    record = client.buy(NUMBER, {"voice_url": "https://www.your-voice-url.com/example"})
    assert facts(record, "phone_number", "voice_url", "sms_url") == {
        "phone_number": NUMBER,
        "voice_url": "https://www.your-voice-url.com/example",
        "sms_url": "https://example.com",
    }
    assert record == published("create_with_voice_url")
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.default_cassette("create_with_sms_url")
def test_a_number_is_bought_with_its_sms_url(client: Client, vcr: Any) -> None:
    record = client.buy(NUMBER, {"sms_url": "https://www.your-sms-url.com/example"})
    assert facts(record, "phone_number", "voice_url", "sms_url") == {
        "phone_number": NUMBER,
        "voice_url": "https://example.com",
        "sms_url": "https://www.your-sms-url.com/example",
    }
    assert record == published("create_with_sms_url")
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.default_cassette("fetch")
def test_one_number_is_fetched_by_its_sid(client: Client, vcr: Any) -> None:
    record = client.fetch(SID)
    assert facts(record, "sid", "phone_number", "friendly_name", "voice_url", "capabilities", "status") == {
        "sid": SID,
        "phone_number": "+18089255327",
        "friendly_name": "(808) 925-5327",
        "voice_url": None,
        "capabilities": {"voice": True, "sms": False, "mms": True, "fax": False},
        "status": "in-use",
    }
    assert record == published("fetch")
    assert vcr.all_played


LISTS: dict[str, dict[str, Any]] = {
    "list_all": {},
    "list_exact_match": {"phone_number": "+14158675310"},
    "list_partial_match": {"phone_number": "867"},
}


@pytest.mark.vcr
@pytest.mark.default_cassette("list_all")
def test_all_numbers_are_listed(client: Client, vcr: Any) -> None:
    check_list(client, vcr, "list_all")


@pytest.mark.vcr
@pytest.mark.default_cassette("list_exact_match")
def test_a_whole_number_is_passed_on_as_a_filter(client: Client, vcr: Any) -> None:
    check_list(client, vcr, "list_exact_match")


@pytest.mark.vcr
@pytest.mark.default_cassette("list_partial_match")
def test_a_part_of_a_number_is_passed_on_as_a_filter(client: Client, vcr: Any) -> None:
    check_list(client, vcr, "list_partial_match")


def check_list(client: Client, vcr: Any, name: str) -> None:
    """The example's only number, whatever was asked: the page answers each of its questions with the same one."""
    pages = list(client.pages(**LISTS[name]))
    assert [[(row["sid"], row["phone_number"]) for row in page] for page in pages] == [[(SID, "+18089255327")]]
    assert pages == [published(name)["incoming_phone_numbers"]]
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.default_cassette("list_empty")
def test_a_list_without_numbers_is_one_empty_page(client: Client, vcr: Any) -> None:
    assert list(client.pages(phone_number="+15005550199")) == [[]]
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.default_cassette("update_address_and_bundle")
def test_address_and_bundle_of_a_number_are_changed(client: Client, vcr: Any) -> None:
    record = client.update(SID, {"address_sid": ADDRESS, "bundle_sid": BUNDLE})
    assert facts(record, "sid", "address_sid", "bundle_sid") == {
        "sid": SID,
        "address_sid": ADDRESS,
        "bundle_sid": BUNDLE,
    }
    assert record == published("update_address_and_bundle")
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.default_cassette("update_voice_url")
def test_the_voice_url_of_a_number_is_changed(client: Client, vcr: Any) -> None:
    record = client.update(SID, {"voice_url": "https://www.your-new-voice-url.com/example"})
    assert facts(record, "sid", "voice_url", "sms_url") == {
        "sid": SID,
        "voice_url": "https://www.your-new-voice-url.com/example",
        "sms_url": "",
    }
    assert record == published("update_voice_url")
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.default_cassette("update_sms_url")
def test_the_sms_url_of_a_number_is_changed(client: Client, vcr: Any) -> None:
    record = client.update(SID, {"sms_url": "https://www.your-new-sms-url.com/example"})
    assert facts(record, "sid", "voice_url", "sms_url") == {
        "sid": SID,
        "voice_url": None,
        "sms_url": "https://www.your-new-sms-url.com/example",
    }
    assert record == published("update_sms_url")
    assert vcr.all_played


@pytest.mark.vcr
@pytest.mark.default_cassette("delete")
def test_a_release_is_answered_with_nothing(client: Client, vcr: Any) -> None:
    client.release(SID)
    assert vcr.all_played


def test_every_example_has_its_cassette_and_no_cassette_holds_a_secret() -> None:
    found = {path.stem for path in CASSETTES.glob("*.yaml")}
    creates = {"create", "create_with_address_and_bundle", "create_with_voice_url", "create_with_sms_url"}
    updates = {"update_address_and_bundle", "update_voice_url", "update_sms_url"}
    assert found == creates | {"fetch", *LISTS} | updates | {"delete", "list_empty"}
    for path in CASSETTES.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").lower()
        assert "authorization" not in text
        assert "auth_token" not in text


def test_each_example_record_has_every_documented_property() -> None:
    documented = {name for name in COLUMNS if not name.startswith("capabilities_")} - {"type"}
    for name in ("create", "fetch", "update_voice_url"):
        assert documented <= set(published(name)), name
