"""A workbook holds numbers as text, runs nothing and reads back exactly."""

from __future__ import annotations

import gc
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from numctl.errors import UsageError
from numctl.model.number import COLUMNS
from numctl.output import Output, check_output, open_writer
from numctl.output.shapes import NUMBERS
from numctl.text.cells import storable, unescape_xlsx, unguard
from numctl.text.stdout import Out
from tests.texts import ANY_TEXT

from .samples import number, written

TEXTS = ANY_TEXT | st.text("'=+-@\t\r\n_x000D5F#N/A", max_size=12)


def sheet(*pages: list[dict[str, Any]], fields: tuple[str, ...] | None = None) -> Worksheet:
    opened = load_workbook(io.BytesIO(written(Output("xlsx", fields=fields), *pages))).active
    assert isinstance(opened, Worksheet)
    return opened


def test_a_sheet_of_two_pages() -> None:
    rows = sheet([number(1)], [number(2, trunk_sid="TK" + "a" * 32)])
    header, first, second = rows.iter_rows(values_only=True)
    assert header == COLUMNS
    found = dict(zip(COLUMNS, second, strict=True))
    assert (first[0], found["phone_number"], found["trunk_sid"]) == (
        "+14155550001",
        "+14155550002",
        "TK" + "a" * 32,
    )
    assert (found["capabilities_voice"], found["beta"], found["bundle_sid"]) == (True, False, None)
    assert (rows.title, rows.freeze_panes, rows.auto_filter.ref) == ("numbers", "A2", "A1:AL3")


def test_numbers_and_sids_are_text_cells() -> None:
    cells = next(sheet([number(1)], fields=("phone_number", "sid")).iter_rows(min_row=2))
    assert [(cell.data_type, cell.number_format) for cell in cells] == [("s", "@"), ("s", "@")]


@pytest.mark.parametrize("name", ["=1+1", '=HYPERLINK("http://example.com")', "#N/A", "'=1", "2024-01-01", "1E5"])
def test_no_text_becomes_a_formula_an_error_or_a_number(name: str) -> None:
    cell = sheet([number(friendly_name=name)], fields=("friendly_name",))["A2"]
    assert cell.data_type == "s"
    assert unguard(str(cell.value)) == name


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_every_name_comes_back_but_for_control_characters(names: list[str]) -> None:
    rows = sheet([number(friendly_name=name) for name in names], fields=("friendly_name", "sid"))
    values = [row[0] or "" for row in rows.iter_rows(min_row=2, values_only=True)]
    assert [unguard(unescape_xlsx(str(value))) for value in values] == [storable(name) for name in names]


def test_read_only_columns_are_shaded_and_closed_lists_can_be_chosen_from() -> None:
    fields = ("sid", "voice_method", "voice_caller_id_lookup", "friendly_name")
    rows = sheet([number(1), number(2)], fields=fields)
    assert [cell.fill.fill_type for cell in rows[2]] == ["solid", None, None, None]
    rules = {str(rule.sqref): rule.formula1 for rule in rows.data_validations.dataValidation}
    assert rules == {"B2:B3": '"GET,POST"', "C2:C3": '"TRUE,FALSE"'}


def test_an_empty_list_is_a_sheet_with_a_header() -> None:
    assert list(sheet().iter_rows(values_only=True)) == [COLUMNS]


@pytest.mark.filterwarnings("error")
def test_nothing_is_written_before_it_is_finished_and_leaving_off_is_silent() -> None:
    stream = io.BytesIO()
    writer = open_writer(Output("xlsx"), NUMBERS, Out(stream))
    writer.write([number(1)])
    del writer
    gc.collect()
    assert stream.getvalue() == b""


def test_a_terminal_is_refused() -> None:
    with pytest.raises(UsageError) as refusal:
        check_output(Output("xlsx"), NUMBERS, Out(io.BytesIO(), terminal=True))
    assert refusal.value.hint == "send it to a file: -o xlsx > numbers.xlsx"
