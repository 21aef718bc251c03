"""Time commands as whole processes: CPU of a process and its children, wall clock, and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

PASS = (sys.executable, "-c", "pass")
NUMCTL = (os.path.join(os.path.dirname(sys.executable), "numctl"),)


@dataclass(frozen=True)
class Cost:
    """What one command cost: seconds of CPU, seconds on the clock, peak memory in MB."""

    cpu: float
    wall: float
    peak: float


def run(command: Sequence[str], environ: Mapping[str, str], stdin: bytes = b"") -> Cost:
    """Run a command with its output thrown away, and return what it cost; raises RuntimeError if it fails."""
    started = time.monotonic()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, env=environ)
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 10):
        raise RuntimeError(f"{' '.join(command)[:200]}: exit {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss / 1024)


def taking_turns(commands: Mapping[str, Sequence[str]], environ: Mapping[str, str], rounds: int) -> dict[str, Cost]:
    """Run each command once in every round, and return the medians by name; the first round warms up."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            cost = run(command, environ)
            if turn:
                costs[name].append(cost)
    return {name: middle(found) for name, found in costs.items()}


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        median(cost.cpu for cost in costs), median(cost.wall for cost in costs), median(cost.peak for cost in costs)
    )
