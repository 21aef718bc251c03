"""Turn the lines of a sheet of any format into checked rows; errors are collected, not raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from numctl.model.ids import Invalid
from numctl.model.settings import SETTINGS
from numctl.sheets.columns import KEYS
from numctl.sheets.damage import damage_in
from numctl.sheets.identity import check_key, key_text
from numctl.sheets.row import Layout, Row, cell_address

_POOL_SIZE = 10_000
"""How many texts are kept for sharing: most cells of a large sheet repeat."""


@dataclass
class Gathering:
    """The rows of one sheet and its problems, as they are read; `only` picks settings."""

    name: str
    only: frozenset[str] | None = None
    problems: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    pool: dict[str, str] = field(default_factory=dict)

    def add(self, layout: Layout, line: int, record: int, keys: Mapping[str, str], values: Sequence[str]) -> None:
        """Add one row: the texts of its keys, and those of `layout.columns`."""
        checked = {name: self._key(layout, line, record, name, text) for name, text in keys.items()}
        sid, number, account, date = (checked.get(name) for name in KEYS)
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

    def _shared(self, values: Sequence[str]) -> tuple[str, ...]:
        """Reuse equal texts, to save memory."""
        if len(self.pool) >= _POOL_SIZE:
            self.pool.clear()
        return tuple([self.pool.setdefault(text, text) for text in values])
