"""Read a sheet: recognise its format, take it apart, and report all that is wrong with its form."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from numctl.errors import UsageError
from numctl.sheets.builder import Gathering
from numctl.sheets.columns import check_only, check_only_is_there
from numctl.sheets.compare import value_faults
from numctl.sheets.csv_rows import read_csv
from numctl.sheets.decoding import Rewound, text_of
from numctl.sheets.json_rows import read_json
from numctl.sheets.problems import SheetErrors
from numctl.sheets.row import Kind, Sheet
from numctl.sheets.xlsx_rows import read_xlsx
from numctl.system.files import reason

_BY_ENDING: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
_FOREIGN = (".xls", ".xlsb", ".ods", ".numbers", ".pdf")
_HEAD = 4096
ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PACKED_LIMIT = 256 * 1024 * 1024


def read(source: Path | BinaryIO, *, only: frozenset[str] | None = None, name: str) -> Sheet:
    """Read a sheet from a file or a stream; `name` stands for it in messages, its ending tells the format.

    `only` picks settings; every other column except the keys is then ignored, known or not. Values are checked
    later by `wanted_by_row`, since a value that cannot be set today may still be the live one. Raises SheetErrors
    that lists all that is wrong with the sheet's form, and UsageError if it cannot be read, or if `only` names a
    column that is missing.
    """
    check_only(only)
    try:
        return whole(source, only, name)
    except MemoryError:
        pass  # raised below, after what was read is freed
    raise SheetErrors(name, ["too large for this machine's memory"])


def whole(source: Path | BinaryIO, only: frozenset[str] | None, name: str) -> Sheet:
    """Read a sheet as `read` does, if memory suffices."""
    gathering = Gathering(name, only)
    try:
        with _opened(source) as binary:
            kind, columns = _rows_into(gathering, binary)
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {reason(error)}", hint="nothing was sent") from error
    if gathering.problems:
        gathering.problems.extend(value_faults(gathering.rows))
        raise SheetErrors(name, gathering.problems)
    if gathering.rows:
        check_only_is_there(only, columns, name)
    undated = sum(not row.date_updated for row in gathering.rows)
    return Sheet(name, kind, columns, gathering.rows, undated)


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    if not isinstance(source, Path):
        yield source
        return
    with source.open("rb") as file:
        yield file


def _rows_into(gathering: Gathering, binary: BinaryIO) -> tuple[Kind, tuple[str, ...]]:
    head = _head_of(binary)
    kind = _kind_of(gathering.name, head)
    if kind == "xlsx":
        return kind, read_xlsx(_packed(binary, head, gathering.name), gathering)
    text = text_of(binary, head)
    if kind == "csv":
        return kind, read_csv(text, gathering)
    return read_json(text, gathering, array=_opening(head) == "[", by_line=kind == "jsonl")


def _head_of(binary: BinaryIO) -> bytes:
    """The first 4 KiB, or all of a shorter stream; a pipe delivers them bit by bit."""
    head = b""
    while len(head) < _HEAD and (piece := binary.read(_HEAD - len(head))):
        head += piece
    return head


def _kind_of(name: str, head: bytes) -> Kind:
    """The format by the name's ending, else by the content; raises SheetErrors if they disagree."""
    ending = Path(name).suffix.lower()
    if ending in _FOREIGN or head.startswith(COMPOUND):
        raise SheetErrors(
            name, ["not a format that numctl reads, or protected by a password: save it as .xlsx or .csv"]
        )
    kind = _BY_ENDING.get(ending)
    if kind is None:
        return "xlsx" if head.startswith(ZIP) else "json" if _opening(head) in ("[", "{") else "csv"
    if kind != "xlsx" and head.startswith(ZIP):
        raise SheetErrors(name, [f"an XLSX file by its content, and {ending} by its name: rename it"])
    return kind


def _opening(head: bytes) -> str:
    """The first character that is not blank, or empty; the bytes may not be text."""
    return text_of(io.BytesIO(), head).read().lstrip()[:1]


def _packed(binary: BinaryIO, head: bytes, name: str) -> BinaryIO:
    """An XLSX file that can be sought in: the file itself, or a copy of a stream in memory."""
    if binary.seekable():
        binary.seek(-len(head), io.SEEK_CUR)
        return binary
    whole = io.BufferedReader(Rewound(head, binary)).read(_PACKED_LIMIT + 1)
    if len(whole) > _PACKED_LIMIT:
        raise SheetErrors(name, [f"more than {_PACKED_LIMIT:,} bytes"])
    return io.BytesIO(whole)
