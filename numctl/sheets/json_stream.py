"""Decode JSON values one after another from a text that arrives in pieces, so that memory stays small."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

ITEM_LIMIT = 2 * 1024 * 1024
"""The most characters of one item; a number's whole record has 2,000."""

_LONGEST_ATOM = 16
"""How far before the end of a piece the decoder may report a word, number or escape that the end cut in two."""

_BLANKS = re.compile(r"\s*")


class Broken(Exception):
    """The text is not JSON, or incomplete; says where and why."""


class _Constant(ValueError):
    """NaN or Infinity, which Python accepts."""


class Item(dict[str, Any]):
    """A JSON object that remembers repeated keys: which one counts is not left to chance."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        twice = len(self) != len(pairs)
        counts = Counter(name for name, _ in pairs) if twice else {}
        self.repeated = tuple(name for name, count in counts.items() if count > 1)


def _refuse_constant(name: str) -> NoReturn:
    """They are not JSON (RFC 8259, section 6)."""
    raise _Constant(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=Item, parse_constant=_refuse_constant)


def decode(text: str) -> Any:
    """The one value in a text; raises Broken."""
    if len(text) > ITEM_LIMIT:
        raise Broken(f"an item of more than {ITEM_LIMIT:,} characters")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Broken(f"this is not JSON: {error.msg} at character {error.pos + 1}") from error
    except (RecursionError, ValueError) as error:
        raise Broken(_excess(error)) from error


def _excess(error: Exception) -> str:
    """The message for what no sheet needs: endless nesting, NaN, a number of thousands of digits."""
    if isinstance(error, _Constant):
        return str(error)
    return "it is nested too deeply" if isinstance(error, RecursionError) else "a number has too many digits"


class _Scanner:
    """Take one value after another from pieces of text, in linear time."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._buffer = ""
        self._position = 0
        self._line = 1

    def peek(self) -> str:
        """The next character that is not blank, without taking it; empty at the end."""
        while True:
            self._position = _BLANKS.match(self._buffer, self._position).end()  # type: ignore[union-attr]  # always
            if self._position < len(self._buffer) or not self._more():
                return self._buffer[self._position : self._position + 1]

    def take(self) -> str:
        character = self.peek()
        self._position += 1
        return character

    def value(self) -> Any:
        """Take one value; raises Broken with the line where the text stops being JSON."""
        self.peek()
        while True:
            try:
                value, self._position = _DECODER.raw_decode(self._buffer, self._position)
            except json.JSONDecodeError as error:
                self._extend(error)
            except (RecursionError, ValueError) as error:
                self.fail(_excess(error), self._position)
            else:
                return value

    def fail(self, why: str, position: int | None = None) -> NoReturn:
        """Raise Broken, naming the line."""
        end = self._position if position is None else position
        raise Broken(f"line {self._line + self._buffer.count(chr(10), 0, end)}: {why}")

    def _extend(self, error: json.JSONDecodeError) -> None:
        """Read on if the value may just be cut by the end of the piece; else raise Broken."""
        cut = error.msg.startswith("Unterminated") or error.pos >= len(self._buffer.rstrip()) - _LONGEST_ATOM
        if not cut:
            self.fail(f"this is not JSON: {error.msg}", error.pos)
        if len(self._buffer) - self._position > ITEM_LIMIT:
            self.fail(f"an item of more than {ITEM_LIMIT:,} characters")
        if not self._more():
            self.fail("the file is cut short", len(self._buffer))

    def _more(self) -> bool:
        """Double what is left of the text with the next pieces; say whether there were any."""
        self._line += self._buffer.count("\n", 0, self._position)
        parts = [self._buffer[self._position :]]
        self._position = 0
        wanted, got = len(parts[0]), 0
        for piece in self._pieces:
            parts.append(piece)
            got += len(piece)
            if got >= wanted:
                break
        self._buffer = "".join(parts)
        return got > 0


def values(pieces: Iterator[str]) -> Iterator[Any]:
    """Yield the items of an array, or a single object; raises Broken, also if the text is cut short."""
    scanner = _Scanner(pieces)
    if scanner.peek() == "{":
        yield scanner.value()
    elif scanner.peek() == "[":
        yield from _array(scanner)
    else:
        scanner.fail("this is not JSON: an array of objects or an object is expected")
    if scanner.peek():
        scanner.fail("there is more text after the end of the JSON")


def _array(scanner: _Scanner) -> Iterator[Any]:
    scanner.take()
    closed = scanner.peek() == "]"
    if closed:
        scanner.take()
    while not closed:
        yield scanner.value()
        mark = scanner.peek()
        if mark not in (",", "]"):
            scanner.fail("this is not JSON: , or ] is expected" if mark else "the file is cut short")
        scanner.take()
        closed = mark == "]"
