"""XLSX as ECMA-376 lets it be: without addresses, with prefixes, with its parts elsewhere."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from .samples import (
    MAIN,
    OTHER_SID,
    SHEET_PART,
    SID,
    STYLES_PART,
    faults,
    read_text,
    saved,
    with_parts,
    worksheet,
)

HEADER = b"<row>" + b"".join(
    b'<c t="inlineStr"><is><t>%s</t></is></c>' % name for name in (b"sid", b"sms_url", b"trunk_sid")
)
HEADER += b"</row>"
SID_CELL = b'<c t="str"><v>%s</v></c>' % SID.encode()
DAMAGED = "not an XLSX file, or a damaged one: save it again in a spreadsheet"
BARE = "a formula without a stored value: open the sheet in a spreadsheet and save it again"


def test_rows_and_cells_without_an_address_are_counted() -> None:
    rows = HEADER + b"<row>" + SID_CELL + b'<c r="C2" t="str"><v>x</v></c></row>'
    rows += b'<row r="7">' + SID_CELL.replace(b"1b", b"2c") + b"<c/><c t='str'><v>y</v></c></row>"
    found = read_text(worksheet(rows), "sheet.xlsx").rows
    assert [(row.at("trunk_sid"), row.sid, row.cells) for row in found] == [
        ("C2 (trunk_sid)", SID, {"sms_url": "", "trunk_sid": "x"}),
        ("C7 (trunk_sid)", OTHER_SID, {"sms_url": "", "trunk_sid": "y"}),
    ]


@pytest.mark.parametrize("formula", [b"<f>1+1</f>", b"<f>1+1</f><v/>", b"<f>1+1</f><v></v>", b'<f t="shared" si="0"/>'])
@pytest.mark.parametrize("row", [b"<row>", b'<row r="2">'])
def test_a_formula_without_a_stored_value_is_found_where_no_cell_has_an_address(row: bytes, formula: bytes) -> None:
    rows = HEADER + row + SID_CELL + b"<c/><c>" + formula + b"</c></row>"
    assert faults(worksheet(rows), "sheet.xlsx") == [f"C2 (trunk_sid): {BARE}"]


def test_a_formula_without_a_stored_value_is_found_in_utf_16() -> None:
    rows = HEADER + b"<row>" + SID_CELL + b"<c><f>1+1</f></c></row>"
    text = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (MAIN, rows)
    book = with_parts(saved(Workbook()), {SHEET_PART: text.decode().encode("utf-16")})
    assert faults(book, "sheet.xlsx") == [f"B2 (sms_url): {BARE}"]


def test_merged_cells_are_found_whatever_their_address() -> None:
    rows = HEADER + b"<row>" + SID_CELL + b"</row>"
    book = worksheet(rows, b'<mergeCells><mergeCell ref="B2:C2"/></mergeCells>')
    assert faults(book, "sheet.xlsx") == [
        f"{cell}: covered by the merged cells B2:C2: take them apart" for cell in ("B2 (sms_url)", "C2 (trunk_sid)")
    ]


def test_a_full_row_is_none_that_has_no_end() -> None:
    full = b"<row>" + b"<c/>" * 16_384 + b"</row>"
    assert read_text(worksheet(full * 3), "sheet.xlsx").rows == []


def test_elements_count_whatever_their_prefix_and_no_others() -> None:
    cells = b"".join(b"<x:c t='inlineStr'><x:is><x:t>%s</x:t></x:is></x:c>" % text for text in (b"sid", b"sms_url"))
    row = b"<x:row><x:c t='str'><x:v>%s</x:v></x:c><y:c t='str'><y:v>x</y:v></y:c></x:row>" % SID.encode()
    text = b'<x:worksheet xmlns:x="%s" xmlns:y="y"><x:sheetData><x:row>%s</x:row>%s</x:sheetData></x:worksheet>'
    book = with_parts(saved(Workbook()), {SHEET_PART: text % (MAIN, cells, row)})
    assert [(found.sid, found.cells) for found in read_text(book, "sheet.xlsx").rows] == [(SID, {"sms_url": ""})]


def test_a_worksheet_is_found_wherever_its_part_is() -> None:
    book = worksheet(HEADER + b"<row>" + SID_CELL + b"</row>")
    archive = zipfile.ZipFile(io.BytesIO(book))
    relations = archive.read("xl/_rels/workbook.xml.rels")
    for target in (b"/other/data.xml", b"../other/data.xml"):
        moved = relations.replace(b"/xl/worksheets/sheet1.xml", target)
        parts = {"other/data.xml": archive.read(SHEET_PART), SHEET_PART: b"", "xl/_rels/workbook.xml.rels": moved}
        assert [row.sid for row in read_text(with_parts(book, parts), "sheet.xlsx").rows] == [SID]


def test_a_row_and_a_cell_may_stand_far_away() -> None:
    header = HEADER.replace(b"</row>", b'<c r="XFD1" t="str"><v>voice_url</v></c></row>')
    rows = header + b'<row r="1048576"><c r="A1048576" t="str"><v>%s</v></c>' % SID.encode()
    rows += b'<c r="XFD1048576" t="str"><v>https://example.com/</v></c></row>'
    book = with_parts(worksheet(rows), {})
    (row,) = read_text(book, "sheet.xlsx").rows
    assert (row.at("sid"), row.at("voice_url"), row.cells["voice_url"]) == (
        "A1048576 (sid)",
        "XFD1048576 (voice_url)",
        "https://example.com/",
    )


def test_cells_under_no_name_are_named_however_far_away() -> None:
    rows = HEADER.replace(b"</row>", b'<c r="E1" t="str"><v>voice_url</v></c></row>')
    rows += b"<row>" + SID_CELL + b'<c r="D2"><v>1</v></c><c r="XFD2"><v>1</v></c></row>'
    assert faults(worksheet(rows), "sheet.xlsx") == [f"{cell}: the column has no name" for cell in ("D2", "XFD2")]


def test_what_a_worksheet_says_of_its_size_does_not_count() -> None:
    text = zipfile.ZipFile(io.BytesIO(worksheet(HEADER + b"<row>" + SID_CELL + b"</row>"))).read(SHEET_PART)
    for size in (b"A1", b"A1:XFD1048576"):
        sized = text.replace(b"<sheetData>", b'<dimension ref="%s"/><sheetData>' % size)
        (row,) = read_text(with_parts(saved(Workbook()), {SHEET_PART: sized}), "sheet.xlsx").rows
        assert (row.sid, row.cells) == (SID, {"sms_url": "", "trunk_sid": ""})


@pytest.mark.parametrize("shared", [True, False])
def test_a_text_is_its_runs_without_how_it_is_pronounced(shared: bool) -> None:
    runs = b"<r><t>https://</t></r><r><t>example.com/_x005F_x000D_</t></r><rPh sb='0' eb='1'><t>said</t></rPh>"
    cell = b'<c t="s"><v>0</v></c>' if shared else b'<c t="inlineStr"><is>' + runs + b"</is></c>"
    book = worksheet(HEADER + b"<row>" + SID_CELL + cell + b"</row>", shared=b"<si>" + runs + b"</si>")
    assert read_text(book, "sheet.xlsx").rows[0].cells["sms_url"] == "https://example.com/_x000D_"


@pytest.mark.parametrize(("style", "text"), [(b"0", "2010-04-01"), (b"1", "40269")])
def test_a_number_is_a_date_by_the_style_of_its_cell_alone(style: bytes, text: str) -> None:
    header = HEADER.replace(b"sms_url", b"api_version")
    rows = header + b"<row>" + SID_CELL + b'<c s="%s"><v>40269</v></c></row>' % style
    formats = b'<numFmts><numFmt numFmtId="164" formatCode="dd.mm.yyyy"/></numFmts>'
    styles = b'<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="164"/><xf numFmtId="1"/></cellXfs>'
    parts = {STYLES_PART: b'<styleSheet xmlns="%s">%s</styleSheet>' % (MAIN, formats + styles)}
    book = with_parts(worksheet(rows), parts)
    assert read_text(book, "sheet.xlsx").rows[0].cells["api_version"] == text


@pytest.mark.parametrize("numbers", [(3, 2), (3, 3), (0, 1), (-1, 1)])
def test_rows_out_of_their_order_are_damage(numbers: tuple[int, int]) -> None:
    rows = b"".join(b'<row r="%d">%s</row>' % (number, SID_CELL) for number in numbers)
    assert faults(worksheet(rows), "sheet.xlsx") == [DAMAGED]
