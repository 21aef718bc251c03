"""What an XLSX file is made of, beside what openpyxl tells: its size, its merged cells, its bare formulas."""

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
"""Bytes that the worksheets may have unpacked, read as a stream: 100,000 full rows have 300 MB."""

BOOK, SHEETS, TEXTS = "xl/workbook.xml", "xl/worksheets/", "xl/sharedStrings.xml"
STRICT, HEAD = b"purl.oclc.org/ooxml/spreadsheetml/main", 4096
"""The namespace of Strict Open XML, which openpyxl does not read, and how far into a part its first tag reaches."""
TEXTS_SIZE, TEXTS_LIMIT = 128 * 1024 * 1024, 2_000_000
"""Bytes and number of the texts that cells share: openpyxl holds them in memory."""

_PART_LIMIT = 16 * 1024 * 1024
"""Bytes that any other part may have unpacked, such as the styles."""

_PICTURES = "xl/media/"
"""Where pictures are, which nobody unpacks."""

_PARTS_LIMIT = 10_000
_CELLS_LIMIT = 2 * 16_384
"""Tags that may look like cells within a row, which has 16,384 of them at most: openpyxl holds a row in memory."""

_RECALCULATES = re.compile(rb"<(?:\w+:)?calcPr\s[^<>]*\bfullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")
_WORTH_A_LOOK = re.compile(rb"<(?:\w+:)?(?:f[\s/>]|mergeCell\s)")
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Marks:
    """Cells that are not what they seem: formulas without a stored value, empty cells covered by a merged one."""

    bare: frozenset[str]
    merged: tuple[tuple[str, tuple[int, int, int, int]], ...]

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return bool(self.bare or self.merged)

    def on(self, position: int, row: int, *, empty: bool) -> str | None:
        """Return why a cell (position from 0, row from 1) is not to be taken as it is, or None."""
        if f"{letters(position)}{row}" in self.bare:
            return "a formula without a stored value: open the sheet in a spreadsheet and save it again"
        for area, (left, top, right, bottom) in self.merged if empty else ():
            if left <= position + 1 <= right and top <= row <= bottom:
                return f"covered by the merged cells {area}: take them apart"
        return None


def too_large(archive: ZipFile) -> str | None:
    """Return why a file is not to be unpacked, or None; the size that a part declares bounds what is read."""
    sizes = {part.filename: part.file_size for part in archive.infolist()}
    texts = sizes.pop(TEXTS, 0)
    sheets = sum(size for name, size in sizes.items() if name.startswith(SHEETS))
    rest = max((size for name, size in sizes.items() if not name.startswith((SHEETS, _PICTURES))), default=0)
    if sheets > SHEETS_LIMIT or texts > TEXTS_SIZE or rest > _PART_LIMIT or len(sizes) > _PARTS_LIMIT:
        return f"unpacked it would be too large: at most {SHEETS_LIMIT:,} bytes of worksheets"
    if texts and _count_of(b"<si", archive, TEXTS) > TEXTS_LIMIT:
        return f"more than {TEXTS_LIMIT:,} texts that cells share: save the sheet as CSV"
    if any(_endless_row(archive, name) for name in sizes if name.startswith(SHEETS) and name.endswith(".xml")):
        return "a row has more cells than a spreadsheet has columns"
    return None


def is_strict(archive: ZipFile) -> bool:
    """Say whether the workbook, or any part of it that holds cells, is Strict Open XML (ISO/IEC 29500-1, A.2)."""
    parts = [name for name in archive.namelist() if name in (BOOK, TEXTS) or name.startswith(SHEETS)]
    for part in parts:
        with archive.open(part) as stream:
            if STRICT in _without_nuls(stream.read(HEAD)):
                return True
    return False


def _without_nuls(text: bytes) -> bytes:
    """Return the ASCII of a part that may be UTF-16."""
    return text.replace(b"\0", b"")


def _count_of(tag: bytes, archive: ZipFile, part: str) -> int:
    """Return how often a tag begins in a part, but for where two pieces of it meet."""
    with archive.open(part) as stream:
        return sum(piece.count(tag) for piece in iter(lambda: stream.read(_PIECE), b""))


def _endless_row(archive: ZipFile, part: str) -> bool:
    """Say whether a row of a worksheet has more cells than a spreadsheet has columns."""
    cells = 0
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            row = piece.rfind(b"<row")
            cells = (cells if row < 0 else 0) + piece.count(b"<c", max(row, 0))
            if cells > _CELLS_LIMIT:
                return True
    return False


def _recalculates(archive: ZipFile) -> bool:
    """Say whether the workbook asks to be recalculated when it is opened.

    openpyxl says so of every workbook that has calculation properties.
    """
    return BOOK in archive.namelist() and _RECALCULATES.search(_without_nuls(archive.read(BOOK))) is not None


def marks(archive: ZipFile, part: str) -> Marks:
    """Return the marks of one worksheet, which is parsed only where a quick look finds a reason to."""
    with archive.open(part) as stream:
        if not any(_WORTH_A_LOOK.search(piece) for piece in _overlapping(stream)):
            return Marks(frozenset(), ())
    with archive.open(part) as stream:
        return _parsed(_elements(stream), placeholders=_recalculates(archive))


def _overlapping(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a part in pieces that each begin with the end of the one before; of UTF-16, its ASCII."""
    tail = b""
    while piece := stream.read(_PIECE):
        piece = _without_nuls(piece)
        yield tail + piece
        tail = piece[-64:]


def _elements(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Yield (name without namespace, element) at each element's end and each row's beginning; let go of rows seen."""
    from xml.etree.ElementTree import iterparse

    for event, element in iterparse(stream, ("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "end" or name == "row":
            yield ("row begins" if event == "start" else name), element
        if event == "end" and name == "row":
            element.clear()


def _parsed(found: Iterable[tuple[str, Element]], *, placeholders: bool) -> Marks:
    """Return the marks of a worksheet's elements; a row or a cell without a place of its own is the next."""
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
    """Say whether a cell has a formula and no stored value; a stored empty text says so by its type.

    `placeholders` says that 0 and the empty text may stand for a value that was never worked out.
    """
    parts = {child.tag.rpartition("}")[2]: child.text for child in cell}
    if "f" not in parts:
        return False
    value = parts.get("v") or ""
    return value in ("", "0") if placeholders else value == "" and cell.get("t") != "str"
