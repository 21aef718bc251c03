"""The XML parts of an XLSX file, read as a stream within bounds on what they may cost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from xml.parsers.expat import ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

CELL_LIMIT = 131_072
"""Characters of one cell, as in CSV; spreadsheets stop at 32,767."""

_DIRECTORY_LIMIT = 4 * 1024 * 1024
"""Bytes of the archive's directory, which zipfile holds in memory: 50,000 parts."""

_TAG_LIMIT = 1024 * 1024
"""Bytes of one tag or comment, which expat holds whole."""

_NAMES_LIMIT = 64 * 1024
"""Characters of all names of elements and attributes, which expat keeps; Excel has some hundred names."""

_DEPTH_LIMIT = 100
_PIECE = 64 * 1024

_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
)
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"

TOO_LARGE = "unpacked it is too large: copy the sheet into a new workbook, or save it as CSV"
_IS_STRICT = "a workbook in Strict Open XML: save it as an ordinary Excel workbook (.xlsx) or CSV"


Starts = Mapping[str, Callable[[dict[str, str]], None]]


class Refused(Exception):
    """Why a workbook is not read."""


@dataclass
class Budget:
    """What parts may still cost: bytes unpacked, and tags."""

    size: int
    tags: int

    def spend(self, piece: bytes) -> None:
        """Count a piece of a part; raises Refused."""
        self.size -= len(piece)
        self.tags -= piece.count(b"<")
        if self.size < 0 or self.tags < 0:
            raise Refused(TOO_LARGE)


class Elements:
    """What is called at the start and the end of elements, and the text of the `texts` among them."""

    def __init__(
        self,
        starts: Starts,
        ends: Mapping[str, Callable[[], None]] | None = None,
        texts: Collection[str] = (),
    ) -> None:
        self.parser: Any = ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = _PIECE
        self.parser.StartDoctypeDeclHandler = self._refuse_dtd
        self.parser.StartElementHandler = self._root
        self._starts = {"rPh": lambda _: self._mute(True), **starts}  # how a text is pronounced is not what it says
        self._ends = {"rPh": lambda: self._mute(False), **(ends or {})}
        self._texts = set(texts)
        self._muted = False
        self._taking = False
        self._depth = 1
        self._text: list[str] = []
        self._room = CELL_LIMIT

    def take(self) -> str:
        """The text since the last call."""
        text = "".join(self._text)
        self._text.clear()
        self._room = CELL_LIMIT
        return text

    def _mute(self, muted: bool) -> None:
        self._muted = muted

    def _refuse_dtd(self, *_: object) -> None:
        raise ValueError("no part of a workbook has a DTD")

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        """Take the prefix of the elements to read from the root."""
        prefix = name.rpartition(":")[0]
        namespace = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns")
        if namespace == _STRICT:
            raise Refused(_IS_STRICT)
        if namespace not in _NAMESPACES:
            raise ValueError(f"{namespace} is not a namespace of a workbook")
        prefix += ":" if prefix else ""
        self._starts = {prefix + tag: called for tag, called in self._starts.items()}
        self._ends = {prefix + tag: called for tag, called in self._ends.items()}
        self._texts = {prefix + tag for tag in self._texts}
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH_LIMIT:
            raise ValueError("nested too deeply")
        self._taking = name in self._texts and not self._muted
        if called := self._starts.get(name):
            called(attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._taking = False
        if called := self._ends.get(name):
            called()

    def _data(self, text: str) -> None:
        if self._taking:
            self._text.append(text)
            self._room -= len(text)
            if self._room < 0:
                raise Refused(f"a cell of more than {CELL_LIMIT:,} characters")


class _Careful:
    """A file that limits the archive's directory, which is read at once."""

    def __init__(self, file: IO[bytes]) -> None:
        self.seek, self.tell, self.seekable, self._read = file.seek, file.tell, file.seekable, file.read

    def read(self, size: int = -1) -> bytes:
        """Raises Refused for more bytes than a directory has."""
        if size > _DIRECTORY_LIMIT:
            raise Refused(TOO_LARGE)
        return self._read(size if size >= 0 else _DIRECTORY_LIMIT)


def opened(file: IO[bytes]) -> ZipFile:
    """Open the archive of a workbook."""
    return ZipFile(_Careful(file))


def read_part(archive: ZipFile, part: str, elements: Elements, budget: Budget) -> Iterator[None]:
    """Read a part, and yield after each piece; raises Refused, and anything if it is damaged."""
    if archive.getinfo(part).compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise ValueError("other methods unpack without a bound, and no workbook has them")
    read = 0
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            budget.spend(piece)
            elements.parser.Parse(piece, False)
            read += len(piece)
            names = sum(map(len, elements.parser.intern))
            if names > _NAMES_LIMIT or read - elements.parser.CurrentByteIndex > _TAG_LIMIT:
                raise Refused(TOO_LARGE)
            yield
    elements.parser.Parse(b"", True)
    yield
