"""JSON and JSON Lines: lossless, page by page, keys in the order in which they arrived."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from numctl.output.columns import Row, reader
from numctl.output.shape import Shape
from numctl.text.stdout import Out
from numctl.text.terminal import UNSAFE_IN_LINES

_PIECE = 64
"""Rows that are encoded at once: few, so that their memory is reused."""


_MANY = 256
"""Rows for which a faster encoder is worth loading."""


def _encode(value: Any, indent: int | None = None) -> bytes:
    """JSON in UTF-8 (RFC 8259); half a surrogate pair, which UTF-8 cannot hold, is escaped."""
    separators = (",", ":") if indent is None else None
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, default=str).encode()
    except UnicodeError:
        return json.dumps(value, indent=indent, separators=separators, default=str).encode("ascii")


def _encode_fast(value: Any) -> bytes:
    """The same, in a tenth of the time."""
    from pydantic_core import PydanticSerializationError, to_json

    try:
        return to_json(value)
    except (PydanticSerializationError, UnicodeError):
        return _encode(value)


def _for_terminal(encoded: bytes) -> bytes:
    r"""Write what a terminal would obey as `\uNNNN`: to a JSON parser it is the same string.

    JSON escapes only the controls below U+0020; all others can only stand inside a string.
    """
    text = encoded.decode("utf-8")
    return re.sub(UNSAFE_IN_LINES, lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8")


def _picker(shape: Shape, fields: Sequence[str]) -> Callable[[Row], Row]:
    """A function that picks the fields that were asked for."""
    columns = shape.picked(fields)
    read = reader(columns, [column.value for column in columns])
    return lambda row: dict(zip(fields, read(row), strict=True))


class _Rows:
    """Encode rows, with the fields that were asked for."""

    def __init__(self, shape: Shape, fields: Sequence[str] | None, out: Out) -> None:
        self._pick = None if fields is None else _picker(shape, fields)
        self._out = out
        self._count = 0

    def _send(self, rows: Iterable[Row], before: bytes, between: bytes) -> bool:
        """Write rows, in pieces that stay small; return whether there were any."""
        picked = iter(rows if self._pick is None else map(self._pick, rows))
        wrote = False
        while piece := list(islice(picked, _PIECE)):
            self._count += len(piece)
            encoded = between.join(map(_encode_fast if self._count > _MANY else _encode, piece))
            self._out.write(between if wrote else before)
            self._out.write(_for_terminal(encoded) if self._out.terminal else encoded)
            wrote = True
        return wrote


class JsonLinesWriter(_Rows):
    """Write one object per line."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write a page of rows."""
        if self._send(rows, b"", b"\n"):
            self._out.write(b"\n")
            self._out.flush()

    def finish(self) -> None:
        """Do nothing: lines need no end."""
        self._out.flush()


class JsonWriter(_Rows):
    """Write an array with a row on each line, which a failure leaves without its end."""

    _begun = False

    def write(self, rows: Iterable[Row]) -> None:
        """Write a page of rows."""
        self._begun |= self._send(rows, b",\n" if self._begun else b"[\n", b",\n")
        self._out.flush()

    def finish(self) -> None:
        """End the array."""
        self._out.write(b"\n]\n" if self._begun else b"[]\n")
        self._out.flush()


def write_json_object(shape: Shape, fields: Sequence[str] | None, row: Row, out: Out) -> None:
    """Write one row as an object, indented by two spaces."""
    encoded = _encode(row if fields is None else _picker(shape, fields)(row), 2)
    out.write((_for_terminal(encoded) if out.terminal else encoded) + b"\n")
    out.flush()
