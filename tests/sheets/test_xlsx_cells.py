"""XLSX as ECMA-376 lets it be, and as somebody who means harm writes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from .samples import (
    MAIN,
    OTHER_SID,
    SHARED_PART,
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


def test_another_prefix_and_the_strict_form_are_read_alike() -> None:
    plain = HEADER + b"<row>" + SID_CELL + b"<c/><c><f>1</f></c></row>"
    prefixed = plain.replace(b"</", b"</x:").replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:")
    text = b'<x:worksheet xmlns:x="%s"><x:sheetData>%s</x:sheetData></x:worksheet>'
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    for content in (
        text % (MAIN, prefixed),
        text % (strict, prefixed),
        (text % (MAIN, prefixed)).decode().encode("utf-16"),
    ):
        assert faults(with_parts(saved(Workbook()), {SHEET_PART: content}), "sheet.xlsx") == [f"C2 (trunk_sid): {BARE}"]


def test_a_text_of_several_runs_is_one_without_how_it_is_spoken() -> None:
    runs = b'<c t="inlineStr"><is><r><t>https://</t></r><r><t>a.example</t></r><rPh><t>ay</t></rPh></is></c>'
    (row,) = read_text(worksheet(HEADER + b"<row>" + SID_CELL + runs + b"</row>"), "sheet.xlsx").rows
    assert row.cells["sms_url"] == "https://a.example"


def test_texts_that_cells_share_are_read_in_their_order_and_unescaped() -> None:
    shared = b"<si><t>sid</t></si><si/><si><t>friendly_name</t></si><si><t>%s</t></si>" % SID.encode()
    shared += b"<si><r><t>_x005F_</t></r><r><t xml:space='preserve'>x0041_ &lt;_x000D_</t></r><rPh><t>ay</t></rPh></si>"
    cells = [
        b"<row>" + b"".join(b'<c t="s"><v>%d</v></c>' % text for text in row) + b"</row>" for row in ((0, 2), (3, 4))
    ]
    (row,) = read_text(worksheet(b"".join(cells), shared=shared), "sheet.xlsx").rows
    assert (row.sid, row.cells) == (SID, {"friendly_name": "_x0041_ <\r"})


def test_merged_cells_are_found_whatever_their_address() -> None:
    rows = HEADER + b"<row>" + SID_CELL + b"</row><row>" + SID_CELL.replace(b"1b", b"2c") + b"</row>"
    book = worksheet(rows, b'<mergeCells><mergeCell ref="$B$2:$C$3"/></mergeCells>')
    assert faults(book, "sheet.xlsx") == [
        f"{cell}: covered by the merged cells $B$2:$C$3: take them apart"
        for cell in ("B2 (sms_url)", "C2 (trunk_sid)", "B3 (sms_url)", "C3 (trunk_sid)")
    ]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (b"<row><c/><c r='A1'/></row>", "row 1 has a cell twice, or not in its place: A1"),
        (b"<row r='2'/><row r='2'/>", "row 2 after row 2"),
        (b"<row r='1048576'/><row/>", "more than 1,048,576 rows"),
        (b"<row><c r='XFE1'/></row>", "row 1 has more than 16,384 cells"),
        (b"<row><c t='str'><v>" + b"x" * 200_000 + b"</v></c></row>", "a text of more than 131,072 characters"),
        (
            b"<row>" + b"<c t='str'><v>%s</v></c>" % (b"x" * 100_000) * 41 + b"</row>",
            "row 1 has more than 4,000,000 characters",
        ),
        (b"<row x='" + b"x" * 5_000_000 + b"'/>", "a tag of more than 4,194,304 bytes"),
        (b"<!--" + b"<row>" * 1_000_000 + b"-->", "a tag of more than 4,194,304 bytes"),
    ],
    ids=["cell again", "row again", "rows", "cell", "text", "row", "attribute", "comment"],
)
def test_what_no_spreadsheet_writes_is_refused(rows: bytes, fault: str) -> None:
    assert faults(worksheet(rows), "sheet.xlsx") == [fault]


def test_merged_cells_without_end_are_refused() -> None:
    book = worksheet(HEADER, b"<mergeCells>" + b'<mergeCell ref="A1:B1"/>' * 2 + b"</mergeCells>")
    assert read_text(book, "sheet.xlsx").rows == []
    areas = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (row, row) for row in range(1, 1002))
    assert faults(worksheet(HEADER, b"<mergeCells>" + areas + b"</mergeCells>"), "sheet.xlsx") == [
        "more than 1,000 merged cells: take them apart"
    ]


def test_a_document_type_is_refused_before_its_entities_multiply() -> None:
    book = with_parts(saved(Workbook()), {SHEET_PART: b'<!DOCTYPE worksheet [<!ENTITY a "<c/>">]><worksheet/>'})
    assert faults(book, "sheet.xlsx") == ["a document type, which no spreadsheet writes"]


def test_elements_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numctl.sheets.xlsx_xml.ELEMENTS_LIMIT", 1000)
    assert faults(worksheet(b"<row/>" * 1000), "sheet.xlsx") == ["more than 1,000 elements"]


def test_cells_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numctl.sheets.xlsx_cells.ALL_CELLS_LIMIT", 1000)
    assert read_text(worksheet((b"<row>" + b"<c/>" * 10 + b"</row>") * 100), "sheet.xlsx").rows == []
    assert faults(worksheet((b"<row>" + b"<c/>" * 11 + b"</row>") * 100), "sheet.xlsx") == [
        "more than 1,000 cells: save the sheet as CSV"
    ]


READ = """
import sys, time
from pathlib import Path
from numctl.sheets import SheetErrors, read
began = time.process_time()
try:
    read(Path(sys.argv[1]), name="sheet.xlsx")
except SheetErrors as error:
    print(*error.problems)
print(time.process_time() - began)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process that was forked"
)
@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        (
            {
                SHEET_PART: b'<worksheet xmlns="%s"><sheetData><row>%s</row></sheetData></worksheet>'
                % (MAIN, b"<c/>" * 10**7)
            },
            "row 1 has more than 16,384 cells",
        ),
        ({SHARED_PART: b'<sst xmlns="%s">%s</sst>' % (MAIN, b"<si/>" * 10**7)}, "more than 2,000,000 shared texts"),
        (
            {STYLES_PART: b'<styleSheet xmlns="%s"><cellXfs>%s</cellXfs></styleSheet>' % (MAIN, b"<xf/>" * 10**7)},
            "xl/styles.xml has more than 16,777,216 bytes",
        ),
    ],
    ids=["cells", "shared texts", "styles"],
)
def test_a_small_file_that_unpacks_without_measure_takes_little(
    parts: dict[str, bytes], fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(with_parts(saved(Workbook()), parts))
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    said, seconds, kilobytes = done.stdout.splitlines()
    assert said == fault
    assert float(seconds) < 5
    assert int(kilobytes) < 100_000
