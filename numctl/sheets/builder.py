"""Turn the lines of a sheet of any format into checked rows; errors are collected, not raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sys import getsizeof

from numctl.model.ids import Invalid
from numctl.model.settings import SETTINGS
from numctl.sheets.columns import KEYS
from numctl.sheets.damage import damage_in
from numctl.sheets.identity import check_key, key_text
from numctl.sheets.problems import Problems, SheetErrors
from numctl.sheets.row import Layout, Row, cell_address

_POOL_SIZE = 10_000
"""The most texts to keep for reuse: most cells of a large sheet repeat."""

MEMORY_LIMIT = 256 * 1024 * 1024
"""Bytes that all rows may take, about: 100,000 full rows take 150 MB."""

_ROW_SIZE = 600
"""Bytes that a row takes beside its texts, about."""


@dataclass
class Gathering:
    """The rows of one sheet and its problems, as they are read; `only` picks settings."""

    name: str
    only: frozenset[str] | None = None
    problems: Problems = field(init=False)
    rows: list[Row] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    pool: dict[str, str] = field(default_factory=dict)
    room: int = field(init=False)

    def __post_init__(self) -> None:
        self.problems, self.room = Problems(self.name), MEMORY_LIMIT

    def add(self, layout: Layout, line: int, record: int, keys: Mapping[str, str], values: Sequence[str]) -> None:
        """Add one row: the texts of its keys, and those of `layout.columns`."""
        checked = {name: self._key(layout, line, record, name, text) for name, text in keys.items()}
        sid, number, account, date = (checked.get(name) for name in KEYS)
        self._weigh(values)
        row = Row(layout, line, record, sid, number, account, date, self._shared(values))
        names = [text for name, text in keys.items() if name in ("sid", "phone_number")]
        if names and not any(map(key_text, names)):
            self.problems.append(f"{row.place}: neither a sid nor a phone_number")
        self._refuse_twins(row)
        self._refuse_damaged(row)
        self.rows.append(row)

    def _key(self, layout: Layout, line: int, record: int, name: str, text: str) -> str | None:
        try:
            return check_key(name, text)
        except Invalid as error:
            self.problems.append(f"{cell_address(layout, name, line, record)}: {error.message}")
            return None

    def _refuse_twins(self, row: Row) -> None:
        names = [name for name in (row.phone_number, row.sid) if name is not None]
        known = [name for name in names if name in self.seen]
        if known:
            first = self.rows[self.seen[known[0]]]
            self.problems.append(f"{row.place}: a second row for {known[0]}, the first is {first.place}")
        for name in names:
            self.seen.setdefault(name, len(self.rows))

    def _refuse_damaged(self, row: Row) -> None:
        """Refuse an error value in a read-only column; in a setting it may be the live value."""
        if row.layout.kind not in ("csv", "xlsx"):
            return
        for name, text in zip(row.layout.columns, row.values, strict=True):
            if text.startswith(("#", "Err:")) and name not in SETTINGS and (why := damage_in(text)):
                self.problems.append(f"{row.at(name)}: {why}")

    def _weigh(self, values: Sequence[str]) -> None:
        self.room -= _ROW_SIZE + sum(getsizeof(text) for text in values if text not in self.pool)
        if self.room < 0:
            raise SheetErrors(self.name, ["too large to be read at once: split the sheet"])

    def _shared(self, values: Sequence[str]) -> tuple[str, ...]:
        """Reuse equal texts, to save memory."""
        if len(self.pool) >= _POOL_SIZE:
            self.pool.clear()
        return tuple([self.pool.setdefault(text, text) for text in values])
