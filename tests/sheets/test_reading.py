"""Which format a sheet is in, where it comes from, and what `--only` leaves of it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from numctl.errors import UsageError
from numctl.sheets import SheetErrors, read

from .samples import ACCOUNT, NUMBER, SID, faults, read_text, record, saved, usage, workbook

CSV = f"sid,sms_url\n{SID},\n".encode()
JSON = json.dumps([record()]).encode()
LINES = json.dumps(record()).encode() + b"\n"
XLSX = saved(workbook(["sid", "sms_url"], [SID, None]))


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (CSV, "-", "csv"),
        (CSV, "sheet.CSV", "csv"),
        (CSV, "sheet.txt", "csv"),
        (CSV.replace(b",", b"\t"), "sheet.tsv", "csv"),
        (JSON, "-", "json"),
        (b"\xef\xbb\xbf \n" + JSON, "-", "json"),
        (JSON, "sheet.jsonl", "json"),
        (LINES, "-", "jsonl"),
        (LINES, "sheet.json", "jsonl"),
        (XLSX, "-", "xlsx"),
        (XLSX, "sheet.xlsm", "xlsx"),
    ],
)
def test_the_format_is_told_by_the_name_and_else_by_the_content(content: bytes, name: str, kind: str) -> None:
    sheet = read_text(content, name)
    assert (sheet.kind, sheet.name, [row.sid for row in sheet.rows]) == (kind, name, [SID])


class Trickle(io.RawIOBase):
    """A pipe: it gives a few bytes at a time and cannot seek."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._content.read(min(size, 7) if size >= 0 else 7)


@pytest.mark.parametrize("content", [CSV, JSON, LINES, XLSX], ids=["csv", "json", "jsonl", "xlsx"])
def test_a_pipe_is_read_to_its_end_and_left_open(content: bytes) -> None:
    pipe = Trickle(content)
    sheet = read(pipe, name="-")  # type: ignore[arg-type]  # a raw stream has all that is used of a binary one
    assert [row.sid for row in sheet.rows] == [SID]
    assert not pipe.closed


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(CSV)
    assert [row.sid for row in read(path, name=str(path)).rows] == [SID]


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "none.csv", name="none.csv")
    assert (caught.value.message, caught.value.hint) == (
        "none.csv: cannot be read: No such file or directory",
        "nothing was sent",
    )


@pytest.mark.parametrize("name", ["sheet.xls", "sheet.ods", "sheet.numbers"])
def test_another_format_is_refused_with_what_to_do(name: str) -> None:
    assert faults(CSV, name) == ["not a format that numctl reads, or protected by a password: save it as .xlsx or .csv"]


def test_a_protected_workbook_is_refused_with_what_to_do() -> None:
    assert faults(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.xlsx") == [
        "not a format that numctl reads, or protected by a password: save it as .xlsx or .csv"
    ]


def test_a_workbook_with_the_name_of_a_text_is_refused() -> None:
    assert faults(XLSX, "sheet.csv") == ["an XLSX file by its content, and .csv by its name: rename it"]


def test_wrong_values_are_listed_with_what_is_wrong_with_the_form() -> None:
    text = f"phone_number,voice_method,voice_url\n1.4E+10,PUT,\n{NUMBER},,ftp://x\n{NUMBER},,\n"
    problems = faults(text.encode(), "sheet.csv")
    assert [problem.split(" ")[0] for problem in problems] == ["A2", "line", "B2", "C3"]
    assert "a second row" in problems[1]


def test_errors_are_one_line_for_one_and_a_list_for_several() -> None:
    with pytest.raises(SheetErrors) as one:
        read_text(f"sid,colour\n{SID},\n")
    with pytest.raises(SheetErrors) as two:
        read_text(f"sid,colour,shape\n{SID},,\n")
    unknown = "is not a column that numctl knows: --only FIELD applies just the columns that you name"
    assert one.value.message == f"sheet.csv: B1: 'colour' {unknown}"
    assert two.value.message == (f"sheet.csv: 2 errors in the sheet\n  B1: 'colour' {unknown}\n  C1: 'shape' {unknown}")
    assert (two.value.hint, two.value.exit_code) == ("nothing was sent: fix the sheet and apply it again", 2)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "jsonl"])
def test_a_sheet_for_which_there_is_no_memory_is_an_error_of_the_sheet(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("numctl.sheets.builder.Gathering.add", exhausted)
    content = {"csv": CSV, "xlsx": XLSX, "json": JSON, "jsonl": LINES}[kind]
    assert faults(content, f"sheet.{kind}") == ["too large for this machine's memory"]


ROW = {
    "sid": SID,
    "phone_number": NUMBER,
    "account_sid": ACCOUNT,
    "date_updated": "Thu, 30 Jul 2015 23:19:04 +0000",
    "sms_url": "",
    "voice_url": "https://example.com/",
    "beta": "#N/A",
    "colour": "red",
}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "jsonl"])
def test_only_keeps_what_it_names_and_the_keys(kind: str) -> None:
    content = {
        "csv": (",".join(ROW) + "\n" + ",".join(f'"{value}"' for value in ROW.values())).encode(),
        "xlsx": saved(workbook(list(ROW), list(ROW.values()))),
        "json": json.dumps([ROW]).encode(),
        "jsonl": json.dumps(ROW).encode(),
    }[kind]
    sheet = read_text(content, f"sheet.{kind}", ["sms_url"])
    (row,) = sheet.rows
    assert set(sheet.columns) == {"sid", "phone_number", "account_sid", "date_updated", "sms_url"}
    assert (row.sid, row.phone_number, row.account_sid, row.date_updated) == tuple(ROW.values())[:4]
    assert (row.cells, row.read_only) == ({"sms_url": ""}, {})


def test_only_with_something_that_cannot_be_set_is_a_usage_error() -> None:
    assert usage(CSV, only=["sms_url", "beta", "colour", "emergency_status"]) == (
        "--only: 'beta', 'colour', 'emergency_status' cannot be set",
        None,
    )


def test_only_with_a_column_that_is_nearly_one_suggests_it() -> None:
    assert usage(CSV, only=["sms_ulr"]) == ("--only: 'sms_ulr' cannot be set: did you mean sms_url?", None)


@pytest.mark.parametrize(("content", "name"), [(CSV, "sheet.csv"), (LINES, "sheet.jsonl"), (XLSX, "sheet.xlsx")])
def test_only_with_a_column_that_the_sheet_lacks_is_a_usage_error(content: bytes, name: str) -> None:
    assert usage(content, name, only=["bundle_sid"]) == (
        f"{name}: --only: the sheet has no column bundle_sid",
        "nothing was sent",
    )


def test_reading_csv_does_not_import_what_only_xlsx_needs() -> None:
    program = (
        "import io, sys; from numctl.sheets import read; "
        "read(io.BytesIO(b'sid,sms_url\\nPN' + b'1' * 32 + b',\\n'), name='a.csv'); "
        "print(sorted({'openpyxl', 'requests', 'pydantic'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
