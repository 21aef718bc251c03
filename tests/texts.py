"""Texts for properties: anything that a name can hold by the time numctl has it."""

from __future__ import annotations

import json

from hypothesis import strategies as st


def arrived(text: str) -> str:
    """A text as it comes out of JSON: two halves of a surrogate pair are one character there, never two."""
    return str(json.loads(json.dumps(text)))


ANY_TEXT = st.text(st.characters(codec=None)).map(arrived)
"""Any characters, halves of surrogate pairs among them: JSON can hold one alone."""
