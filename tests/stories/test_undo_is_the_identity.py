"""Apply, then undo: every setting is what it was, whatever the sheet wanted."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.cli.app import app
from numctl.model.ids import Invalid
from numctl.model.settings import CLEARABLE, SETTINGS, parse
from numctl.sandbox.state import load
from tests.examples import fewer_examples
from tests.surroundings import folders

from .watched import Watched, ended, many, settings_of, watched

HEX = st.text("0123456789abcdef", min_size=32, max_size=32)
URLS = st.sampled_from(["https://a.example.com/voice", "http://b.example.net/x?y=1&z=%20", "https://ü.example.org/é"])
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=64)
PREFIXES = {
    "voice_application_sid": "AP",
    "sms_application_sid": "AP",
    "trunk_sid": "TK",
    "bundle_sid": "BU",
    "identity_sid": "RI",
}
"""Addresses are left out: the service takes only those that the account has."""


def value(name: str) -> st.SearchStrategy[Any]:
    """What a sheet may have for a setting."""
    row = SETTINGS[name]
    if row.type is bool:
        return st.booleans()
    if row.choices:
        return st.sampled_from(row.choices)
    if name in PREFIXES:
        wanted: st.SearchStrategy[Any] = HEX.map(lambda digits: PREFIXES[name] + digits)
    else:
        wanted = NAMES.filter(lambda text: accepted(name, text)) if name == "friendly_name" else URLS
    return wanted | st.just("") if name in CLEARABLE else wanted


def accepted(name: str, text: str) -> bool:
    try:
        return bool(parse(name, text))
    except Invalid:
        return False


FIELDS = [
    *("friendly_name", "voice_url", "voice_method", "voice_fallback_url", "voice_caller_id_lookup", "status_callback"),
    *("sms_url", "sms_method", "voice_receive_mode", "voice_application_sid", "sms_application_sid", "trunk_sid"),
]
EXCLUSIVE = {"voice_application_sid", "trunk_sid"}


def rows(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """One number's wanted settings, of which not both of two that delete each other are given."""
    kept = [name for name in names if name != "trunk_sid"] if set(names) >= EXCLUSIVE else names
    return st.fixed_dictionaries({name: value(name) for name in kept})


SHEETS = st.lists(st.lists(st.sampled_from(FIELDS), min_size=1, unique=True).flatmap(rows), min_size=1, max_size=4)


@fewer_examples(4)
@given(SHEETS)
def test_apply_then_undo_is_the_identity(sheet: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder, at_home(Path(folder)):
        before = listed()
        asked = [{"sid": number["sid"], **wanted} for number, wanted in zip(before, sheet, strict=False)]
        path = Path(folder) / "sheet.json"
        path.write_text(json.dumps(asked), encoding="utf-8")
        code, results = run("apply", str(path), "--yes", "--json")
        assert code == 0
        now = {number["sid"]: number for number in listed()}
        for row in asked:
            assert {name: now[row["sid"]][name] or "" for name in row} == {name: row[name] or "" for name in row}
        changed = any(result["outcome"] == "changed" for result in results)
        code, _ = run("undo", "--yes", "--json")
        assert code == (0 if changed else 4)
        assert settings_only(listed()) == settings_only(before)


def settings_only(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The settings of each record; null and the empty string are the same."""
    return [{name: record.get(name) or None for name in (*SETTINGS, "sid")} for record in records]


def listed() -> list[dict[str, Any]]:
    code, found = run("list", "--json")
    assert code == 0
    return found


def run(*words: str) -> tuple[int, list[dict[str, Any]]]:
    """Run a command line on the sandbox in this process, and return its exit code and its JSON."""
    written = io.BytesIO()
    out = io.TextIOWrapper(written, encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(io.StringIO()), patch.object(sys, "argv", ["numctl", *words]):
        try:
            app([*words, "--sandbox"])
        except SystemExit as ended:
            code = int(ended.code or 0)
    out.flush()
    return code, json.loads(written.getvalue() or b"[]")


def at_home(folder: Path) -> Any:
    """Give one example folders of its own."""
    return patch.dict("os.environ", folders(folder / "home"))


COUNT = 20


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Watched]:
    path = tmp_path / "served" / "sandbox.sqlite3"
    load(path, many(COUNT))
    with watched(path) as service:
        yield service


@pytest.mark.parametrize("at", [1, COUNT])
def test_an_undo_that_was_killed_is_gone_on_with_and_then_the_run_before_is_undone(service: Watched, at: int) -> None:
    numbers = [record["phone_number"] for record in many(COUNT)]
    states = [settings_of(service.records())]
    for name in ("first", "second"):
        words = ("set", *numbers, "--voice-url", f"https://new.example.com/{name}", "--yes")
        assert service.numctl(*words).code == 0
        states.append(settings_of(service.records()))
    service.forget()
    undo = service.start("undo", "--yes")
    service.on_change = lambda count: undo.kill() if count == at else None
    assert ended(undo).code == -9
    service.on_change = lambda count: None
    for state in (states[1], states[0]):
        assert service.numctl("undo", "--yes").code == 0
        assert settings_of(service.records()) == state
    assert service.numctl("undo", "--yes").code == 4
