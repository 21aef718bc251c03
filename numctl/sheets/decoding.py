"""Bytes into text, line by line or piece by piece, naming the line of what cannot be read."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from numctl.text.encoding import encoding_of

_MARK = "\udfff"
"""Stands for bytes that are not text; a lone surrogate, since no valid text can hold one."""

_UNREADABLE = re.compile("[\ud800-\udfff\x00]")
LINE_LIMIT = 16 * 1024 * 1024
_PIECE = 64 * 1024


def _mark_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    """Put a mark where bytes cannot be decoded, so that the line can be named once it is whole."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _MARK, error.end


codecs.register_error("numctl.mark", _mark_bad_bytes)


class Rewound(io.RawIOBase):
    """A stream whose first bytes were looked at and are given again; standard input cannot seek."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self.head = head
        self.rest = rest

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from the head, then from the rest; 0 at the end."""
        chunk = self.head[: len(buffer)] or self.rest.read(len(buffer))
        self.head = self.head[len(chunk) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


def text_of(binary: BinaryIO, head: bytes) -> io.TextIOWrapper:
    """Return a stream's text, in the encoding that its first bytes tell."""
    raw = io.BufferedReader(Rewound(head, binary))
    return io.TextIOWrapper(raw, encoding_of(head), errors="numctl.mark", newline="")


def lines(text: io.TextIOWrapper, problems: list[str]) -> Iterator[str]:
    """Yield a text's lines with their ends; a line that cannot be read becomes a problem."""
    for number, line in enumerate(iter(lambda: text.readline(LINE_LIMIT), ""), 1):
        if len(line) == LINE_LIMIT:
            problems.append(f"line {number}: more than {LINE_LIMIT:,} characters")
            return
        if not readable(line):
            problems.append(f"line {number}: {_fault(line)}")
        yield line


def first_lines(source: Iterator[str]) -> Iterator[str]:
    """Yield the blank lines at the top, and the first that is not."""
    for line in source:
        yield line
        if line.strip():
            return


def pieces(text: io.TextIOWrapper, problems: list[str], number: int = 1) -> Iterator[str]:
    """Yield a text in pieces, from line `number` on; a line that cannot be read becomes a problem."""
    for piece in iter(lambda: text.read(_PIECE), ""):
        if not readable(piece):
            for offset, line in enumerate(piece.split("\n")):
                if not readable(line):
                    problems.append(f"line {number + offset}: {_fault(line)}")
        number += piece.count("\n")
        yield piece


def readable(text: str) -> bool:
    """Say whether a text has neither a mark nor a NUL."""
    return _UNREADABLE.search(text) is None


def _fault(line: str) -> str:
    """Return what is wrong with a line that is not readable."""
    if _MARK in line:
        return "bytes that are not UTF-8: save the sheet as UTF-8"
    return "a NUL character: the file is damaged, or not a text"
