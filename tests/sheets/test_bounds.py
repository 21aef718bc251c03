"""What a sheet may cost: small files that unpack without measure, and large ones of any format, are refused early."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from numctl.model.number import COLUMNS
from numctl.sheets import builder, read, xlsx_book, xlsx_cells, xlsx_parts
from numctl.sheets.builder import Gathering

from .samples import (
    ACCOUNT,
    MAIN,
    SHARED_PART,
    SHEET_PART,
    SID,
    STYLES_PART,
    faults,
    read_text,
    record,
    saved,
    with_parts,
    worksheet,
)
from .test_round_trip import written

HEADER = b'<row><c t="str"><v>sid</v></c><c t="str"><v>sms_url</v></c></row>'
ROW = b'<row><c t="str"><v>%s</v></c></row>' % SID.encode()
TOO_LARGE = "unpacked it is too large: copy the sheet into a new workbook, or save it as CSV"
DAMAGED = "not an XLSX file, or a damaged one: save it again in a spreadsheet"
ENDLESS_ROW = "a row has more cells than a spreadsheet has columns"
LONG_CELL = "a cell of more than 131,072 characters"
MANY = 2_000_000


class Meter:
    """Bytes of parts that were unpacked, and tags in them."""

    size = 0
    tags = 0


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    """Count what is unpacked."""
    found, spend = Meter(), xlsx_parts.Budget.spend

    def count(budget: xlsx_parts.Budget, piece: bytes) -> None:
        found.size += len(piece)
        found.tags += piece.count(b"<")
        spend(budget, piece)

    monkeypatch.setattr(xlsx_parts.Budget, "spend", count)
    return found


def sheet_part(rows: bytes, after: bytes = b"") -> bytes:
    return b'<worksheet xmlns="%s"><sheetData>%s</sheetData>%s</worksheet>' % (MAIN, HEADER + rows, after)


def prefixed() -> bytes:
    cells = b"<x:row>" + b"<x:c/>" * MANY + b"</x:row>"
    return b'<x:worksheet xmlns:x="%s"><x:sheetData>%s</x:sheetData></x:worksheet>' % (MAIN, cells)


def shared(texts: bytes) -> bytes:
    return b'<sst xmlns="%s">%s</sst>' % (MAIN, texts)


ENTITIES = b"".join(b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 9) for i in range(1, 9))


@pytest.mark.parametrize(
    ("part", "made", "fault"),
    [
        (SHEET_PART, lambda: sheet_part(b"<row>" + b"<c/>" * MANY), ENDLESS_ROW),
        (SHEET_PART, prefixed, ENDLESS_ROW),
        (SHEET_PART, lambda: prefixed().decode().encode("utf-16"), ENDLESS_ROW),
        (SHEET_PART, lambda: sheet_part(b"<row>" + b'<c r="XFE1"/>' * MANY), ENDLESS_ROW),
        (SHEET_PART, lambda: sheet_part(b'<row r="1048577"/>' * MANY), "more than 1,048,576 rows"),
        (SHEET_PART, lambda: sheet_part(b'<row><c t="str"><v>' + b"x" * 8 * MANY), LONG_CELL),
        (SHEET_PART, lambda: sheet_part(b'<row><c t="inlineStr"><is>' + b"<r><t>x</t></r>" * MANY), LONG_CELL),
        (
            SHEET_PART,
            lambda: sheet_part(b"<row>" + (b'<c t="str"><v>' + b"x" * 130_000 + b"</v></c>") * 200),
            "a row of more than 4,194,304 characters",
        ),
        (SHEET_PART, lambda: sheet_part(b'<row spans="' + b"x" * 8 * MANY), TOO_LARGE),
        (SHEET_PART, lambda: sheet_part(b"<!--" + b"x" * 8 * MANY), TOO_LARGE),
        (
            SHEET_PART,
            lambda: sheet_part(b"<row " + b" ".join(b'a%d="1"' % i for i in range(MANY // 2)) + b"/>"),
            TOO_LARGE,
        ),
        (SHEET_PART, lambda: sheet_part(b"".join(b"<a%d/>" % i for i in range(MANY))), TOO_LARGE),
        (SHEET_PART, lambda: sheet_part(b"<row>" + b"<deeper>" * MANY), DAMAGED),
        (
            SHEET_PART,
            lambda: b"<!DOCTYPE worksheet [<!ENTITY e0 'x'>%s]>" % ENTITIES + sheet_part(b"&e8;" * MANY),
            DAMAGED,
        ),
        (SHEET_PART, lambda: sheet_part(b"", b'<mergeCell ref="A1:B2"/>' * MANY), TOO_LARGE),
        (SHARED_PART, lambda: shared(b"<si><t>" + b"x" * 8 * MANY), LONG_CELL),
        (SHARED_PART, lambda: shared(b"<si>" + b"<r><t>x</t></r>" * MANY), LONG_CELL),
        (STYLES_PART, lambda: b'<styleSheet xmlns="%s"><cellXfs>%s' % (MAIN, b"<xf/>" * MANY), TOO_LARGE),
        (
            "xl/workbook.xml",
            lambda: b'<workbook xmlns="%s"><definedNames>%s' % (MAIN, b"<definedName/>" * MANY),
            TOO_LARGE,
        ),
    ],
    ids=[
        *("cells", "cells with a prefix", "cells in UTF-16", "a far column", "a far row", "a long cell", "runs"),
        *("a long row", "a long tag", "a long comment", "names of attributes", "names of elements", "depth"),
        *("entities", "merged cells", "a long shared text", "runs of a shared text", "styles", "defined names"),
    ],
)
def test_a_workbook_beyond_its_bounds_is_refused_after_little_of_it(
    part: str, made: Callable[[], bytes], fault: str, meter: Meter, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = made()
    monkeypatch.setattr(xlsx_book, "REST_TAGS", 20_000)
    monkeypatch.setattr(xlsx_cells, "_MERGED_LIMIT", 20_000)
    book = with_parts(worksheet(HEADER + ROW, shared=b""), {part: text})
    tracemalloc.start()
    try:
        assert faults(book, "sheet.xlsx") == [fault]
        assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert meter.size < 7 * 1024 * 1024 < len(text)


@pytest.mark.parametrize(
    ("rows", "found"),
    [(b" \n" * 2 * MANY + ROW, 1), (b"<row/>" * 50_000 + ROW, 1), ((b"<row>" + b"<c/>" * 16_384 + b"</row>") * 5, 0)],
    ids=["whitespace", "rows", "cells"],
)
def test_what_is_empty_in_a_worksheet_takes_no_memory(rows: bytes, found: int) -> None:
    book = worksheet(HEADER + rows)
    read_text(worksheet(HEADER + ROW), "sheet.xlsx")  # imports what it needs
    tracemalloc.start()
    try:
        assert len(read_text(book, "sheet.xlsx").rows) == found
        assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("name", "limit"), [("CELLS_SIZE", 100_000), ("CELLS_TAGS", 10_000), ("TEXTS_LIMIT", 100_000)])
def test_what_parts_may_cost_together_has_a_bound(name: str, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = b"<si><t>some text that cells share</t></si>" * 5_000
    book = worksheet(HEADER + ROW, shared=texts)
    assert len(read_text(book, "sheet.xlsx").rows) == 1
    monkeypatch.setattr(xlsx_book, name, limit)
    assert faults(book, "sheet.xlsx") == [TOO_LARGE]


def test_worksheets_that_look_empty_count_towards_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    book = Workbook()
    for _ in range(9):
        book.create_sheet()
    empty = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (MAIN, b"<row/>" * 1_000)
    content = with_parts(saved(book), {f"xl/worksheets/sheet{i}.xml": empty for i in range(1, 11)})
    assert read_text(content, "sheet.xlsx").rows == []
    monkeypatch.setattr(xlsx_book, "CELLS_TAGS", 5_000)
    assert faults(content, "sheet.xlsx") == [TOO_LARGE]


def test_100_000_full_rows_of_40_columns_are_far_from_every_bound(
    meter: Meter, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[Gathering] = []
    monkeypatch.setattr(builder.Gathering, "_refuse_twins", lambda gathering, _: weighed.append(gathering))
    url = "https://hooks.example.com/accounts/{}/numbers/{}/voice?token={:032x}"
    live = dict.fromkeys(COLUMNS)
    records = [
        {
            **live,
            **record(sid=f"PN{i:032x}", phone_number=f"+1415555{i:04d}", friendly_name=f"Desk {i}"),
            **{name: url.format(ACCOUNT, i, i) for name in COLUMNS if name.endswith("_url")},
            **{name: f"AP{i:032x}" for name in COLUMNS if name.endswith("_sid") and name != "account_sid"},
        }
        for i in range(500)
    ]
    sheet = read(written("xlsx", records), name="sheet.xlsx")
    times = 100_000 / len(sheet.rows) * 40 / len(sheet.columns)
    assert meter.size * times < xlsx_book.CELLS_SIZE
    assert meter.tags * times < xlsx_book.CELLS_TAGS
    assert (builder.MEMORY_LIMIT - weighed[0].room) * times < builder.MEMORY_LIMIT


def test_a_part_packed_in_a_way_that_no_workbook_has_is_not_unpacked(meter: Meter) -> None:
    source, target = zipfile.ZipFile(io.BytesIO(worksheet(HEADER + ROW))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_BZIP2) as archive:
        for part in source.namelist():
            archive.writestr(part, source.read(part))
    assert faults(target.getvalue(), "sheet.xlsx") == [DAMAGED]
    assert meter.size == 0


def test_an_archive_of_parts_without_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    book = with_parts(worksheet(HEADER + ROW), {f"xl/externalLinks/{i}.xml": b"" for i in range(100)})
    assert len(read_text(book, "sheet.xlsx").rows) == 1
    monkeypatch.setattr(xlsx_parts, "_DIRECTORY_LIMIT", 5_000)
    assert faults(book, "sheet.xlsx") == [TOO_LARGE]


def test_a_part_that_defines_entities_is_damage() -> None:
    text = b"<!DOCTYPE worksheet [<!ENTITY e 'x'>]>" + sheet_part(ROW)
    assert faults(with_parts(worksheet(b""), {SHEET_PART: text}), "sheet.xlsx") == [DAMAGED]


def test_merged_cells_that_overlap_are_damage() -> None:
    merged = b'<mergeCells><mergeCell ref="A1:B9"/><mergeCell ref="A2:B8"/></mergeCells>'
    full = ROW.replace(b"</c></row>", b'</c><c t="str"><v>https://example.com/</v></c></row>')
    assert faults(worksheet(HEADER + full, merged), "sheet.xlsx") == [DAMAGED]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "jsonl"])
def test_errors_without_end_are_listed_up_to_10_000(kind: str) -> None:
    content: dict[str, Any] = {
        "csv": "sid,sms_url\n" + "PN,\n" * 20_000,
        "xlsx": worksheet(HEADER + b'<row><c t="str"><v>PN</v></c></row>' * 20_000),
        "json": f"[{','.join(['1'] * 20_000)}]",
        "jsonl": "{\n" * 20_000,
    }
    found = faults(content[kind], f"sheet.{kind}")
    assert (len(found), found[-1]) == (10_001, "more than 10,000 errors: the rest of the sheet was not read")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "jsonl"])
def test_rows_that_take_too_much_memory_are_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record(sid=f"PN{i:032x}", phone_number=f"+1415555{i:04d}") for i in range(100)]
    content = written(kind, records).getvalue()
    assert len(read_text(content, f"sheet.{kind}").rows) == 100
    monkeypatch.setattr(builder, "MEMORY_LIMIT", 20_000)
    assert faults(content, f"sheet.{kind}") == ["too large to be read at once: split the sheet"]


def test_texts_that_repeat_are_weighed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "MEMORY_LIMIT", 100 * builder._ROW_SIZE + 10_000)
    rows = "".join(f"PN{i:032x},{'x' * 64}\n" for i in range(100))
    assert len(read_text("sid,friendly_name\n" + rows).rows) == 100


def test_more_columns_than_a_spreadsheet_has_are_refused() -> None:
    assert faults("sid" + "," * 16_384 + "\n") == ["more than 16,384 columns"]


def test_names_are_suggested_for_the_first_hundred_unknown_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def suggest(name: str, _: object) -> str:
        asked.append(name)
        return ""

    monkeypatch.setattr("numctl.sheets.columns.did_you_mean", suggest)
    names = [f"column{i}" for i in range(500)]
    assert len(faults(",".join(["sid", *names]) + "\n")) == 500
    assert asked == names[:100]
