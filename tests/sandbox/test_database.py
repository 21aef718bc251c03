"""The sandbox's file: private, recognised, and left alone where it is not ours."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from numctl.errors import Refused
from numctl.sandbox import ACCOUNT_SID, state
from numctl.sandbox.app import create_app
from numctl.sandbox.database import APPLICATION_ID

from .caller import Caller


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE precious (thing TEXT)")
        connection.commit()


def future_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 99")
        connection.execute("CREATE TABLE accounts (thing TEXT)")


def truncated(path: Path) -> None:
    whole = path.with_suffix(".whole")
    state.open_state(whole).close()
    path.write_bytes(whole.read_bytes()[:5000])


STRANGERS: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("my diary\n" * 50),
    "short": lambda path: path.write_bytes(b"\x00"),
    "other SQLite": foreign_database,
    "other version": future_version,
    "half of ours": truncated,
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_file_that_is_not_ours_is_refused_and_left(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "sandbox.sqlite3"
    STRANGERS[kind](path)
    before, around = path.read_bytes(), sorted(os.listdir(tmp_path))
    for use in (state.open_state, state.reset, state.credentials, lambda path: state.load(path, [])):
        with pytest.raises(Refused) as refused:
            use(path)
        assert str(path) in refused.value.message
        assert refused.value.hint
    assert path.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == around


VERSION_1 = """
CREATE TABLE accounts (id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, record TEXT NOT NULL);
CREATE TABLE addresses (id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, record TEXT NOT NULL);
CREATE TABLE numbers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account_sid TEXT NOT NULL, sid TEXT NOT NULL UNIQUE,
    phone_number TEXT NOT NULL UNIQUE, friendly_name TEXT, origin TEXT, type TEXT, beta INTEGER NOT NULL,
    record TEXT NOT NULL);
CREATE INDEX numbers_of_account ON numbers (account_sid, id);
CREATE TABLE released (phone_number TEXT PRIMARY KEY, record TEXT NOT NULL);
PRAGMA user_version = 1;
"""
"""The tables of the first version, as it made them."""


def number_of_version_1(serial: int, phone_number: str) -> dict[str, str]:
    sid = f"PN{serial:032x}"
    own = {"sid": sid, "account_sid": ACCOUNT_SID, "phone_number": phone_number, "friendly_name": f"Größe {serial}"}
    return own | {"emergency_status": "Inactive", "voice_url": ""}


def file_of_version_1(path: Path) -> list[dict[str, str]]:
    """Make a file as the first version did, and return its numbers, the newest first."""
    held = [number_of_version_1(1, "+14155550100"), number_of_version_1(2, "+46701740606")]
    account = json.dumps({"sid": ACCOUNT_SID, "friendly_name": "Kept"})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.executescript(VERSION_1)
        connection.execute("INSERT INTO accounts (sid, record) VALUES (?, ?)", (ACCOUNT_SID, account))
        for number in held:
            row = (ACCOUNT_SID, number["sid"], number["phone_number"], number["friendly_name"], json.dumps(number))
            columns = "account_sid, sid, phone_number, friendly_name, beta, record"
            connection.execute(f"INSERT INTO numbers ({columns}) VALUES (?, ?, ?, ?, 0, ?)", row)
        connection.commit()
    return held[::-1]


def test_file_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite3"
    swedish, american = file_of_version_1(path)
    for _ in range(2):
        with closing(state.open_state(path)) as opened:
            page = opened.page(ACCOUNT_SID, [], state.Cursor(), 50)
            assert list(map(json.loads, page.texts)) == [swedish, american | {"emergency_status": "Active"}]
            assert [account["friendly_name"] for account in opened.accounts()] == ["Kept"]
            assert [address["iso_country"] for address in opened.addresses(ACCOUNT_SID)] == ["US", "GB", "DE", "IE"]
    with closing(create_app(path)) as app:
        service = Caller(app)
        assert len(service.get("AvailablePhoneNumbers/US/Local.json")["available_phone_numbers"]) == 30
        number = service.number("+14155550100")
        changed = service.post(f"IncomingPhoneNumbers/{number['sid']}.json", EmergencyAddressSid="AD" + "1" * 32)
        assert changed["emergency_address_status"] == "pending-registration"
    state.reset(path)


def test_file_of_the_first_version_is_brought_up_to_date_once_by_many(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite3"
    file_of_version_1(path)
    failed: list[Exception] = []

    def open_it() -> None:
        try:
            state.open_state(path).close()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    with closing(sqlite3.connect(path)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        for thread in threads:
            thread.start()
        # Enough for each of them to find the first version and to wait for the lock.
        threads[0].join(0.3)
        lock.rollback()
    for thread in threads:
        thread.join(30)
    assert failed == []


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is a folder"):
        state.open_state(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_link_is_refused_and_its_target_left(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "sandbox.sqlite3"
    link.symlink_to(target)
    with pytest.raises(Refused, match="symbolic link"):
        state.open_state(link)
    assert not target.exists()


def test_file_that_cannot_be_read_or_written_is_refused(state_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permissions do not stop root, so the system's answers are feigned."""
    state.open_state(state_file).close()
    with monkeypatch.context() as feigned:
        feigned.setattr(os, "access", lambda path, mode: False)
        with pytest.raises(Refused, match="cannot be written"):
            state.open_state(state_file)

    def denied(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as feigned:
        feigned.setattr(Path, "open", denied)
        with pytest.raises(Refused, match="cannot be read: Permission denied"):
            state.open_state(state_file)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_file_is_private(state_file: Path) -> None:
    opened = state.open_state(state_file)
    for path in state_file.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    opened.close()
    assert stat.S_IMODE(state_file.parent.stat().st_mode) == 0o700


def test_name_with_characters_of_a_uri_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=memory#100%.sqlite3"
    state.open_state(path).close()
    assert path.stat().st_size > 0
    assert sorted(os.listdir(tmp_path)) == [path.name]
