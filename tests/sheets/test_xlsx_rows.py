"""XLSX as Excel, LibreOffice or a program wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from numctl.sheets import SheetErrors, wanted_by_row

from .samples import (
    MAIN,
    NUMBER,
    OTHER_NUMBER,
    OTHER_SID,
    SHEET_PART,
    SID,
    faults,
    read_rows,
    read_text,
    record,
    saved,
    with_parts,
    workbook,
    worksheet,
)


@pytest.mark.parametrize("value", [NUMBER, "'" + NUMBER, "14155552344", 14155552344, 14155552344.0, " +1 415 555 2344"])
def test_a_number_survives_as_text_or_as_a_number(value: Any) -> None:
    (row,) = read_rows(["phone_number", "sms_url"], [value, None]).rows
    assert (row.phone_number, row.cells, row.at("sms_url")) == (NUMBER, {"sms_url": ""}, "B2 (sms_url)")


@pytest.mark.parametrize(("value", "wanted"), [(True, True), (False, False), ("TRUE", True), ("false", False)])
def test_a_boolean_is_a_cell_of_that_kind_or_its_word(value: Any, wanted: bool) -> None:
    sheet = read_rows(["sid", "voice_caller_id_lookup"], [SID, value])
    assert wanted_by_row(sheet, [record(voice_caller_id_lookup=not wanted)]) == [{"voice_caller_id_lookup": wanted}]
    assert wanted_by_row(sheet, [record(voice_caller_id_lookup=wanted)]) == [{}]


def test_empty_rows_are_passed_over_and_rows_keep_their_numbers() -> None:
    sheet = read_rows([], ["sid", "sms_url"], [], [None, None], [SID, None], [])
    assert [(row.place, row.at("sid")) for row in sheet.rows] == [("row 5", "A5 (sid)")]


def book_of(**worksheets: Sequence[Sequence[Any]]) -> Workbook:
    """A workbook with these worksheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in worksheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return book


SHEET = (["sid", "sms_url"], [SID, None])
OTHER = (["sid", "sms_url"], [OTHER_SID, None])


def sids(book: Workbook) -> list[str | None]:
    return [row.sid for row in read_text(saved(book), "sheet.xlsx").rows]


def test_the_first_worksheet_that_is_shown_counts() -> None:
    book = book_of(old=OTHER, older=OTHER, new=SHEET, empty=[], styled=[[None]])
    book["old"].sheet_state, book["older"].sheet_state = "hidden", "veryHidden"
    book["styled"]["C3"].font = Font(bold=True)
    assert sids(book) == [SID]


def test_several_worksheets_that_hold_data_are_an_error_that_names_them() -> None:
    book = saved(book_of(new=SHEET, empty=[], old=OTHER, older=OTHER))
    assert faults(book, "sheet.xlsx") == ["which worksheet counts, 'new' or 'old'? keep one"]


def test_an_empty_worksheet_before_the_sheet_is_an_error_that_names_both() -> None:
    assert faults(saved(book_of(empty=[], new=SHEET)), "sheet.xlsx") == [
        "which worksheet counts, 'empty' or 'new'? keep one"
    ]


@pytest.mark.parametrize("column", ["friendly_name", "sms_url", "trunk_sid", "voice_method", "origin", "sid"])
def test_a_boolean_in_a_column_of_texts_is_refused(column: str) -> None:
    book = saved(workbook(["phone_number", column], [NUMBER, True], [OTHER_NUMBER, False]))
    assert faults(book, "sheet.xlsx") == [
        f"B{row} ({column}): a TRUE or FALSE cell: format the cell as text" for row in (2, 3)
    ]


def test_a_boolean_in_a_read_only_column_of_booleans_is_taken() -> None:
    (row,) = read_rows(["sid", "beta", "capabilities_sms"], [SID, True, False]).rows
    assert row.read_only == {"beta": "true", "capabilities_sms": "false"}


def test_a_date_is_taken_where_a_spreadsheet_makes_one_of_what_the_column_holds() -> None:
    names = ["sid", "api_version", "date_created", "date_updated"]
    (row,) = read_rows(names, [SID, datetime(2010, 4, 1), datetime(2015, 7, 30), datetime(2015, 7, 30, 23, 19, 4)]).rows
    assert row.cells == {"api_version": "2010-04-01"}
    assert (row.read_only, row.date_updated) == ({"date_created": "2015-07-30T00:00:00"}, "2015-07-30T23:19:04")


def test_a_date_counts_from_1904_where_the_workbook_says_so() -> None:
    book = workbook(["sid", "api_version"], [SID, datetime(2010, 4, 1)])
    book.epoch = CALENDAR_MAC_1904
    assert read_text(saved(book), "sheet.xlsx").rows[0].cells == {"api_version": "2010-04-01"}


@pytest.mark.parametrize("value", [datetime(2010, 4, 1, 12), time(12), timedelta(hours=30)])
def test_a_time_is_no_api_version(value: Any) -> None:
    book = saved(workbook(["sid", "api_version"], [SID, value]))
    assert faults(book, "sheet.xlsx") == [
        "B2 (api_version): a date or a time, which no column holds: format the cell as text"
    ]


@pytest.mark.parametrize(("width", "columns"), [(1, ["A"]), (30, ["AD"]), (703, ["AAA"])])
def test_columns_are_named_as_spreadsheets_name_them(width: int, columns: list[str]) -> None:
    header = ["sid", *[f"column {n}" for n in range(width)]]
    header[0], header[width - 1] = header[width - 1], "sid"
    row: list[Any] = [None] * width
    row[width - 1] = "PN1"
    problems = faults(saved(workbook(header[:width], row)), "sheet.xlsx", ["sms_url"])
    assert problems == [f"{columns[0]}2 (sid): 'PN1' is not a valid SID: PN and 32 hexadecimal digits"]


def test_everything_wrong_is_listed_at_once_with_its_cell() -> None:
    book = workbook(
        ["phone_number", "colour", "friendly_name", None, "status", "beta"],
        [NUMBER, None, datetime(2010, 4, 1), None, None, None],
        [1234567890123456, None, None, None, None, None],
        [OTHER_NUMBER, None, None, "x", datetime(2010, 4, 1), None],
        ["+14155552346", None, None, None, None, None, None, "beyond"],
        ["+14155552347", None, None, None, None, "#N/A"],
        [None, None, "a name alone"],
        ["#REF!"],
        [1.5],
    )
    assert faults(saved(book), "sheet.xlsx") == [
        "B1: 'colour' is not a column that numctl knows: --only FIELD applies just the columns that you name",
        "C2 (friendly_name): a date or a time, which no column holds: format the cell as text",
        "A3 (phone_number): a number of more than 15 digits, of which spreadsheets keep 15: format the cell as text",
        "D4: the column has no name",
        "E4 (status): a date or a time, which no column holds: format the cell as text",
        "H5: the column has no name",
        "F6 (beta): '#N/A' is a spreadsheet's error value, not a setting",
        "row 7: neither a sid nor a phone_number",
        "A8 (phone_number): '#REF!' is a spreadsheet's error value, not a setting",
        "A9 (phone_number): '1.5' is not an E.164 number: a +, a country code and at most 15 digits, "
        "such as +14155550100",
    ]


def with_values(content: bytes, **stored: str) -> bytes:
    """A workbook whose formula cells have stored values, and that no longer asks to be recalculated."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            text = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                for address, value in stored.items():
                    cell = rb'<c r="%s"[^>]*>(<f>.*?</f>)<v ?/>' % address.encode()
                    text, found = re.subn(
                        cell, rb'<c r="%s" t="str">\1<v>%s</v>' % (address.encode(), value.encode()), text
                    )
                    assert found == 1
            if part.filename == "xl/workbook.xml":
                text = text.replace(b'fullCalcOnLoad="1"', b"")
            archive.writestr(part, text)
    return target.getvalue()


def test_a_formula_counts_with_its_stored_value_and_is_refused_without() -> None:
    book = saved(workbook(["sid", "sms_url", "trunk_sid"], [SID, '="https://example.com/"&A1', '=""']))
    assert faults(book, "sheet.xlsx") == [
        "B2 (sms_url): a formula without a stored value: open the sheet in a spreadsheet and save it again",
        "C2 (trunk_sid): a formula without a stored value: open the sheet in a spreadsheet and save it again",
    ]
    (row,) = read_text(with_values(book, B2="https://example.com/sid", C2=""), "sheet.xlsx").rows
    assert row.cells == {"sms_url": "https://example.com/sid", "trunk_sid": ""}


@pytest.mark.parametrize("asks", [b'fullCalcOnLoad="1"', b"fullCalcOnLoad='true'"])
@pytest.mark.parametrize("stored", [b"<v>0</v>", b"<v/>"])
def test_a_placeholder_is_no_value_where_the_workbook_asks_to_be_recalculated(asks: bytes, stored: bytes) -> None:
    header = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % name for name in (b"sid", b"friendly_name"))
    row = b'<c t="str"><v>%s</v></c><c t="str"><f>"Desk "&amp;ROW()</f>%s</c>' % (SID.encode(), stored)
    row += b"<c><f>NOW()</f><v>0</v></c>"
    rows = b"<row>%s</row><row>%s</row>" % (header, row)
    bare = "a formula without a stored value: open the sheet in a spreadsheet and save it again"

    book = with_calculation(worksheet(rows), asks)
    assert faults(book, "sheet.xlsx", ["friendly_name"]) == [f"B2 (friendly_name): {bare}"]

    worked_out = with_calculation(worksheet(rows.replace(stored, b"<v>Desk 2</v>", 1)), asks)
    (found,) = read_text(worked_out, "sheet.xlsx", ["friendly_name"]).rows
    assert found.cells == {"friendly_name": "Desk 2"}

    not_asked = with_calculation(worksheet(rows), b'iterate="false"')
    (found,) = read_text(not_asked, "sheet.xlsx", ["friendly_name"]).rows
    assert found.cells == {"friendly_name": "0" if b"0" in stored else ""}


def with_calculation(content: bytes, properties: bytes) -> bytes:
    """A workbook with these calculation properties."""
    book = zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml")
    book, found = re.subn(rb"<calcPr[^>]*>", b'<calcPr calcId="124519" %s/>' % properties, book)
    assert found == 1
    return with_parts(content, {"xl/workbook.xml": book})


STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET_PART])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_strict_workbook_is_refused_with_what_to_do(part: str, encoding: str) -> None:
    book = saved(workbook(["sid", "sms_url"], [SID, None]))
    text = zipfile.ZipFile(io.BytesIO(book)).read(part).replace(MAIN, STRICT)
    strict = with_parts(book, {part: text.decode().encode(encoding)})
    assert faults(strict, "sheet.xlsx") == [
        "a workbook in Strict Open XML: save it as an ordinary Excel workbook (.xlsx) or CSV"
    ]


def test_a_large_picture_in_a_workbook_is_passed_over() -> None:
    book = saved(workbook(["sid", "sms_url"], [SID, None]))
    (row,) = read_text(with_parts(book, {"xl/media/image1.png": bytes(17 * 1024 * 1024)}), "sheet.xlsx").rows
    assert (row.sid, row.cells) == (SID, {"sms_url": ""})


def test_a_formula_in_a_column_that_does_not_count_is_passed_over() -> None:
    book = saved(workbook(["sid", "sms_url", "note"], [SID, "https://example.com/", "=1+1"], [None, None, "=SUM(A1)"]))
    assert len(read_text(book, "sheet.xlsx", ["sms_url"]).rows) == 1


def test_a_cell_that_a_merged_one_covers_is_not_taken_for_empty() -> None:
    book = workbook(["phone_number", "sms_url"], [NUMBER, "https://example.com/"], [OTHER_NUMBER, None])
    assert book.active is not None
    book.active.merge_cells("B2:B3")
    assert faults(saved(book), "sheet.xlsx") == ["B3 (sms_url): covered by the merged cells B2:B3: take them apart"]


def test_an_error_value_in_a_setting_is_an_error_unless_the_service_has_it() -> None:
    sheet = read_rows(["sid", "friendly_name", "sms_url"], [SID, "#N/A", "#NAME?"])
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(sheet, [record(friendly_name="#N/A")])
    assert caught.value.problems == ("C2 (sms_url): '#NAME?' is a spreadsheet's error value, not a setting",)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 and nothing more"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert faults(content, "sheet.xlsx") == ["not an XLSX file, or a damaged one: save it again in a spreadsheet"]


def test_a_damaged_worksheet_is_refused() -> None:
    source, target = zipfile.ZipFile(io.BytesIO(saved(workbook(["sid"], [SID])))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part in source.infolist():
            text = source.read(part)
            archive.writestr(part, text[: len(text) // 2] if "sheet1" in part.filename else text)
    assert faults(target.getvalue(), "sheet.xlsx") == [
        "not an XLSX file, or a damaged one: save it again in a spreadsheet"
    ]
