"""JSON is lossless, streams, and is never whole unless it is finished."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from numctl.model.number import Record
from numctl.output import Output, open_writer, write_object
from numctl.output.shapes import NUMBERS
from numctl.text.stdout import Out
from tests.texts import ANY_TEXT

from .samples import number, written


def test_an_array_has_a_row_on_each_line_in_the_order_of_arrival() -> None:
    first: list[Record] = [{"sid": "a", "new": 1}, {"sid": "b", "phone_number": None}]
    assert written(Output("json"), first, [], [{"sid": "c"}]) == (
        b'[\n{"sid":"a","new":1},\n{"sid":"b","phone_number":null},\n{"sid":"c"}\n]\n'
    )


def test_lines_have_no_array_around_them() -> None:
    assert written(Output("jsonl"), [{"sid": "a"}], [{"sid": "b"}]) == b'{"sid":"a"}\n{"sid":"b"}\n'


def test_nothing_is_an_empty_array_and_no_line() -> None:
    assert (written(Output("json")), written(Output("jsonl"))) == (b"[]\n", b"")


def test_a_page_is_out_before_the_next_and_the_array_is_open_until_it_is_finished() -> None:
    stream = io.BytesIO()
    open_writer(Output("json"), NUMBERS, Out(stream)).write([{"sid": "a"}])
    assert stream.getvalue() == b'[\n{"sid":"a"}'
    with pytest.raises(json.JSONDecodeError):
        json.loads(stream.getvalue())


@given(
    st.lists(
        st.fixed_dictionaries({"friendly_name": ANY_TEXT, "unheard_of": st.integers() | st.none()}),
        max_size=5,
    )
)
@example([{"friendly_name": "half \ud83d", "unheard_of": None}])
@pytest.mark.parametrize("terminal", [False, True])
def test_every_name_comes_back_exactly(terminal: bool, rows: list[dict[str, Any]]) -> None:
    assert json.loads(written(Output("json"), rows, terminal=terminal)) == rows
    lines = written(Output("jsonl"), rows, terminal=terminal).splitlines()
    assert [json.loads(line) for line in lines] == rows


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_a_long_list_is_written_as_a_short_one_is(value: object) -> None:
    row = {"sid": "a", "unheard_of": value}
    many = written(Output("jsonl"), [row] * 300).splitlines()
    assert set(many) == set(written(Output("jsonl"), [row]).splitlines())
    assert len(many) == 300


def test_a_terminal_gets_no_control_character_and_a_pipe_gets_utf_8() -> None:
    row = {"friendly_name": "Zoë\u202e\x9b\x7f\x1b"}
    assert (
        written(Output("jsonl"), [row], terminal=True)
        == '{"friendly_name":"Zoë\\u202e\\u009b\\u007f\\u001b"}\n'.encode()
    )
    assert written(Output("jsonl"), [row]) == '{"friendly_name":"Zoë\u202e\x9b\x7f\\u001b"}\n'.encode()


def test_fields_pick_and_order_and_may_name_what_only_a_sheet_has() -> None:
    output = Output("jsonl", fields=("calls", "sid", "capabilities_voice", "bundle_sid"))
    assert json.loads(written(output, [number(1)])) == {
        "calls": "https://hooks.example.com/voice",
        "sid": f"PN{1:032x}",
        "capabilities_voice": True,
        "bundle_sid": None,
    }


def test_a_field_asked_for_twice_is_one_key() -> None:
    assert written(Output("jsonl", fields=("sid", "sid")), [{"sid": "a"}]) == b'{"sid":"a"}\n'


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (Output("json"), b'{\n  "sid": "a",\n  "more": null\n}\n'),
        (Output("json", fields=("sid",)), b'{\n  "sid": "a"\n}\n'),
        (Output("jsonl"), b'{"sid":"a","more":null}\n'),
        (Output("csv", fields=("sid",)), b"sid\na\n"),
    ],
)
def test_one_object(output: Output, expected: bytes) -> None:
    stream = io.BytesIO()
    write_object(output, NUMBERS, {"sid": "a", "more": None}, Out(stream))
    assert stream.getvalue() == expected
