"""Compare a sheet with the live records: what each row would change, and what is wrong with it.

A cell equal to how the live value would be written changes nothing, even if that value could not be set today: a name
of more than 64 characters, a URL of an odd form, a control character that no cell can hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from numctl.model.ids import Invalid
from numctl.model.number import Record, column
from numctl.model.routing import DELETES
from numctl.model.settings import SETTINGS, Wanted, parse, same
from numctl.sheets.booleans import boolean
from numctl.sheets.damage import damage_in, damaged_date
from numctl.sheets.garbled import garbled
from numctl.sheets.problems import Problems, SheetErrors
from numctl.sheets.row import Row, Sheet
from numctl.text.cells import as_cell, as_text, unguard
from numctl.wording import quoted

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?")
_JSON_KINDS = ("json", "jsonl")
_CELL_LENGTH = 32_767
"""The most characters in a spreadsheet cell; longer values were cut when they were written."""


def wanted_by_row(sheet: Sheet, lives: Iterable[Record | None]) -> list[Wanted]:
    """What each row changes, in the order of the rows; `lives` has the record of each, or None.

    A row without a record is checked completely. Raises SheetErrors that lists every value that cannot be set,
    every row whose sid and phone_number name two numbers, and every second row for one number.
    """
    problems = Problems(sheet.name)
    seen: dict[str, Row] = {}
    wanted = []
    for row, live in zip(sheet.rows, lives, strict=True):
        changes, faults = _compare(row, live)
        problems.extend([*_identity_faults(row, live, seen), *faults])
        wanted.append(changes)
    if problems:
        raise SheetErrors(sheet.name, problems)
    return wanted


def wanted_for(row: Row, live: Record | None) -> Wanted:
    """What one row changes; raises SheetErrors that lists its values that cannot be set."""
    changes, faults = _compare(row, live)
    if faults:
        raise SheetErrors(row.layout.name, faults)
    return changes


def value_faults(rows: Iterable[Row]) -> Iterator[str]:
    """Errors in values, for a sheet whose form is already wrong, so without live records.

    Rows with undecodable bytes are left out: they are already reported.
    """
    readable = (row for row in rows if not any(map(_HALF_CHARACTER.search, row.values)))
    return (fault for row in readable for fault in _compare(row, None)[1])


def _compare(row: Row, live: Record | None) -> tuple[Wanted, list[str]]:
    """The settings in which a row differs from the live record, and what is wrong with them."""
    wanted: Wanted = {}
    faults = []
    cells = row.cells
    for name, text in cells.items():
        if live is not None and _unchanged(row, name, text, live.get(name)):
            continue
        try:
            _refuse_garbled(row, name, text, live)
            value = _value_of(row, name, text)
        except Invalid as error:
            faults.append(f"{row.at(name)}: {error.message}")
            continue
        if value is not None and not (live is not None and same(live.get(name), value)):
            wanted[name] = value
    return wanted, faults + _conflicts(row, cells, wanted)


def _conflicts(row: Row, cells: Mapping[str, str], wanted: Wanted) -> list[str]:
    """Refuse two settings of which the service deletes one for the other.

    Such a row never settles: each time that it is applied, what it set last is deleted again.
    """
    changing = next((name for name in DELETES if wanted.get(name)), None)
    if changing is None or not all(_plain(name, cells.get(name, ""), row.layout.kind) for name in DELETES):
        return []
    return [f"{row.at(changing)}: {' and '.join(DELETES)} delete each other: empty one of the two cells"]


def _unchanged(row: Row, name: str, text: str, live: Any) -> bool:
    """Whether a cell equals how the live value would be written."""
    if (text == "" and live is None) or (text == live and not text.startswith("'")):
        return True
    if row.layout.kind in _JSON_KINDS:
        return not isinstance(live, bool) and same(live, text)
    if isinstance(live, bool):
        return boolean(_content(name, text)) is live
    return _plain(name, text, row.layout.kind) == _plain(name, _written(live, row.layout.kind), row.layout.kind)


def _written(live: Any, kind: str) -> str:
    """A live value as a sheet of this kind has it."""
    if kind in _JSON_KINDS:
        return as_text(live)
    return as_cell(live)[:_CELL_LENGTH] if kind == "xlsx" else as_cell(live)


def _plain(name: str, text: str, kind: str) -> str:
    """Undo what a spreadsheet may change: the guard, and the kind of line end."""
    if kind in _JSON_KINDS:
        return text
    text = _content(name, text)
    if kind == "xlsx":
        # A program that reads and saves with openpyxl drops one kind of escape, and keeps the other.
        while "x005F_" in text:
            text = text.replace("x005F_", "")
        text = text.replace("_x000D_", "\r")
    return _LINE_ENDS.sub("\n", text)


def _content(name: str, text: str) -> str:
    """The cell without the guard and, except in a name, without a leading `'`."""
    bare = unguard(text)
    return bare if name == "friendly_name" else bare.removeprefix("'")


def _refuse_garbled(row: Row, name: str, text: str, live: Record | None) -> None:
    """Raise Invalid if a cell has the live value with damaged characters, which nobody means to send."""
    value = live.get(name) if live else None
    if not isinstance(value, str):
        return
    kind = row.layout.kind
    if why := garbled(_plain(name, text, kind), _plain(name, _written(value, kind), kind)):
        raise Invalid(why)


def _value_of(row: Row, name: str, text: str) -> str | bool | None:
    """The value that a cell sets, None if it is empty and cannot clear."""
    if row.layout.kind not in _JSON_KINDS:
        text = _content(name, text)
        if why := damage_in(text) or (damaged_date(text) if name == "api_version" else None):
            raise Invalid(why)
        if SETTINGS[name].type is bool and (value := boolean(text)) is not None:
            return value
    if _HALF_CHARACTER.search(text):
        raise Invalid(f"{quoted(text)} has half a character (a lone surrogate), which cannot be sent")
    if text == "":
        return "" if SETTINGS[name].clearable else None
    return _parsed(name, text)


@lru_cache(maxsize=4096)
def _parsed(name: str, text: str) -> str | bool:
    """Cached, because most sheets set the same few values over and over."""
    return parse(name, text)


def _identity_faults(row: Row, live: Record | None, seen: dict[str, Row]) -> list[str]:
    """What is wrong with a row's sid and phone_number, given its record."""
    if live is None:
        return []
    number, sid = str(live.get("phone_number")), str(live.get("sid"))
    if row.sid is not None and row.phone_number is not None and (row.sid, row.phone_number) != (sid, number):
        return [f"{row.place}: {row.sid} and {row.phone_number} are two different numbers: {sid} is {number}"]
    first = seen.setdefault(sid, row)
    return [] if first is row else [f"{row.place}: a second row for {number}, the first is {first.place}"]


def read_only_differences(row: Row, live: Record) -> list[tuple[str, str, str]]:
    """List (column, sheet's text, live text) for each read-only column that differs.

    The date of the last update is left out: it shows how old the sheet is, and differs after every change.
    """
    texts = dict(row.read_only)
    if row.account_sid is not None:
        texts["account_sid"] = row.account_sid
    found = []
    kind = row.layout.kind
    for name, text in texts.items():
        value = column(live, name)
        if isinstance(value, bool) and kind not in _JSON_KINDS and boolean(_content(name, text)) is value:
            continue
        live_text = _written(value, kind)
        if _plain(name, text, kind) != _plain(name, live_text, kind) and text.lower() != live_text.lower():
            found.append((name, _plain(name, text, kind), _plain(name, live_text, kind)))
    return found
