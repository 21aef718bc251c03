"""Which encoding a file or standard input is in: UTF-8, or UTF-16 with a byte order mark. Nothing else is guessed."""

from __future__ import annotations

import codecs


def encoding_of(head: bytes) -> str:
    """Return the encoding of what begins with these bytes; decoding takes a byte order mark off."""
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
