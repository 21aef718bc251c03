"""The sandbox's state: kept between commands, reset, loaded, and safe with many at once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from numctl.errors import UsageError
from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN, SUBACCOUNT_SID, state
from numctl.sandbox.app import Sandbox, create_app
from tests.surroundings import unmeasured

from .caller import ROOT, Caller

NUMBERS = "IncomingPhoneNumbers.json"
KEY = "incoming_phone_numbers"
OTHER, THIRD = "AC" + "1" * 32, "AC" + "2" * 32


def record(serial: int, account_sid: str, **more: Any) -> dict[str, Any]:
    key = {"sid": f"PN{serial:032x}", "account_sid": account_sid, "phone_number": f"+1415555{serial:04}"}
    return {
        **key,
        "friendly_name": f"number {serial}",
        "voice_url": None,
        "capabilities": {"voice": True},
        **more,
    }


def listed(path: Path, account_sid: str) -> list[Any]:
    with closing(create_app(path)) as app:
        return Caller(app).every(f"{ROOT}/{account_sid}/{NUMBERS}", KEY)


def test_changes_survive_between_commands(state_file: Path) -> None:
    with closing(create_app(state_file)) as app:
        bought = Caller(app).post(NUMBERS, PhoneNumber="+14155550190", VoiceUrl="https://example.com/")
    assert listed(state_file, ACCOUNT_SID)[0] == bought


def test_reset_puts_the_assortment_back(state_file: Path) -> None:
    before = listed(state_file, ACCOUNT_SID)
    with closing(create_app(state_file)) as app:
        service = Caller(app)
        service.send("DELETE", before[0]["uri"])
        service.post(NUMBERS, PhoneNumber="+14155550190")
        state.reset(state_file)
        assert service.every(NUMBERS, KEY) == before


def test_load_keeps_records_losslessly(state_file: Path) -> None:
    strange = {
        "future": {"nested": [1, 2.5, None]},
        "emergency_status": "Pondering",
        "friendly_name": "\ud83d ☎",
    }
    loaded = [record(1, OTHER), record(2, OTHER, **strange)]
    assert state.load(state_file, iter(loaded)) == 2
    assert listed(state_file, OTHER) == loaded
    with closing(create_app(state_file)) as app:
        changed = Caller(app).post(f"{ROOT}/{OTHER}/IncomingPhoneNumbers/{loaded[1]['sid']}.json", SmsMethod="GET")
    assert changed == {**loaded[1], "sms_method": "GET", "date_updated": changed["date_updated"]}


def test_only_account_of_the_records_becomes_the_main_one(state_file: Path) -> None:
    loaded = [record(1, OTHER), record(2, OTHER)]
    state.load(state_file, loaded)
    assert state.credentials(state_file) == (OTHER, AUTH_TOKEN)
    with closing(create_app(state_file)) as app:
        service = Caller(app)
        assert service.every(NUMBERS, KEY) == loaded
        service.auth = (OTHER, AUTH_TOKEN)
        accounts = service.every(f"{ROOT}.json", "accounts")
        assert [account["sid"] for account in accounts] == [OTHER, SUBACCOUNT_SID]
        assert {account["owner_account_sid"] for account in accounts} == {OTHER}
        assert len(service.get(f"{ROOT}/{OTHER}/Addresses.json")["addresses"]) == 4


def test_the_first_account_is_the_main_one_and_the_others_its_subaccounts(state_file: Path) -> None:
    state.load(state_file, [record(1, OTHER), record(2, THIRD), record(3, OTHER)])
    assert state.credentials(state_file) == (OTHER, AUTH_TOKEN)
    with closing(create_app(state_file)) as app:
        service = Caller(app)
        service.auth = (OTHER, AUTH_TOKEN)
        accounts = service.every(f"{ROOT}.json", "accounts")
    assert [account["sid"] for account in accounts] == [OTHER, SUBACCOUNT_SID, THIRD]
    held = {account["sid"]: len(listed(state_file, account["sid"])) for account in accounts}
    assert held == {OTHER: 2, SUBACCOUNT_SID: 0, THIRD: 1}


def test_own_records_load_as_they_were(state_file: Path) -> None:
    before = listed(state_file, ACCOUNT_SID) + listed(state_file, SUBACCOUNT_SID)
    assert state.load(state_file, before) == 14
    assert listed(state_file, ACCOUNT_SID) + listed(state_file, SUBACCOUNT_SID) == before
    assert state.load(state_file, []) == 0
    assert listed(state_file, ACCOUNT_SID) == []


@pytest.mark.parametrize("resells", [False, True])
def test_loaded_number_that_is_released_is_sold_again_only_where_that_is_asked_for(
    state_file: Path, resells: bool
) -> None:
    loaded = record(2344, ACCOUNT_SID, type="local", beta=False, address_requirements="none")
    state.load(state_file, [loaded])
    with closing(create_app(state_file, resell_released=resells)) as app:
        service = Caller(app)
        service.send("DELETE", f"IncomingPhoneNumbers/{loaded['sid']}.json")
        shown = service.get("AvailablePhoneNumbers/US/Local.json", Contains="4155552344", VoiceEnabled="true")
        answer = service.send("POST", NUMBERS, data={"PhoneNumber": "+14155552344"})
    offered = [number["phone_number"] for number in shown["available_phone_numbers"]]
    if not resells:
        assert (offered, answer.status_code, answer.get_json()["code"]) == ([], 400, 21422)
        return
    assert (offered, answer.status_code) == (["+14155552344"], 201)
    assert answer.get_json()["capabilities"] == {"voice": True, "sms": False, "mms": False, "fax": False}
    assert answer.get_json()["sid"] != loaded["sid"]


@pytest.mark.parametrize(
    ("records", "named"),
    [
        (["no object"], "record 1: is not an object"),
        ([{}], "record 1: sid is missing or malformed"),
        ([record(1, OTHER), record(2, "ACnope")], "record 2: account_sid is missing or malformed"),
        ([record(1, OTHER, phone_number="4155550100")], "record 1: phone_number is missing or malformed"),
        ([record(1, OTHER), record(1, OTHER)], f"record 2: sid PN{1:032x} appears twice"),
    ],
)
def test_what_is_no_number_replaces_nothing(state_file: Path, records: list[Any], named: str) -> None:
    before = listed(state_file, ACCOUNT_SID)
    with pytest.raises(UsageError) as refused:
        state.load(state_file, records)
    assert refused.value.message == named
    assert listed(state_file, ACCOUNT_SID) == before


def test_number_is_sold_once_however_many_ask(app: Sandbox) -> None:
    statuses: list[int] = []

    def buy() -> None:
        statuses.append(Caller(app).send("POST", NUMBERS, data={"PhoneNumber": "+14155550190"}).status_code)

    together(buy, 16)
    assert sorted(statuses) == [201] + [400] * 15


def test_area_code_sells_each_a_number_of_its_own(app: Sandbox) -> None:
    bought: list[str] = []
    together(lambda: bought.append(Caller(app).post(NUMBERS, AreaCode="907")["phone_number"]), 16)
    assert len(set(bought)) == 16


def together(work: Any, times: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


PROCESS = """
import sys
from pathlib import Path
from numctl.sandbox import ACCOUNT_SID
from numctl.sandbox.state import open_state
state = open_state(Path(sys.argv[1]))
for number in range(25):
    state.change(ACCOUNT_SID, sys.argv[2], lambda record: record | {"count": record.get("count", 0) + 1})
"""


def test_processes_that_make_and_change_the_file_at_once_lose_nothing(state_file: Path, tmp_path: Path) -> None:
    sid = listed(tmp_path / "twin.sqlite3", ACCOUNT_SID)[0]["sid"]
    command = [sys.executable, "-c", PROCESS, str(state_file), sid]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=60)[1] for process in processes] == [""] * 4
    assert listed(state_file, ACCOUNT_SID)[0]["count"] == 100


def test_constants_have_the_form_of_the_services_own() -> None:
    for sid in (ACCOUNT_SID, SUBACCOUNT_SID):
        assert re.fullmatch(r"AC[0-9a-f]{32}", sid)
    assert re.fullmatch(r"[0-9a-f]{32}", AUTH_TOKEN)


def test_asking_for_the_constants_imports_nothing_heavy() -> None:
    code = "import json, sys, numctl.sandbox; print(json.dumps(sorted(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, env=unmeasured(), text=True, check=True)
    assert {"werkzeug", "sqlite3", "requests"}.isdisjoint(json.loads(found.stdout))
