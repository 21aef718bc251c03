"""A table fits its terminal, shortens no identifier, and is cut nowhere in a pipe."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from numctl.output import Column, Output, open_writer
from numctl.output.shapes import NUMBERS
from numctl.text.stdout import Out
from tests.texts import ANY_TEXT

from .samples import number, written

TRUNK, APP = "TK" + "b1" * 16, "AP" + "c2" * 16
NAMES = ANY_TEXT


def lines(*args: object, **options: object) -> list[str]:
    return written(*args, **options).decode("utf-8").splitlines()  # type: ignore[arg-type]  # passed on as given


def test_a_screen_of_numbers() -> None:
    rows = [
        number(1, friendly_name="Reception"),
        number(2, voice_url=None, sms_url="https://sms.example.com/"),
    ]
    assert lines(Output(), rows, width=120, terminal=True) == [
        "phone_number  friendly_name   capabilities   calls                            messages",
        "+14155550001  Reception       voice sms mms  https://hooks.example.com/voice  —",
        "+14155550002  (415) 555-0002  voice sms mms  —                                https://sms.example.com/",
    ]


def test_a_narrow_terminal_shortens_text_only() -> None:
    rows = [number(1, friendly_name="The reception desk on the ground floor")]
    assert lines(Output(fields=("phone_number", "friendly_name", "sid")), rows, width=64, terminal=True) == [
        "phone_number  friendly_name   sid",
        "+14155550001  The reception…  PN00000000000000000000000000000001",
    ]


def test_identifiers_that_do_not_fit_go_to_a_line_of_their_own() -> None:
    rows = [number(1, trunk_sid=TRUNK, sms_application_sid=APP), number(2)]
    output = Output(fields=NUMBERS.table)
    assert lines(output, rows, width=80, terminal=True) == [
        "phone_number  friendly_name   capabilities   calls",
        "  messages",
        f"+14155550001  (415) 555-0001  voice sms mms  {TRUNK}",
        f"  {APP}",
        "+14155550002  (415) 555-0002  voice sms mms  https://hooks.example.com/voice",
    ]


@pytest.mark.parametrize(
    ("width", "columns", "left_out"),
    [
        (130, "phone_number friendly_name capabilities calls messages", ()),
        (100, "phone_number friendly_name capabilities calls", ("messages",)),
        (80, "phone_number friendly_name capabilities calls", ("messages",)),
        (60, "phone_number friendly_name capabilities", ("calls", "messages")),
    ],
)
def test_columns_that_nobody_asked_for_go_before_a_row_takes_two_lines(
    width: int, columns: str, left_out: tuple[str, ...]
) -> None:
    stream = io.BytesIO()
    out = Out(stream, terminal=True, width=width)
    writer = open_writer(Output(), NUMBERS, out)
    writer.write([number(1, friendly_name="Chicago switchboard", trunk_sid=TRUNK, sms_application_sid=APP), number(2)])
    writer.finish()
    header, *rows = stream.getvalue().decode().splitlines()
    assert (header.split(), out.left_out) == (columns.split(), left_out)
    assert len(rows) == 2


def test_a_later_page_keeps_the_columns_unless_an_identifier_needs_more() -> None:
    pages = (
        [number(1, voice_url="")],
        [number(2, voice_url="https://voice.example.com/a/b")],
        [number(3, trunk_sid=TRUNK)],
    )
    output = Output(fields=("calls", "phone_number"))
    assert lines(output, *pages, width=50, terminal=True) == [
        "calls  phone_number",
        "—      +14155550001",
        "…voi…  +14155550002",
        f"{TRUNK}  +14155550003",
    ]


@given(st.lists(st.tuples(NAMES, st.sampled_from([None, TRUNK]), NAMES), max_size=4), st.integers(36, 200))
def test_no_line_is_wider_than_the_terminal(rows: list[tuple[str, str | None, str]], width: int) -> None:
    page = [number(i, friendly_name=name, trunk_sid=sid, sms_url=url) for i, (name, sid, url) in enumerate(rows)]
    shown = lines(Output(), page[:1], page[1:], width=width, terminal=True)
    assert max(map(cell_len, shown), default=0) <= width
    assert all(row["phone_number"] in "\n".join(shown) for row in page)


def test_only_an_identifier_may_be_wider_than_the_terminal() -> None:
    fields = ("friendly_name", "sid")
    assert lines(Output(fields=fields), [number(1)], width=20, terminal=True) == [
        "friendly_name",
        "  sid",
        "(415) 555-0001",
        f"  PN{1:032x}",
    ]


def test_wide_characters_count_double() -> None:
    rows = [number(1, friendly_name="受付受付受付受付受付受付"), number(2, friendly_name="Desk")]
    shown = lines(Output(fields=("friendly_name", "phone_number")), rows, width=27, terminal=True)
    assert shown == [
        "friendly_name  phone_number",
        "受付受付受付…  +14155550001",
        "Desk           +14155550002",
    ]
    assert [cell_len(line) for line in shown] == [27, 27, 27]


def test_an_empty_screen_has_no_header_and_an_empty_pipe_has_one() -> None:
    assert written(Output(), terminal=True) == b""
    assert written(Output(fields=("sid", "calls"))) == b"sid\tcalls\n"


def test_colours_only_where_they_are_wanted() -> None:
    painted = Column("status", styles={"in-use": "good"})
    shape = replace(NUMBERS, columns=(painted, Column("sid")))
    output, rows = Output(fields=("status", "sid")), [{"sid": "a", "status": "in-use"}]
    assert written(output, rows, shape=shape, terminal=True) == b"status  sid\nin-use  a\n"
    assert written(output, rows, shape=shape) == b"status\tsid\nin-use\ta\n"
    assert lines(output, rows, shape=shape, terminal=True, color=True) == [
        "\x1b[1mstatus  sid\x1b[0m",
        "\x1b[32min-use\x1b[0m  a",
    ]


@given(st.lists(NAMES, max_size=5))
def test_a_pipe_gets_every_cell_whole_on_one_line(names: list[str]) -> None:
    rows = [number(i, friendly_name=name) for i, name in enumerate(names)]
    content = written(Output(fields=("phone_number", "friendly_name", "sid")), rows).decode("utf-8")
    cells = [line.split("\t") for line in content.removesuffix("\n").split("\n")]
    assert [(row[0], row[2]) for row in cells[1:]] == [(row["phone_number"], row["sid"]) for row in rows]
    assert {len(row) for row in cells} == {3}
    assert "\x1b" not in content


def test_a_pipe_is_not_truncated() -> None:
    name = "The reception desk on the ground floor, behind the lift and to the left of it"
    assert lines(Output(), [number(1, friendly_name=name)], width=20) == [
        "phone_number\tfriendly_name\tcapabilities\tcalls\tmessages",
        f"+14155550001\t{name}\tvoice sms mms\thttps://hooks.example.com/voice\t",
    ]


@pytest.mark.parametrize("terminal", [False, True])
def test_nothing_from_outside_reaches_the_terminal_raw(terminal: bool) -> None:
    shown = written(Output(), [number(friendly_name="\x1b]0;owned\x07\u202e[bold]\n")], terminal=terminal, width=120)
    assert b"\\x1b]0;owned\\x07\\u202e[bold]" in shown
    assert b"\x1b" not in shown
    assert b"\x07" not in shown
    assert "\u202e".encode() not in shown
