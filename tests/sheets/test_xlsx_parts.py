"""XLSX as ECMA-376 lets it be without addresses, and as somebody who means harm writes it."""

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


def test_a_formula_without_a_stored_value_is_found_in_utf_16() -> None:
    rows = HEADER + b"<row>" + SID_CELL + b"<c><f>1+1</f></c></row>"
    text = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (MAIN, rows)
    book = with_parts(saved(Workbook()), {SHEET_PART: text.decode().encode("utf-16")})
    assert faults(book, "sheet.xlsx") == [f"B2 (sms_url): {BARE}"]


def test_merged_cells_are_found_whatever_their_address() -> None:
    rows = HEADER + b"<row>" + SID_CELL + b"</row>"
    book = worksheet(rows, b'<mergeCells><mergeCell ref="B2:C2"/></mergeCells>')
    assert faults(book, "sheet.xlsx") == [
        f"{cell}: covered by the merged cells B2:C2: unmerge them" for cell in ("B2 (sms_url)", "C2 (trunk_sid)")
    ]


def test_a_full_row_is_none_that_has_no_end() -> None:
    full = b"<row>" + b"<c/>" * 16_384 + b"</row>"
    assert read_text(worksheet(full * 3), "sheet.xlsx").rows == []


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
            "a row has more cells than a spreadsheet has columns",
        ),
        (
            {SHARED_PART: b'<sst xmlns="%s">%s</sst>' % (MAIN, b"<si/>" * 10**7)},
            "more than 2,000,000 different texts: save the sheet as CSV",
        ),
        (
            {STYLES_PART: b'<styleSheet xmlns="%s"><cellXfs>%s</cellXfs></styleSheet>' % (MAIN, b"<xf/>" * 10**7)},
            "it is too large when unpacked: at most 1,073,741,824 bytes of worksheets",
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
