"""The stand-in under a requests Session, without a network."""

from __future__ import annotations

import threading

import pytest
import requests

from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN, BASE_URL
from numctl.sandbox.app import Sandbox
from numctl.sandbox.mount import SandboxAdapter

NUMBERS = f"{BASE_URL}/2010-04-01/Accounts/{ACCOUNT_SID}/IncomingPhoneNumbers.json"


@pytest.fixture
def adapter(app: Sandbox) -> SandboxAdapter:
    return SandboxAdapter(app)


def session(adapter: SandboxAdapter) -> requests.Session:
    opened = requests.Session()
    opened.mount(BASE_URL, adapter)
    opened.auth = (ACCOUNT_SID, AUTH_TOKEN)
    return opened


def test_session_is_answered(adapter: SandboxAdapter) -> None:
    with session(adapter) as opened:
        found = opened.get(NUMBERS, params={"FriendlyName": "Växeln i Göteborg"})
        assert (found.status_code, found.reason, found.headers["Content-Type"]) == (
            200,
            "OK",
            "application/json",
        )
        assert [number["phone_number"] for number in found.json()["incoming_phone_numbers"]] == ["+46701740606"]
        bought = opened.post(NUMBERS, data={"PhoneNumber": "+14155550190", "FriendlyName": "a&b=ü ☎"})
        assert (bought.status_code, bought.json()["friendly_name"]) == (201, "a&b=ü ☎")
        gone = opened.delete(f"{BASE_URL}{bought.json()['uri']}")
        assert (gone.status_code, gone.content) == (204, b"")
    with session(adapter) as opened:
        assert opened.get(NUMBERS, auth=("nobody", "x")).status_code == 401


def test_body_can_be_streamed(adapter: SandboxAdapter) -> None:
    with session(adapter) as opened:
        whole = opened.get(NUMBERS).content
        with opened.get(NUMBERS, stream=True) as answer:
            assert answer.raw.read(7) == whole[:7]
            assert b"".join(answer.raw.stream(100)) == whole[7:]
        with opened.get(NUMBERS, stream=True) as answer:
            assert b"".join(answer.iter_content(100)) == whole


def test_many_threads_share_one_adapter(adapter: SandboxAdapter) -> None:
    statuses: list[int] = []

    def work() -> None:
        with session(adapter) as opened:
            statuses.extend(opened.get(NUMBERS).status_code for _ in range(10))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert statuses == [200] * 80
