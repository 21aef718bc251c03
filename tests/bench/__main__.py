"""Run the benchmarks that are named, or all of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import __doc__ as about
from . import bulk, listing, plot, start, tables
from .report import show

PARTS = {
    "start": ("Start-up", start.measure),
    "list": ("Lists", listing.measure),
    "bulk": ("Many changes", bulk.measure),
    "tables": ("History, apply, audit", tables.measure),
}


def main() -> None:
    """Measure and print; draw the plot where one is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=about)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="small sizes and no bounds, to see that it runs")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw cost against size into an SVG")
    asked = parser.parse_args()
    for name in asked.parts or ([] if asked.plot else PARTS):
        title, measure = PARTS[name]
        show(title, measure(asked.quick), judged=not asked.quick)
    if asked.plot:
        sizes = (1000, 2000) if asked.quick else plot.SIZES
        asked.plot.write_text(plot.drawn(plot.measured(sizes, 1 if asked.quick else 3)), encoding="utf-8")


if __name__ == "__main__":
    main()
