"""CSV as numctl, a person or a spreadsheet wrote it."""

from __future__ import annotations

import pytest

from .samples import ACCOUNT, NUMBER, OTHER_NUMBER, SID, faults, read_text


def test_a_row_has_its_keys_its_settings_and_its_read_only_columns() -> None:
    sheet = read_text(
        "sid,phone_number,account_sid,date_updated,voice_url,beta\n"
        f'{SID},{NUMBER},{ACCOUNT},"Thu, 30 Jul 2015 23:19:04 +0000",https://example.com/a,true\n'
    )
    (row,) = sheet.rows
    assert (sheet.kind, sheet.has_dates, row.place, row.at("voice_url")) == (
        "csv",
        True,
        "line 2",
        "E2 (voice_url)",
    )
    assert (row.sid, row.phone_number, row.account_sid) == (SID, NUMBER, ACCOUNT)
    assert row.date_updated == "Thu, 30 Jul 2015 23:19:04 +0000"
    assert (row.cells, row.read_only) == ({"voice_url": "https://example.com/a"}, {"beta": "true"})


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfphone_number,sms_url\r\n+14155552344,\r\n",
        "phone_number\tsms_url\r\n+14155552344\t\r\n".encode("utf-16"),
        b"\xfe\xff" + "phone_number\tsms_url\n+14155552344\t".encode("utf-16-be"),
        b"phone_number;sms_url\n+14155552344;\n",
        b"sms_url,phone_number\n,+14155552344\n",
        b'"phone_number" , "sms_url"\n'.replace(b" ", b"") + b'"+14155552344",""',
        b"\n\nphone_number, sms_url\n\n'+14155552344,\n,\n",
        b"phone_number,sms_url\n14155552344,\n",
        b"phone_number,sms_url\n14155552344.0,\n",
        b"phone_number,sms_url\n+1 (415) 555-2344,\n",
        b"phone_number,sms_url\r+14155552344,\r",
    ],
    ids=[
        "byte order mark and CRLF",
        "UTF-16 with tabs",
        "UTF-16 big-endian",
        "semicolons",
        "another order",
        "quotes",
        "empty lines and an apostrophe",
        "a plus lost",
        "decimals added",
        "separators in the number",
        "carriage returns alone",
    ],
)
def test_what_spreadsheets_do_to_a_csv_is_undone(content: bytes) -> None:
    (row,) = read_text(content).rows
    assert (row.phone_number, row.cells) == (NUMBER, {"sms_url": ""})


def test_a_separator_counts_in_the_header_only() -> None:
    (row,) = read_text(f"phone_number,friendly_name\n{NUMBER},a;b;c;d\n").rows
    assert row.cells == {"friendly_name": "a;b;c;d"}


@pytest.mark.parametrize("hint", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=;\r"])
def test_the_hint_by_which_excel_knows_the_separator_is_followed_and_skipped(hint: str) -> None:
    sheet = read_text(f'{hint}phone_number;friendly_name\n{NUMBER};"a,b\n,,c"\n{OTHER_NUMBER};d\n')
    assert [(row.place, row.at("friendly_name"), row.cells["friendly_name"]) for row in sheet.rows] == [
        ("line 3", "B2 (friendly_name)", "a,b\n,,c"),
        ("line 5", "B3 (friendly_name)", "d"),
    ]


def test_the_hint_may_name_any_separator_and_counts_as_a_line() -> None:
    assert read_text(f"sep=|\nphone_number|friendly_name\n{NUMBER}|a,b\n").rows[0].cells == {"friendly_name": "a,b"}
    assert read_text("sep=;\n").rows == []
    assert faults(b"sep=|\nphone_number|friendly_name\n+14155552344\n\n+14155552345|\xe9\n") == [
        "line 3: 1 cell, but the header has 2",
        "line 5: bytes that are not UTF-8: save the sheet as UTF-8",
    ]


def test_a_cell_of_several_lines_is_one_row_that_is_named_after_its_first_line() -> None:
    sheet = read_text(f'phone_number,friendly_name\n{NUMBER},"a\nb"\n{OTHER_NUMBER},c\n')
    assert [(row.place, row.at("friendly_name"), row.cells["friendly_name"]) for row in sheet.rows] == [
        ("line 2", "B2 (friendly_name)", "a\nb"),
        ("line 4", "B3 (friendly_name)", "c"),
    ]


@pytest.mark.parametrize("content", ["", "\n\n", "phone_number,sms_url\n", "phone_number,sms_url\n,\n"])
def test_a_sheet_without_rows_is_a_sheet(content: str) -> None:
    assert read_text(content).rows == []


def test_everything_wrong_is_listed_at_once_with_its_cell() -> None:
    content = (
        b"phone_number,voice_ulr,colour,sms_url,sms_url,,sid,beta\n"
        b"1.4155552344E+10,,,,,,,\n"
        b"415,,,,,,,\n"
        b"+14155552344,,,,,,PN12,\n"
        b"+14155552344,,,,,,,#N/A\n"
        b"+14155552345,\xe9,,,,,,\n"
        b"+14155552346,,\n"
        b"+14155552347,,,,,x,,\n"
        b",,,https://example.com/,,,,\n"
        b"+14155552348,\x00,,,,,,\n"
        b"#REF!,,,,,,,\n"
    )
    assert faults(content) == [
        "B1: 'voice_ulr' is not a column that numctl knows: did you mean voice_url?",
        "C1: 'colour' is not a column that numctl knows: --only FIELD applies just the columns that you name",
        "E1: the column sms_url appears twice, first in D1",
        "A2 (phone_number): '1.4155552344E+10' is a number that a spreadsheet shortened, "
        "its digits are lost: format the column as text",
        "A3 (phone_number): '415' is not an E.164 number: a +, a country code and at most 15 digits, "
        "such as +14155550100",
        "G4 (sid): 'PN12' is not a valid SID: PN and 32 hexadecimal digits",
        "line 5: a second row for +14155552344, the first is line 4",
        "H5 (beta): '#N/A' is a spreadsheet's error value, not a setting",
        "line 6: bytes that are not UTF-8: save the sheet as UTF-8",
        "line 7: 3 cells, but the header has 8",
        "F8: the column has no name",
        "line 9: neither a sid nor a phone_number",
        "line 10: a NUL character: the file is damaged, or not a text",
        "A11 (phone_number): '#REF!' is a spreadsheet's error value, not a setting",
    ]


def test_two_rows_for_one_sid_name_both() -> None:
    content = f"sid,phone_number,sms_url\n{SID},{NUMBER},\n{SID},{OTHER_NUMBER},\n"
    assert faults(content) == [f"line 3: a second row for {SID}, the first is line 2"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ('"+14155552344,', "line 2: a quoted cell that starts here is not closed"),
        (
            '"+1"4155552344,',
            "line 2: text after a closing quote: write a quote inside a quoted cell twice",
        ),
        (
            "+14155552344," + "x" * 131_073,
            "line 2: a cell of more than 131,072 characters: is a closing quote missing?",
        ),
    ],
)
def test_broken_quoting_names_the_line_where_it_starts(row: str, fault: str) -> None:
    assert faults(f"phone_number,sms_url\n{row}\n+14155552345,\n") == [fault]


def test_a_header_without_keys_is_refused() -> None:
    assert faults("sms_url\nhttps://example.com/\n") == ["the header needs a column sid or phone_number"]


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numctl.sheets.decoding.LINE_LIMIT", 64)
    assert faults(f"phone_number,sms_url\n{NUMBER},{'x' * 64}\n") == ["line 2: more than 64 characters"]
