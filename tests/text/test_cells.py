"""A cell can be read back exactly, and no spreadsheet runs it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.text.cells import as_cell, escape_xlsx, guard, storable, unescape_xlsx, unguard
from tests.texts import ANY_TEXT

SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
NASTY = st.lists(
    st.sampled_from(["'", "=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "a", "_x000D_", "_x", "005F_", "_"])
)
TEXTS = ANY_TEXT | NASTY.map("".join)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_formula_gets_an_apostrophe(sign: str) -> None:
    assert guard(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("text", ["", "Reception", "O'Hara", "'quoted'", "1-2", "https://example.com/?a=b"])
def test_a_text_that_is_no_formula_is_left_alone(text: str) -> None:
    assert (guard(text), unguard(text)) == (text, text)


@given(TEXTS)
def test_unguard_takes_off_exactly_what_guard_put_on(text: str) -> None:
    assert unguard(guard(text)) == text


@given(TEXTS)
def test_a_guarded_text_never_begins_like_a_formula(text: str) -> None:
    assert guard(text)[:1] not in tuple(SIGNS)


@given(TEXTS)
def test_the_xlsx_escape_is_undone_exactly(text: str) -> None:
    escaped = escape_xlsx(text)
    assert "\r" not in escaped
    assert unescape_xlsx(escaped) == text


def test_what_no_cell_can_hold_is_left_out() -> None:
    assert storable("a\x00\x1b\x7f\x9b\ud800\uffffb\t\r\n\u202e") == "ab\t\r\n\u202e"


@pytest.mark.parametrize(
    ("value", "key", "cell"),
    [
        (None, False, ""),
        (True, False, "true"),
        (False, False, "false"),
        (-5, False, "-5"),
        ({"a": ["é", None]}, False, '{"a":["é",null]}'),
        ("\x00=1", False, "'=1"),
        ("+14155550100", True, "+14155550100"),
        ("+14155550100", False, "'+14155550100"),
        ("+1415=cmd", True, "'+1415=cmd"),
        ("+١٤١٥٥٥٥٠١٠٠", True, "'+١٤١٥٥٥٥٠١٠٠"),
        ("+14155550100\n", True, "'+14155550100\n"),
    ],
)
def test_a_value_becomes_this_text(value: Any, key: bool, cell: str) -> None:
    assert as_cell(value, key=key) == cell
