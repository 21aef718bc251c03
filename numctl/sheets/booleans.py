"""What a boolean cell may say: true/false, 1/0, yes/no, or a spreadsheet's words in another language."""

from __future__ import annotations

_WORDS = (
    ("TRUE", "FALSE"),
    ("YES", "NO"),
    ("1", "0"),
    ("1.0", "0.0"),  # from table libraries, in a column with gaps
    ("WAHR", "FALSCH"),  # German
    ("VRAI", "FAUX"),  # French
    ("VERDADERO", "FALSO"),  # Spanish
    ("VERO", "FALSO"),  # Italian
    ("WAAR", "ONWAAR"),  # Dutch
    ("VERDADEIRO", "FALSO"),  # Portuguese
    ("SAND", "FALSK"),  # Danish
    ("SANT", "FALSKT"),  # Swedish
    ("SANN", "USANN"),  # Norwegian
    ("TOSI", "EPÄTOSI"),  # Finnish
    ("PRAWDA", "FAŁSZ"),  # Polish
    ("PRAVDA", "NEPRAVDA"),  # Czech, Slovak
    ("IGAZ", "HAMIS"),  # Hungarian
    ("DOĞRU", "YANLIŞ"),  # Turkish
    ("ИСТИНА", "ЛОЖЬ"),  # Russian
)
_VALUES = {word: word == pair[0] for pair in _WORDS for word in pair}


def boolean(text: str) -> bool | None:
    """The value of a cell, in any case; None if it is not a boolean."""
    return _VALUES.get(text.strip().upper())
