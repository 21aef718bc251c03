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

PART_LIMIT = 128 * 1024 * 1024
"""Bytes that any other part may have unpacked: openpyxl holds those in memory."""

PARTS_LIMIT = 10_000
WORTH_A_LOOK = re.compile(rb"<(?:\w+:)?(?:f[\s/>]|mergeCell\s)")
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Marks:
    """Cells that look empty and are not: formulas without a stored value, cells covered by a merged one."""

    bare: frozenset[str]
    merged: tuple[tuple[str, tuple[int, int, int, int]], ...]

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return bool(self.bare or self.merged)

    def on(self, position: int, row: int) -> str | None:
        """Return why an empty cell (position from 0, row from 1) is not to be taken as empty, or None."""
        if f"{letters(position)}{row}" in self.bare:
            return "a formula without a stored value: open the sheet in a spreadsheet and save it again"
        for area, (left, top, right, bottom) in self.merged:
            if left <= position + 1 <= right and top <= row <= bottom:
                return f"covered by the merged cells {area}: take them apart"
        return None


def too_large(archive: ZipFile) -> str | None:
    """Return why a file is not to be unpacked, or None; the size that a part declares bounds what is read."""
    parts = archive.infolist()
    sheets = sum(part.file_size for part in parts if part.filename.startswith("xl/worksheets/"))
    rest = max((part.file_size for part in parts if not part.filename.startswith("xl/worksheets/")), default=0)
    if sheets > SHEETS_LIMIT or rest > PART_LIMIT or len(parts) > PARTS_LIMIT:
        return f"unpacked it would be too large: at most {SHEETS_LIMIT:,} bytes of worksheets"
    return None


def marks(archive: ZipFile, part: str) -> Marks:
    """Return the marks of one worksheet, which is parsed only where a quick look finds a reason to."""
    with archive.open(part) as stream:
        if not any(WORTH_A_LOOK.search(piece) for piece in overlapping(stream)):
            return Marks(frozenset(), ())
    with archive.open(part) as stream:
        return parsed(elements(stream))


def overlapping(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a stream in pieces that each begin with the end of the one before."""
    tail = b""
    while piece := stream.read(PIECE):
        yield tail + piece
        tail = piece[-64:]


def elements(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Yield (name without namespace, element) at each element's end, and let go of rows that were seen."""
    from xml.etree.ElementTree import iterparse

    for _, element in iterparse(stream):
        name = element.tag.rpartition("}")[2]
        yield name, element
        if name == "row":
            element.clear()


def parsed(found: Iterable[tuple[str, Element]]) -> Marks:
    """Return the marks of a worksheet's elements."""
    from openpyxl.utils import range_boundaries

    bare: set[str] = set()
    merged = []
    for name, element in found:
        if name == "c" and is_bare(element):
            bare.add(element.get("r", ""))
        elif name == "mergeCell":
            area = element.get("ref", "")
            left, top, right, bottom = (bound or 0 for bound in range_boundaries(area))
            merged.append((area, (left, top, right, bottom)))
    return Marks(frozenset(bare), tuple(merged))


def is_bare(cell: Element) -> bool:
    """Say whether a cell has a formula and no stored value; a stored empty text says so by its type."""
    formula = any(child.tag.rpartition("}")[2] == "f" for child in cell)
    stored = any(child.tag.rpartition("}")[2] == "v" and child.text for child in cell)
    return formula and not stored and cell.get("t") != "str"
