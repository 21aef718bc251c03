"""Recognise a live value whose characters another program damaged."""

from __future__ import annotations

import re
from functools import cache

CODECS = {
    "cp1252": "Windows-1252",
    "latin-1": "ISO 8859-1",
    "mac_roman": "Mac Roman",
    "cp850": "code page 850",
    "cp437": "code page 437",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
}
"""What UTF-8 is often mistaken for: by Windows, old Macs, and pipes of PowerShell (the console's code page)."""

_REMEDY = "open and save the sheet as UTF-8, or export it as XLSX"

_TIMES = 3
"""A sheet that went twice through such a program has four characters for an accent."""

_NARROW = ("ascii", "latin-1", "cp1252", "mac_roman")
_NOT_SURE = re.compile("[\x80-\x9f\ufffd]")
"""Programs treat bytes that an encoding does not define differently, or drop them."""

_GAP = re.compile("[?\ufffd]+")
_DAMAGED = re.compile("[^!->@-~]+")
"""What may be damaged: all but visible ASCII characters, and the `?` that stands for lost ones."""


def garbled(text: str, live: str) -> str | None:
    """What happened to a cell's text and what to do; None if it is not the damaged live value."""
    if live.isascii() or text == live or _DAMAGED.sub("", text) != _DAMAGED.sub("", live):
        return None
    for codec, name in CODECS.items():
        if _was_misread(codec, text, live):
            return f"the live value, but another program read UTF-8 as {name}: {_REMEDY}"
    if _marked(text) in map(_marked, _narrowed(live)):
        return f"the live value, but another program lost characters: {_REMEDY}"
    return None


def _was_misread(codec: str, text: str, live: str) -> bool:
    """Whether the text is the live value, read in the codec one to three times."""
    characters = _characters_of(codec)
    for _ in range(_TIMES):
        live = "".join(characters[byte] for byte in live.encode("utf-8", "replace"))
        if _comparable(text) == _comparable(live):
            return True
    return False


@cache
def _characters_of(codec: str) -> list[str]:
    """The character of each byte; undefined ones become control characters."""
    return [bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in range(256)]


def _comparable(text: str) -> str:
    """Leave out what programs treat differently."""
    return _NOT_SURE.sub("", text.replace("\u00a0", " "))


def _narrowed(live: str) -> list[str]:
    """What is left of the live value if a program could not write, or read, all of its characters."""
    written = [live.encode(codec, "replace") for codec in _NARROW]
    lost = [text.decode(codec) for codec, text in zip(_NARROW, written, strict=True)]
    unread = [text.decode("utf-8", "replace") for text in written]
    return [text for text in (*lost, *unread) if len(_GAP.findall(text)) > len(_GAP.findall(live))]


def _marked(text: str) -> str:
    """One `?` for each gap: a character outside the BMP leaves two."""
    return _GAP.sub("?", text)
