"""How many changes a second: beside the ideal, and against a service that allows only so many at a time."""

from __future__ import annotations

from collections.abc import Iterator

from .report import Line
from .server import record
from .serving import Served, serving
from .timing import NUMCTL, Cost, run

WORKERS = 8
SET = (*NUMCTL, "set", "-", "--voice-url", "https://new.example.com/answer", "--yes", "-q")
APPLY = (*NUMCTL, "apply", "-", "--yes", "-q")


def numbers(count: int) -> bytes:
    """The numbers as `set -` reads them."""
    return "".join(f"{record(index)['phone_number']}\n" for index in range(count)).encode()


def sheet(count: int) -> bytes:
    """The sheet that sets the same."""
    rows = (f"{record(index)['phone_number']},https://new.example.com/answer\n" for index in range(count))
    return ("phone_number,voice_url\n" + "".join(rows)).encode()


def measure(quick: bool) -> Iterator[Line]:
    """Yield throughputs as a part of the ideal, the share of 429s, and the CPU of one change."""
    count, latency = (100, 0.02) if quick else (1000, 0.1)
    ideal = latency * count / WORKERS
    for name, command, stdin in (("set", SET, numbers(count)), ("apply", APPLY, sheet(count))):
        with serving(count, latency) as served:
            base = run((*NUMCTL, "list", "-q"), served.environ)
            cost = changing(served, command, stdin)
            seen = served.counts()
        yield Line(f"{name} of {count:,} at {latency:g} s, 8 workers", ideal / seen["seconds"], "of ideal", least=0.95)
        yield Line("  with the program's start and its look-ups", ideal / cost.wall, "of ideal")
        yield Line("  CPU of one change, history included", (cost.cpu - base.cpu) / count * 1000, "ms", most=1.2)
    for limit in (1, 2, 4, 16):
        yield from against(limit, count, latency)


def against(limit: int, count: int, latency: float) -> Iterator[Line]:
    """Yield how a limit that is not known beforehand is found out."""
    workers = max(limit, WORKERS)
    with serving(count, latency, limit) as served:
        changing(served, (*SET, "--concurrency", str(workers)), numbers(count))
        seen = served.counts()
    reached = latency * count / limit / seen["seconds"]
    yield Line(f"set against a limit of {limit}, {workers} workers", reached, "of ideal", least=0.9)
    yield Line(f"  answered with 429 at a limit of {limit}", 100 * seen["refused"] / seen["changes"], "%", most=5)


def changing(served: Served, command: tuple[str, ...], stdin: bytes) -> Cost:
    """Run a change whose number of requests makes its timeout long."""
    return run((*command, "--timeout", "600"), served.environ, stdin)
