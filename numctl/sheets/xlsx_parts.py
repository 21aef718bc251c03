"""What openpyxl does not tell about an XLSX file: its size, its merged cells, its formulas without a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from zipfile import ZipFile

from numctl.sheets.row import letters

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SHEETS_LIMIT = 1024 * 1024 * 1024
"""The most bytes of unpacked worksheets, which are read as a stream: 100,000 full rows have 300 MB."""

BOOK, SHEETS, TEXTS = "xl/workbook.xml", "xl/worksheets/", "xl/sharedStrings.xml"
STRICT, HEAD = b"purl.oclc.org/ooxml/spreadsheetml/main", 4096
"""The namespace of Strict Open XML, which openpyxl does not read, and how far into a part to look for it."""
TEXTS_SIZE, TEXTS_LIMIT = 128 * 1024 * 1024, 2_000_000
"""Bytes and number of the texts that cells share: openpyxl holds them in memory."""

_PART_LIMIT = 16 * 1024 * 1024
"""The most unpacked bytes of any other part, such as the styles."""

_PICTURES = "xl/media/"
"""Where pictures are; they are not unpacked."""

_PARTS_LIMIT = 10_000
_CELLS_LIMIT = 2 * 16_384
"""Tags in a row that may look like cells; it has at most 16,384 of them. openpyxl holds a row in memory."""

_RECALCULATES = re.compile(rb"<(?:\w+:)?calcPr\s[^<>]*\bfullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")
_WORTH_A_LOOK = re.compile(rb"<(?:\w+:)?(?:f[\s/>]|mergeCell\s)")
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Marks:
    """Cells that are not what they seem: formulas without a stored value, empty cells covered by a merged one."""

    bare: frozenset[str]
    merged: tuple[tuple[str, tuple[int, int, int, int]], ...]

    def __bool__(self) -> bool:
        return bool(self.bare or self.merged)

    def on(self, position: int, row: int, *, empty: bool) -> str | None:
        """Why a cell (position from 0, row from 1) cannot be used as it is, or None."""
        if f"{letters(position)}{row}" in self.bare:
            return "a formula without a stored value: open the sheet in a spreadsheet and save it again"
        for area, (left, top, right, bottom) in self.merged if empty else ():
            if left <= position + 1 <= right and top <= row <= bottom:
                return f"covered by the merged cells {area}: unmerge them"
        return None


def too_large(archive: ZipFile) -> str | None:
    """Why a file must not be unpacked, or None; the size that a part declares bounds what is read."""
    sizes = {part.filename: part.file_size for part in archive.infolist()}
    texts = sizes.pop(TEXTS, 0)
    sheets = sum(size for name, size in sizes.items() if name.startswith(SHEETS))
    rest = max((size for name, size in sizes.items() if not name.startswith((SHEETS, _PICTURES))), default=0)
    if sheets > SHEETS_LIMIT or texts > TEXTS_SIZE or rest > _PART_LIMIT or len(sizes) > _PARTS_LIMIT:
        return f"it is too large when unpacked: at most {SHEETS_LIMIT:,} bytes of worksheets"
    if texts and _count_of(b"<si", archive, TEXTS) > TEXTS_LIMIT:
        return f"more than {TEXTS_LIMIT:,} different texts: save the sheet as CSV"
    if any(_endless_row(archive, name) for name in sizes if name.startswith(SHEETS) and name.endswith(".xml")):
        return "a row has more cells than a spreadsheet has columns"
    return None


def is_strict(archive: ZipFile) -> bool:
    """Whether the workbook, or any part of it with cells, is Strict Open XML (ISO/IEC 29500-1, A.2)."""
    parts = [name for name in archive.namelist() if name in (BOOK, TEXTS) or name.startswith(SHEETS)]
    for part in parts:
        with archive.open(part) as stream:
            if STRICT in _without_nuls(stream.read(HEAD)):
                return True
    return False


def _without_nuls(text: bytes) -> bytes:
    """The ASCII of a part that may be UTF-16."""
    return text.replace(b"\0", b"")


def _count_of(tag: bytes, archive: ZipFile, part: str) -> int:
    """Misses a tag that two pieces cut in two."""
    with archive.open(part) as stream:
        return sum(piece.count(tag) for piece in iter(lambda: stream.read(_PIECE), b""))


def _endless_row(archive: ZipFile, part: str) -> bool:
    cells = 0
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            row = piece.rfind(b"<row")
            cells = (cells if row < 0 else 0) + piece.count(b"<c", max(row, 0))
            if cells > _CELLS_LIMIT:
                return True
    return False


def _recalculates(archive: ZipFile) -> bool:
    """Whether the workbook asks to be recalculated when it is opened.

    openpyxl says so of every workbook that has calculation properties.
    """
    return BOOK in archive.namelist() and _RECALCULATES.search(_without_nuls(archive.read(BOOK))) is not None


def marks(archive: ZipFile, part: str) -> Marks:
    """The marks of one worksheet, which is parsed only if a quick look finds a reason to."""
    with archive.open(part) as stream:
        if not any(_WORTH_A_LOOK.search(piece) for piece in _overlapping(stream)):
            return Marks(frozenset(), ())
    with archive.open(part) as stream:
        return _parsed(_elements(stream), placeholders=_recalculates(archive))


def _overlapping(stream: IO[bytes]) -> Iterator[bytes]:
    """Pieces that each begin with the end of the one before; of UTF-16, its ASCII."""
    tail = b""
    while piece := stream.read(_PIECE):
        piece = _without_nuls(piece)
        yield tail + piece
        tail = piece[-64:]


def _elements(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Yield (name without namespace, element) at each element's end and each row's start; free rows seen."""
    from xml.etree.ElementTree import iterparse

    for event, element in iterparse(stream, ("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "end" or name == "row":
            yield ("row begins" if event == "start" else name), element
        if event == "end" and name == "row":
            element.clear()


def _parsed(found: Iterable[tuple[str, Element]], *, placeholders: bool) -> Marks:
    """A row or a cell without a place of its own is the next one."""
    from openpyxl.utils import column_index_from_string, range_boundaries

    bare: set[str] = set()
    merged = []
    row = column = 0
    for name, element in found:
        if name == "row begins":
            row, column = int(element.get("r", row + 1)), 0
        elif name == "c":
            place = element.get("r", "").rstrip("0123456789")
            column = column_index_from_string(place) if place else column + 1
            if _is_bare(element, placeholders):
                bare.add(f"{letters(column - 1)}{row}")
        elif name == "mergeCell":
            area = element.get("ref", "")
            left, top, right, bottom = (bound or 0 for bound in range_boundaries(area))
            merged.append((area, (left, top, right, bottom)))
    return Marks(frozenset(bare), tuple(merged))


def _is_bare(cell: Element, placeholders: bool) -> bool:
    """Whether a cell has a formula and no stored value; the type shows a stored empty text.

    `placeholders` says that 0 and the empty text may stand for a value that was never calculated.
    """
    parts = {child.tag.rpartition("}")[2]: child.text for child in cell}
    if "f" not in parts:
        return False
    value = parts.get("v") or ""
    return value in ("", "0") if placeholders else value == "" and cell.get("t") != "str"
