"""Recognise a live value whose characters were damaged on the way through another program."""

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
"""What UTF-8 is often taken for: by Windows, old Macs, and pipes of PowerShell (the console's code page)."""

_REMEDY = "open and save the sheet as UTF-8, or export it as XLSX"

_TIMES = 3
"""A sheet that passes twice through such a program has four characters for an accent."""

_NARROW = ("ascii", "latin-1", "cp1252", "mac_roman")
_NOT_SURE = re.compile("[\x80-\x9f\ufffd]")
"""What programs make of bytes that an encoding does not define; each does something else, or drops them."""

_GAP = re.compile("[?\ufffd]+")
_DAMAGED = re.compile("[^!->@-~]+")
"""What may be damaged: all but the visible ASCII characters, and the `?` that stands for what was lost."""


def garbled(text: str, live: str) -> str | None:
    """Return what happened to a cell's text and what to do, None where it is not the live value damaged."""
    if live.isascii() or text == live or _DAMAGED.sub("", text) != _DAMAGED.sub("", live):
        return None
    for codec, name in CODECS.items():
        if _taken_for(codec, text, live):
            return f"the live value decoded wrongly on its way, from UTF-8 as {name}: {_REMEDY}"
    if _marked(text) in map(_marked, _narrowed(live)):
        return f"the live value with characters lost on its way: {_REMEDY}"
    return None


def _taken_for(codec: str, text: str, live: str) -> bool:
    """Say whether the text is the live value, read in the codec as often as once to three times."""
    characters = _characters_of(codec)
    for _ in range(_TIMES):
        live = "".join(characters[byte] for byte in live.encode("utf-8", "replace"))
        if _comparable(text) == _comparable(live):
            return True
    return False


@cache
def _characters_of(codec: str) -> list[str]:
    """Return the character of each byte; one that the encoding leaves undefined is a control character."""
    return [bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in range(256)]


def _comparable(text: str) -> str:
    """Return the text without what programs treat differently."""
    return _NOT_SURE.sub("", text.replace("\u00a0", " "))


def _narrowed(live: str) -> list[str]:
    """Return what is left of the live value where a program could not write, or not read, all of its characters."""
    written = [live.encode(codec, "replace") for codec in _NARROW]
    lost = [text.decode(codec) for codec, text in zip(_NARROW, written, strict=True)]
    unread = [text.decode("utf-8", "replace") for text in written]
    return [text for text in (*lost, *unread) if len(_GAP.findall(text)) > len(_GAP.findall(live))]


def _marked(text: str) -> str:
    """Return the text with one `?` for each gap: a character outside of the BMP leaves two."""
    return _GAP.sub("?", text)
