"""-q prints bare keys, whatever the format."""

from __future__ import annotations

from dataclasses import replace

import pytest

from numctl.output import Output
from numctl.output.shape import Kind
from numctl.output.shapes import NUMBERS

from .samples import number, written


@pytest.mark.parametrize("kind", ["table", "json", "jsonl", "csv", "xlsx"])
def test_one_number_a_line_in_any_format_and_on_any_screen(kind: Kind) -> None:
    pages = [number(1)], [number(2), number(1)]
    expected = b"+14155550001\n+14155550002\n+14155550001\n"
    assert written(Output(kind, quiet=True), *pages, terminal=True) == expected


def test_a_row_without_a_number_has_no_line() -> None:
    assert written(Output(quiet=True), [{"sid": "a"}, {"phone_number": None}, number(1)]) == b"+14155550001\n"


def test_a_shape_may_ask_for_each_key_once_over_all_pages() -> None:
    once = replace(NUMBERS, once=True)
    pages = [number(1), number(1)], [number(2), number(1)]
    assert written(Output(quiet=True), *pages, shape=once) == b"+14155550001\n+14155550002\n"


def test_a_number_that_is_none_stays_on_its_line() -> None:
    assert written(Output(quiet=True), [{"phone_number": "a\nb\x1b"}]) == b"a b\\x1b\n"
