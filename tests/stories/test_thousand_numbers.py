"""A thousand numbers: exported, half of them edited, applied, interrupted, finished, and put back."""

from __future__ import annotations

import csv
import io
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from numctl.sandbox.state import load
from tests.cli.program import Ended

from .watched import Watched, ended, many, settings_of, watched

COUNT = 1000
OLD, NEW = "https://old.example.com/", "https://new.example.com/"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Watched]:
    path = tmp_path / "served" / "sandbox.sqlite3"
    load(path, many(COUNT))
    with watched(path) as service:
        yield service


def edited(sheet: str) -> str:
    """The sheet with the webhook of every second row moved, as a short script would do it."""
    rows = list(csv.DictReader(io.StringIO(sheet)))
    for row in rows[::2]:
        row["voice_url"] = row["voice_url"].replace(OLD, NEW)
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def moved(service: Watched) -> int:
    return sum(record["voice_url"].startswith(NEW) for record in service.records())


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_half_of_a_thousand_numbers_are_changed_interrupted_finished_and_put_back(
    service: Watched, tmp_path: Path
) -> None:
    before = settings_of(service.records())
    sheet = tmp_path / "numbers.csv"
    sheet.write_text(edited(service.numctl("list", "--csv").out), encoding="utf-8")
    service.forget()

    first = interrupted_at(service, 250, "apply", str(sheet), "--yes", "--json")
    assert first.code == 130
    outcomes = Counter(result["outcome"] for result in first.json)
    assert sum(outcomes.values()) == COUNT
    assert set(outcomes) <= {"changed", "unchanged", "skipped"}
    assert (outcomes["unchanged"], outcomes["changed"] + outcomes["skipped"]) == (500, 500)
    assert outcomes["skipped"] > 0
    assert outcomes["changed"] == len(service.changes) == moved(service) >= 250

    done = {path for _, path in service.changes}
    service.forget()
    second = service.numctl("apply", str(sheet), "--yes", "--json")
    assert second.code == 0
    assert Counter(result["outcome"] for result in second.json) == {
        "changed": 500 - len(done),
        "unchanged": 500 + len(done),
    }
    assert len(service.changes) == 500 - len(done)
    assert {method for method, _ in service.changes} == {"POST"}
    assert done.isdisjoint(path for _, path in service.changes)
    assert moved(service) == 500

    service.forget()
    undone = [service.numctl("undo", "--yes", "--json") for _ in range(2)]
    assert [one.code for one in undone] == [0, 0]
    assert [len(one.json) for one in undone] == [500 - len(done), len(done)]
    assert len(service.changes) == 500
    assert settings_of(service.records()) == before


def test_an_uninterrupted_run_sends_500_updates_and_no_other_change(service: Watched, tmp_path: Path) -> None:
    sheet = tmp_path / "numbers.csv"
    sheet.write_text(edited(service.numctl("list", "--csv").out), encoding="utf-8")
    service.forget()
    run = service.numctl("apply", str(sheet), "--yes", "-q")
    assert (run.code, len(run.out.split())) == (0, COUNT)
    assert len(set(service.changes)) == len(service.changes) == 500
    assert Counter(method for method, _ in service.requests) == {"POST": 500, "GET": len(service.requests) - 500}
    assert len(service.requests) - 500 <= 3


def interrupted_at(service: Watched, count: int, *words: str) -> Ended:
    """Run numctl and interrupt it when so many changes have arrived."""
    process = service.start(*words)

    def interrupt(arrived: int) -> None:
        if arrived == count:
            process.send_signal(signal.SIGINT)

    service.on_change = interrupt
    try:
        return ended(process)
    finally:
        service.on_change = lambda arrived: None
