"""A journal that keeps its entries in memory."""

from __future__ import annotations

from numctl.changes.change import Change, Result


class Diary:
    """Stands in for the journal, and keeps the order of things."""

    def __init__(self) -> None:
        self.begun: list[Change] = []
        self.ended: list[tuple[int, Result]] = []

    def begin(self, change: Change) -> int:
        self.begun.append(change)
        return len(self.begun)

    def end(self, entry: int, result: Result) -> None:
        self.ended.append((entry, result))

    @property
    def outcomes(self) -> list[tuple[int, str]]:
        return [(entry, result.outcome) for entry, result in self.ended]
