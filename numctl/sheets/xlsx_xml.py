"""XML of an XLSX file, element by element as it streams by: no tree is built, so that no part can fill the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import IO, TypeVar
from xml.parsers import expat

NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""Of worksheets, shared texts, styles and the workbook: what every spreadsheet writes, and the strict form of it."""

ELEMENTS_LIMIT = 32_000_000
"""Elements that a part may have: 100,000 full rows have 11,000,000."""

PIECE = 64 * 1024
TOKEN_LIMIT = 4 * 1024 * 1024
"""Bytes that a tag may have: expat holds it whole, and a cell's text of 32,767 characters is none."""

Start = Callable[[Mapping[str, str]], None]
End = Callable[[], None]
Act = TypeVar("Act")


class Excess(Exception):
    """The file holds more than any sheet needs, or what no spreadsheet writes; says what."""


class Listener:
    """Who takes in a part: what to do where an element begins and ends, by its local name, and its text."""

    namespaces: tuple[str, ...] = NAMESPACES

    def starts(self) -> dict[str, Start]:
        """Return what to do where an element begins."""
        return {}

    def ends(self) -> dict[str, End]:
        """Return what to do where an element ends."""
        return {}

    def text(self, data: str) -> None:
        """Take in text, which may come in pieces."""


def feed(source: IO[bytes], listener: Listener) -> Iterator[None]:
    """Let a listener take in a part, piece by piece; raises Excess, and ExpatError where it is no XML."""
    parser = parser_for(listener)
    given = 0
    while piece := source.read(PIECE):
        parser.Parse(piece, False)
        given += len(piece)
        if given - parser.CurrentByteIndex > TOKEN_LIMIT:
            raise Excess(f"a tag of more than {TOKEN_LIMIT:,} bytes")
        yield
    parser.Parse(b"", True)
    yield


def take_in(source: IO[bytes], listener: Listener) -> None:
    """Let a listener take in a whole part."""
    for _ in feed(source, listener):
        pass


def parser_for(listener: Listener) -> expat.XMLParserType:
    """Return a parser that calls the listener for the elements that it knows, and counts all."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    starts = by_full_name(listener.starts(), listener.namespaces)
    ends = by_full_name(listener.ends(), listener.namespaces)
    left = ELEMENTS_LIMIT

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Excess(f"more than {ELEMENTS_LIMIT:,} elements")
        if act := starts.get(name):
            act(attributes)

    def end(name: str) -> None:
        if act := ends.get(name):
            act()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = refuse_doctype
    return parser


def by_full_name(acts: Mapping[str, Act], namespaces: tuple[str, ...]) -> dict[str, Act]:
    """Return actions by the names that the parser gives: namespace, blank, local name."""
    return {f"{namespace} {name}": act for name, act in acts.items() for namespace in namespaces}


def refuse_doctype(*_: object) -> None:
    """Refuse a document type, which OPC forbids: its entities could multiply what is read."""
    raise Excess("a document type, which no spreadsheet writes")
