"""Bare keys, one per line: what `numctl list -q | numctl set -` passes on."""

from __future__ import annotations

from collections.abc import Iterable

from numctl.output.columns import Row
from numctl.output.shape import Shape
from numctl.text.cells import as_text
from numctl.text.stdout import Out
from numctl.text.terminal import clean


class QuietWriter:
    """Write the key of each row that has one."""

    def __init__(self, shape: Shape, out: Out) -> None:
        self._shape = shape
        self._out = out
        self._seen: set[str] = set()

    def write(self, rows: Iterable[Row]) -> None:
        """Write a page of keys."""
        name = self._shape.key
        keys = [clean(as_text(row.get(name))) for row in rows]
        lines = [key + "\n" for key in (self._new(keys) if self._shape.once else keys) if key]
        self._out.write("".join(lines).encode("utf-8"))
        self._out.flush()

    def finish(self) -> None:
        """Do nothing."""
        self._out.flush()

    def _new(self, keys: list[str]) -> list[str]:
        fresh = [key for key in dict.fromkeys(keys) if key not in self._seen]
        self._seen.update(fresh)
        return fresh
