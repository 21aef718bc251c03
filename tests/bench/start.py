"""How soon a command is there, beside an empty Python."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator

from .report import Line
from .serving import environment, serving
from .timing import NUMCTL, PASS, taking_turns


def measure(quick: bool) -> Iterator[Line]:
    """Yield the CPU time of each start, as a multiple of `python -c pass`."""
    rounds = 3 if quick else 15
    with serving(50) as served:
        commands = {
            "pass": PASS,
            "numctl --version": (*NUMCTL, "--version"),
            "numctl --help": (*NUMCTL, "--help"),
            "numctl set --help": (*NUMCTL, "set", "--help"),
            "numctl list --json, 50 numbers": (*NUMCTL, "list", "--json"),
        }
        cost = taking_turns(commands, served.environ, rounds)
        bounds = {"numctl --version": 2.0, "numctl --help": 6, "numctl set --help": 13}
        base = cost.pop("pass").cpu
        yield Line("python -c pass", base * 1000, "ms")
        for name, found in cost.items():
            yield Line(name, found.cpu / base, "× pass", most=bounds.get(name, 13))
        yield from beside_the_official(cost["numctl list --json, 50 numbers"].cpu, rounds)


def beside_the_official(ours: float, rounds: int) -> Iterator[Line]:
    """Yield how `list` compares with the start alone of the official command line, where that is installed."""
    official = shutil.which("twilio")
    if official:
        with tempfile.TemporaryDirectory() as folder:
            theirs = taking_turns({"twilio": (official, "--version")}, environment(folder), rounds)["twilio"].cpu
        yield Line("list --json of 50 numbers", ours / theirs, "× twilio-cli", most=0.18)
