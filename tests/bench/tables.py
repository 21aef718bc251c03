"""History, apply and audit on many rows."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from .report import Line
from .server import record
from .serving import Served, serving
from .timing import NUMCTL, Cost, run

FILL = """
import sys
from datetime import UTC, datetime, timedelta
from numctl.history.file import history_path
from numctl.history.journal import Journal, RunInfo
from tests.bench.server import record
journal = Journal.open(history_path(), now=lambda: datetime.now(UTC) - timedelta(hours=1))
NEW = {"voice_url": "https://new.example.com/"}
for start in range(0, int(sys.argv[1]), 1000):
    run = journal.start(RunInfo(profile="environment", account_sid="AC" + "1" * 32, verb="set", command="numctl set -"))
    for index in range(start, start + 1000):
        live = record(index)
        known = {name: live[name] for name in ("phone_number", "sid", "account_sid")}
        entry = journal.begin(run, **known, operation="set", before=live, wanted=NEW)
        journal.end(entry, outcome="changed", sid=live["sid"], after={**live, **NEW}, error=None)
journal.close()
"""


def sheet(count: int) -> bytes:
    """A sheet in which nothing differs."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = ("sid", "phone_number", "friendly_name", "voice_url", "sms_url")
    writer.writerow(names)
    writer.writerows([[row[name] for name in names] for row in map(record, range(count))])
    return out.getvalue().encode()


def measure(quick: bool) -> Iterator[Line]:
    """Yield the CPU of a row between two sizes, which shows whether it grows, and the memory at the larger."""
    small, large = (200, 600) if quick else (10_000, 100_000)
    found = {count: at(count) for count in (small, large)}
    for name in found[large]:
        few, many = found[small][name], found[large][name]
        yield Line(f"{name}, a row at {large:,}", (many.cpu - few.cpu) / (large - small) * 1e6, "µs")
        yield Line(
            f"  the whole beside {large // small} × that of {small:,}",
            many.cpu / few.cpu / (large / small),
            "×",
            most=1.1,
        )
        yield Line(f"  peak memory of {name}", many.peak, "MB", most=300)


def at(count: int) -> dict[str, Cost]:
    """What each verb costs with so many rows."""
    with serving(count) as served:
        fill(served, count)
        return {
            "audit --json": run((*NUMCTL, "audit", "--json"), served.environ),
            "apply --dry-run --json": run((*NUMCTL, "apply", "-", "--dry-run", "-q"), served.environ, sheet(count)),
            "history --json": run((*NUMCTL, "history", "--json"), served.environ),
            "history --number": run((*NUMCTL, "history", "--number", "+14152000000"), served.environ),
        }


def fill(served: Served, count: int) -> None:
    """Write a history of so many changes, in runs of a thousand."""
    root = Path(__file__).resolve().parents[2]
    run((sys.executable, "-c", FILL, str(count)), {**served.environ, "PYTHONPATH": os.fspath(root)})
