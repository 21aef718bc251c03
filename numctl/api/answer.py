"""How a request ends: with an answer, or with one of the reasons why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Answer(NamedTuple):
    """What came back whole: the status, the headers and the decoded body."""

    status: int
    headers: Mapping[str, str]
    body: bytes | bytearray


class NotSent(Exception):
    """The connection was never made: the request provably did nothing."""


class Barred(NotSent):
    """The connection was never made, and a retry would not help: something on the way is set up wrongly."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


class Broken(Exception):
    """The request was sent and no whole answer came back; `late`: the service may still do it, or has done it."""

    def __init__(self, reason: str, *, late: bool = False) -> None:
        super().__init__(reason)
        self.late = late


class Unreadable(Exception):
    """An answer came back that cannot be decoded, or is larger than any real one."""
