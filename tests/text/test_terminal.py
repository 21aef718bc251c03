"""Text from outside is shown literally, on one line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from numctl.text.terminal import clean, clean_lines
from tests.texts import ANY_TEXT


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Reception", "Reception"),
        ("Zürich 受付 👋🏽", "Zürich 受付 👋🏽"),
        ("[red]markup[/red] [/]", "[red]markup[/red] [/]"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("c1 \x9b31m del \x7f", "c1 \\x9b31m del \\x7f"),
        ("a\tb\r\nc\u2028d", "a b c d"),
        ("\u202egnp.exe\u2066\u200f\u061c", "\\u202egnp.exe\\u2066\\u200f\\u061c"),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(ANY_TEXT)
def test_no_control_and_no_bidirectional_character_is_left(text: str) -> None:
    shown = clean(text)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not [char for char in shown if unicodedata.bidirectional(char) in FORBIDDEN]
    assert len(shown.splitlines()) <= 1


FORBIDDEN = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(ANY_TEXT)
def test_lines_keep_their_breaks_and_lose_the_rest(text: str) -> None:
    assert clean_lines(text).count("\n") == text.count("\n")
    assert "\r" not in clean_lines(text)
    assert "\x1b" not in clean_lines(text)
