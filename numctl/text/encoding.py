"""Which encoding a file or standard input is in: UTF-8, or UTF-16 with a byte order mark. Nothing else is guessed."""

from __future__ import annotations

import codecs


def encoding_of(head: bytes) -> str:
    """The encoding of a text that begins with these bytes; decoding removes a byte order mark."""
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
