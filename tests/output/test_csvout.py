"""CSV has fixed columns, can be read back exactly, and holds nothing that runs."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.model.number import COLUMNS
from numctl.output import Output
from numctl.text.cells import as_cell, storable, unguard
from tests.texts import ANY_TEXT

from .samples import ACCOUNT, number, written

TEXTS = ANY_TEXT | st.text("'=+-@\t\r\n\",;a", max_size=6)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def test_a_whole_row() -> None:
    header, row = read(written(Output("csv"), [number(7, new_property="x")]))
    assert tuple(header) == COLUMNS
    assert {name: cell for name, cell in zip(header, row, strict=True) if cell} == {
        "phone_number": "+14155550007",
        "friendly_name": "(415) 555-0007",
        "sid": f"PN{7:032x}",
        "account_sid": ACCOUNT,
        "voice_url": "https://hooks.example.com/voice",
        "voice_method": "POST",
        "beta": "false",
        "capabilities_voice": "true",
        "capabilities_sms": "true",
        "capabilities_mms": "true",
        "capabilities_fax": "false",
    }


def test_the_columns_are_the_same_when_there_is_nothing() -> None:
    assert written(Output("csv")) == (",".join(COLUMNS) + "\n").encode()


def test_there_is_one_header_over_all_pages() -> None:
    output = Output("csv", fields=("phone_number",))
    assert written(output, [number(1)], [number(2)]) == b"phone_number\n+14155550001\n+14155550002\n"


def test_fields_expand_capabilities_and_may_name_an_object() -> None:
    output = Output("csv", fields=("capabilities", "subresource_uris", "capabilities_fax"))
    assert written(output, [number(subresource_uris={"a": "/b"})]) == (
        b"capabilities_voice,capabilities_sms,capabilities_mms,capabilities_fax,subresource_uris\n"
        b'true,true,true,false,"{""a"":""/b""}"\n'
    )


@pytest.mark.parametrize("name", ["x;=1+1", "x\t=1+1"])
def test_what_other_programs_take_for_a_separator_is_in_quotes(name: str) -> None:
    content = written(Output("csv", fields=("sid", "friendly_name")), [number(friendly_name=name)])
    assert content == f'sid,friendly_name\nPN{0:032x},"{name}"\n'.encode()


def test_formulas_are_guarded_and_numbers_are_not() -> None:
    output = Output("csv", fields=("phone_number", "friendly_name"))
    rows = [
        number(1, friendly_name="=HYPERLINK(1)"),
        number(phone_number="+cmd|' /C calc'!A0", friendly_name="+1"),
    ]
    assert read(written(output, rows))[1:] == [
        ["+14155550001", "'=HYPERLINK(1)"],
        ["'+cmd|' /C calc'!A0", "'+1"],
    ]


def test_a_number_in_place_of_a_boolean_is_not_taken_for_one() -> None:
    output = Output("csv", fields=("beta",))
    assert written(output, [{"beta": value} for value in (True, 1, False, 0, 1.5)]) == b"beta\ntrue\n1\nfalse\n0\n1.5\n"


def test_an_empty_cell_alone_in_its_row_is_still_a_row() -> None:
    assert read(written(Output("csv", fields=("sms_url",)), [number(), number()])) == [
        ["sms_url"],
        [""],
        [""],
    ]


@given(st.lists(TEXTS, max_size=5))
def test_every_name_comes_back_but_for_control_characters(names: list[str]) -> None:
    rows = [number(friendly_name=name) for name in names]
    cells = [row[1] for row in read(written(Output("csv"), rows))[1:]]
    assert cells == [as_cell(name) for name in names]
    assert [unguard(cell) for cell in cells] == [storable(name) for name in names]


@pytest.mark.parametrize("name", ["a\rb", "a\r\nb", "\r", 'say "hi"', "a,b", "\x00\x1b[31m"])
def test_rows_end_in_a_line_feed_whatever_the_cells_hold(name: str) -> None:
    content = written(Output("csv", fields=("friendly_name", "sid")), [number(friendly_name=name)])
    assert content.endswith(b",PN" + b"0" * 32 + b"\n")
    assert len(read(content)) == 2


def test_a_terminal_gets_no_control_character_and_no_override() -> None:
    rows: list[dict[str, Any]] = [number(friendly_name="\u202ea\rb")]
    content = written(Output("csv", fields=("friendly_name",)), rows, terminal=True)
    assert content == b'friendly_name\n"\\u202ea\\x0db"\n'
