"""A process that is killed in the middle of a run: the history has every change that was sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from numctl.sandbox.state import load

from .watched import Watched, ended, many, watched

COUNT = 40
NEW = "https://new.example.com/voice"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Watched]:
    path = tmp_path / "served" / "sandbox.sqlite3"
    load(path, many(COUNT))
    with watched(path) as service:
        yield service


@pytest.mark.parametrize("at", [1, 9, 40])
def test_a_kill_loses_no_change_from_the_history(service: Watched, at: int) -> None:
    numbers = [record["phone_number"] for record in many(COUNT)]
    kill_at(service, at, "set", *numbers, "--voice-url", NEW, "--yes")
    sent = {path.rpartition("/")[2].removesuffix(".json") for _, path in service.changes}
    assert len(sent) >= at

    (run,) = service.numctl("history", "--json").json
    recorded = service.numctl("history", run["id"], "--json").json
    assert sent <= {change["sid"] for change in recorded}
    assert {change["outcome"] for change in recorded} <= {"changed", "unknown"}
    changed = {record["sid"] for record in service.records() if record["voice_url"] == NEW}
    assert {change["sid"] for change in recorded if change["outcome"] == "changed"} <= changed
    assert run["outcome"] == "unknown"


def test_the_next_run_after_a_kill_finishes_the_rest_and_is_undone_with_the_first(service: Watched) -> None:
    numbers = [record["phone_number"] for record in many(COUNT)]
    before = {record["sid"]: record["voice_url"] for record in service.records()}
    kill_at(service, 15, "set", *numbers, "--voice-url", NEW, "--yes")
    done = sum(record["voice_url"] == NEW for record in service.records())
    service.forget()
    again = service.numctl("set", *numbers, "--voice-url", NEW, "--yes", "--json")
    assert (again.code, len(service.changes)) == (0, COUNT - done)
    assert [service.numctl("undo", "--yes").code for _ in range(2)] == [0, 0]
    assert {record["sid"]: record["voice_url"] for record in service.records()} == before


def kill_at(service: Watched, count: int, *words: str) -> None:
    """Run numctl and kill it, with no chance to tidy up, when so many changes have arrived."""
    process = service.start(*words)

    def kill(arrived: int) -> None:
        if arrived == count:
            process.kill()

    service.on_change = kill
    assert ended(process).code == -9
    service.on_change = lambda arrived: None
