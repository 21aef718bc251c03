"""Counts and what somebody gave, as messages write them."""

from __future__ import annotations

import pytest

from numctl.cli.usage import plainly
from numctl.wording import counted, cut, quoted


def test_one_is_not_many() -> None:
    assert [counted(count, "change") for count in (0, 1, 2)] == ["0 changes", "1 change", "2 changes"]


@pytest.mark.parametrize("length", [0, 79, 80])
def test_up_to_eighty_characters_are_repeated(length: int) -> None:
    assert cut("x" * length) == "x" * length


def test_a_longer_text_is_cut_to_its_beginning_and_end_in_80_characters() -> None:
    text = cut("begin" + "x" * 120_000 + ".csv")
    assert (len(text), text[:5], text[40], text[-4:]) == (80, "begin", "…", ".csv")
    assert quoted("\x1b" + "x" * 200).startswith("'\\x1bxxx")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Input should be a valid integer, unable to parse string as an integer", "it must be a whole number"),
        ("Input should be a valid integer, got a number with a fractional part", "it must be a whole number"),
        ("Unable to parse input string as an integer, exceeded maximum size", "it must be a whole number"),
        ("Input should be a valid number, unable to parse string as a number", "it must be a number"),
        ("Input should be a finite number", "it must be a number"),
        ("Input should be a valid boolean, unable to interpret input", "it must be true or false"),
        ("Input should be less than or equal to 5", "it must be less than or equal to 5"),
    ],
)
def test_a_library_is_not_heard(theirs: str, ours: str) -> None:
    assert plainly(f"Invalid value for '--limit': {theirs}", []) == f"invalid value for '--limit': {ours}"


def test_a_long_word_of_the_command_line_is_cut_in_whatever_form_it_is_repeated() -> None:
    word, escaped = "y" * 120_000, "\t" * 120_000
    for given in ([word], [f"--limit={word}"]):
        assert len(plainly(f"no such thing {word!r} {word}", given)) < 200
    assert len(plainly(f"no such thing {escaped!r}", [escaped])) < 300
    assert len(plainly(f"Got unexpected extra arguments ({' '.join(['z'] * 60_000)})", ["z"] * 60_000)) == 501
