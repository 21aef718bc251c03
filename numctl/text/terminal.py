"""Text from outside, made literal and safe for a terminal."""

from __future__ import annotations

import re

from numctl.wording import masked

_INVISIBLE = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
"""Bidirectional marks, overrides and isolates: they make text read as something else (Unicode TR36, 3.1)."""

_BREAKS = "\r\n|[\t-\r\x1c-\x1e\x85\u2028\u2029]"
_UNSAFE = f"[\x00-\x1f\x7f-\x9f{_INVISIBLE}\u2028\u2029]"
UNSAFE_IN_LINES = f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_INVISIBLE}\u2028\u2029]"
_SURROGATES = "[\ud800-\udfff]"


def clean(text: str) -> str:
    r"""Text as one line that a terminal shows literally.

    Tabs and line breaks become a space; other control characters and bidirectional ones are shown by their escape,
    such as `\x1b` and `\u202e`; half a surrogate pair becomes U+FFFD. Passwords in URLs are masked.
    """
    if "@" in text:
        text = masked(text)
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_SURROGATES, "\ufffd", re.sub(_UNSAFE, _escaped, re.sub(_BREAKS, " ", text)))


def clean_lines(text: str) -> str:
    """Text as `clean` does, with its tabs and line feeds left alone."""
    return re.sub(_SURROGATES, "\ufffd", re.sub(UNSAFE_IN_LINES, _escaped, text))


def _escaped(found: re.Match[str]) -> str:
    r"""The escape of one character: `\xNN`, or `\uNNNN`."""
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
