"""Print what was measured beside what it is to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One figure, its unit, and the bound that it is held against: `most` or `least`, or none."""

    what: str
    figure: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the bound is kept."""
        if self.most is None and self.least is None:
            return ""
        kept = (self.most is None or self.figure <= self.most) and (self.least is None or self.figure >= self.least)
        return "met" if kept else "MISSED"

    @property
    def bound(self) -> str:
        """The bound as it is said."""
        return f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}" if self.least is not None else ""


def show(title: str, lines: Iterable[Line], *, judged: bool) -> None:
    """Print one table; without the bounds where the sizes are too small for them to mean anything."""
    print(f"\n{title}")
    for line in lines:
        bound = f"{line.bound:<8} {line.verdict}" if judged else ""
        print(f"  {line.what:<58} {line.figure:>9.2f} {line.unit:<12} {bound}".rstrip(), flush=True)
