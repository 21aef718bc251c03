"""Lines for a person: wrapped between words at every width, styled by meaning, and literal."""

from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.text.paint import Line, Piece, Text, line, render
from numctl.text.width import cell_width
from tests.texts import ANY_TEXT

URL = "https://calls.example.net/voice/of/the/front/desk"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("one two three", None, ["one two three"]),
        ("one two three", 13, ["one two three"]),
        ("one two three", 12, ["one two", "  three"]),
        ("    one two three", 12, ["    one two", "      three"]),
        (line("one two three", indent=2, hang=4), 9, ["  one two", "      three"]),
        (f"to {URL} it goes", 20, ["to", f"  {URL}", "  it goes"]),
        ("受付 受付 受付", 10, ["受付 受付", "  受付"]),
        ("", 10, [""]),
    ],
)
def test_lines_wrap_between_words_with_a_hanging_indent(text: Text, width: int | None, shown: list[str]) -> None:
    assert render([text], width=width) == "".join(f"{row}\n" for row in shown)


def test_a_word_of_several_styles_is_not_broken() -> None:
    numbered = line("to (", Piece("+14155550100", "number"), ") and on")
    assert render([numbered], width=16) == "to\n  (+14155550100)\n  and on\n"


def test_each_style_ends_where_its_piece_ends() -> None:
    changed = line("sms_url  ", Piece("old", "old"), " → ", Piece("new", "new"), indent=2)
    assert render([changed], color=True) == "  sms_url  \x1b[31mold\x1b[0m → \x1b[32mnew\x1b[0m\n"
    assert render([changed]) == "  sms_url  old → new\n"


def test_a_command_that_wraps_can_be_pasted() -> None:
    words = ["numctl", "set", "+14155550100", "--friendly-name", "Front  desk", "--profile", "production"]
    shown = render([f"to undo: {shlex.join(words)}"], width=30)
    assert shown == (
        "to undo: numctl set \\\n  +14155550100 \\\n  --friendly-name \\\n  'Front  desk' --profile \\\n  production\n"
    )
    assert shlex.split(shown.removeprefix("to undo: ").replace("\\\n", "")) == words


def test_a_comment_behind_a_command_is_not_broken() -> None:
    shown = render(
        ["to restore: numctl set +14155550100 --clear sms_url # URL: not shown, it holds a password"], width=40
    )
    assert shown.splitlines()[-1] == "  # URL: not shown, it holds a password"


@pytest.mark.parametrize(
    "sentence", ["numctl login stores what answers to this account's name", "numctl is a program for a terminal"]
)
def test_a_sentence_that_begins_with_the_name_of_the_program_is_no_command(sentence: str) -> None:
    assert "\\" not in render([sentence], width=30)
    assert render([sentence], color=True) == f"{sentence}\n"


def test_text_from_outside_is_literal_in_every_style() -> None:
    shown = render([line(Piece("\x1b[2J[bold]\u202e", "old"), "a\nb")], color=True)
    assert shown == "\x1b[31m\\x1b[2J[bold]\\u202e\x1b[0ma b\n"


PIECES = st.builds(Piece, ANY_TEXT, st.sampled_from([None, "number", "old", "command", "muted"]))
LINES = st.builds(Line, st.lists(PIECES, max_size=4).map(tuple), st.integers(0, 6), st.integers(0, 4))


@given(LINES, st.integers(40, 160))
def test_only_a_word_that_fits_nowhere_is_wider_than_the_terminal(text: Line, width: int) -> None:
    rows = render([text], width=width).splitlines()
    for row in rows:
        words = row.removesuffix(" \\").split()
        assert cell_width(row) <= width or len(words) == 1 or any(piece.style == "command" for piece in text.pieces)


@given(LINES, st.integers(40, 160))
def test_wrapping_and_colour_change_no_word(text: Line, width: int) -> None:
    whole = render([text])
    assert ESCAPES.sub("", render([text], color=True)) == whole
    wrapped = re.sub(r" \\\n", "\n", render([text], width=width))
    assert wrapped.split() == whole.split() or "\\" in whole
