"""Decode bytes, line by line or piece by piece, and name the line of what cannot be decoded."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from numctl.text.encoding import encoding_of

_MARK = "\udfff"
"""Stands for bytes that are not text; no valid text contains a lone surrogate."""

_UNREADABLE = re.compile("[\ud800-\udfff\x00]")
LINE_LIMIT = 16 * 1024 * 1024
_PIECE = 64 * 1024


def _mark_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    """Mark bytes that cannot be decoded, so that their line can be named once it is complete."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _MARK, error.end


codecs.register_error("numctl.mark", _mark_bad_bytes)


class Rewound(io.RawIOBase):
    """A stream whose first bytes were already read and are given again; standard input cannot seek."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self.head = head
        self.rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from the head, then from the rest; 0 at the end."""
        chunk = self.head[: len(buffer)] or self.rest.read(len(buffer))
        self.head = self.head[len(chunk) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


def text_of(binary: BinaryIO, head: bytes) -> io.TextIOWrapper:
    """A stream's text, in the encoding that its first bytes show."""
    raw = io.BufferedReader(Rewound(head, binary))
    return io.TextIOWrapper(raw, encoding_of(head), errors="numctl.mark", newline="")


def lines(text: io.TextIOWrapper, problems: list[str]) -> Iterator[str]:
    """Yield a text's lines with their ends; a line that cannot be decoded becomes a problem."""
    for number, line in enumerate(iter(lambda: text.readline(LINE_LIMIT), ""), 1):
        if len(line) == LINE_LIMIT:
            problems.append(f"line {number}: more than {LINE_LIMIT:,} characters")
            return
        if not readable(line):
            problems.append(f"line {number}: {_fault(line)}")
        yield line


def first_lines(source: Iterator[str]) -> Iterator[str]:
    """Yield the blank lines at the top, and the first that is not blank."""
    for line in source:
        yield line
        if line.strip():
            return


def pieces(text: io.TextIOWrapper, problems: list[str], number: int = 1) -> Iterator[str]:
    """Yield a text in pieces, starting at line `number`; a line that cannot be decoded becomes a problem."""
    for piece in iter(lambda: text.read(_PIECE), ""):
        if not readable(piece):
            for offset, line in enumerate(piece.split("\n")):
                if not readable(line):
                    problems.append(f"line {number + offset}: {_fault(line)}")
        number += piece.count("\n")
        yield piece


def readable(text: str) -> bool:
    """Whether a text has neither a mark nor a NUL."""
    return _UNREADABLE.search(text) is None


def _fault(line: str) -> str:
    if _MARK in line:
        return "bytes that are not UTF-8: save the sheet as UTF-8"
    return "a NUL character: the file is damaged, or not a text"
