"""What a sheet would change, held against what the service has."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from numctl.sheets import Sheet, SheetErrors, read_only_differences, wanted_by_row, wanted_for

from .samples import ACCOUNT, NUMBER, OTHER_NUMBER, OTHER_SID, SID, read_rows, read_text, record, saved, workbook

TRUNK = "TK" + "3d" * 16
APPLICATION = "AP" + "4e" * 16


def test_only_what_differs_is_wanted() -> None:
    sheet = read_text(
        "sid,friendly_name,voice_url,voice_method,voice_caller_id_lookup,sms_url\n"
        f"{SID},Reception,https://example.com/new,post,FALSE,\n"
    )
    assert wanted_by_row(sheet, [record()]) == [{"voice_url": "https://example.com/new"}]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_empty_cell_clears_what_can_be_cleared_and_leaves_the_rest(kind: str) -> None:
    fields = [
        "friendly_name",
        "voice_url",
        "trunk_sid",
        "voice_method",
        "voice_caller_id_lookup",
        "api_version",
    ]
    live = record(trunk_sid=TRUNK, voice_caller_id_lookup=True, api_version="2010-04-01")
    if kind == "csv":
        sheet = read_text(f"sid,{','.join(fields)}\n{SID}{',' * len(fields)}\n")
    else:
        sheet = read_text(json.dumps([{"sid": SID, **dict.fromkeys(fields)}]), "sheet.json")
    assert wanted_by_row(sheet, [live]) == [{"friendly_name": "", "voice_url": "", "trunk_sid": ""}]


RIVALS = "trunk_sid and voice_application_sid delete each other: empty one of the two cells"


def rivals_sheet(kind: str, trunk: str, application: str, only: Sequence[str] | None = None) -> Sheet:
    """A sheet of one row that has both."""
    row = {"sid": SID, "trunk_sid": trunk, "voice_application_sid": application}
    content = {
        "csv": (",".join(row) + "\n" + ",".join(row.values()) + "\n").encode(),
        "json": json.dumps([row]).encode(),
        "xlsx": saved(workbook(list(row), list(row.values()))),
    }[kind]
    return read_text(content, f"sheet.{kind}", only)


@pytest.mark.parametrize(
    ("kind", "places"),
    [
        ("csv", ("B2 (trunk_sid)", "C2 (voice_application_sid)")),
        ("xlsx", ("B2 (trunk_sid)", "C2 (voice_application_sid)")),
        ("json", ("item 1, trunk_sid", "item 1, voice_application_sid")),
    ],
)
def test_two_cells_that_delete_each_other_are_a_fault_where_one_would_change(
    kind: str, places: tuple[str, str]
) -> None:
    sheet = rivals_sheet(kind, TRUNK, APPLICATION)
    for live, place in [
        (record(), places[0]),
        (record(voice_application_sid=APPLICATION), places[0]),
        (record(trunk_sid=TRUNK, voice_application_sid=None), places[1]),
        (None, places[0]),
    ]:
        with pytest.raises(SheetErrors) as caught:
            wanted_by_row(sheet, [live])
        assert caught.value.problems == (f"{place}: {RIVALS}",)


def test_two_cells_that_delete_each_other_are_left_alone_where_the_service_has_both() -> None:
    live = record(trunk_sid=TRUNK, voice_application_sid=APPLICATION)
    assert wanted_by_row(rivals_sheet("csv", TRUNK, APPLICATION), [live]) == [{}]


def test_one_of_two_that_delete_each_other_may_be_set() -> None:
    assert wanted_by_row(rivals_sheet("csv", TRUNK, "'"), [record()]) == [{"trunk_sid": TRUNK}]
    only = rivals_sheet("csv", TRUNK, APPLICATION, ["trunk_sid"])
    assert wanted_by_row(only, [record(voice_application_sid=APPLICATION)]) == [{"trunk_sid": TRUNK}]


def test_rivals_are_listed_with_the_other_faults() -> None:
    sheet = read_text(
        f"sid,trunk_sid,voice_application_sid,voice_method\n{SID},{TRUNK},{APPLICATION},PUT\n{OTHER_SID},TK1,,\n"
    )
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(sheet, [record(), record(sid=OTHER_SID, phone_number=OTHER_NUMBER)])
    assert [fault.partition(":")[0] for fault in caught.value.problems] == [
        "D2 (voice_method)",
        "B2 (trunk_sid)",
        "B3 (trunk_sid)",
    ]


def test_values_are_parsed_as_options_are() -> None:
    sheet = read_text(
        "sid,friendly_name,voice_url,voice_method,voice_caller_id_lookup,trunk_sid\n"
        f"{SID},'=SUM(1),'https://example.com/,get,True,{TRUNK}\n"
    )
    assert wanted_for(sheet.rows[0], record()) == {
        "friendly_name": "=SUM(1)",
        "voice_url": "https://example.com/",
        "voice_method": "GET",
        "voice_caller_id_lookup": True,
        "trunk_sid": TRUNK,
    }


def test_what_the_service_has_is_never_wrong() -> None:
    odd = {"friendly_name": "n" * 70, "voice_url": "ftp://old.example.com", "voice_receive_mode": "pager"}
    sheet = read_text(f"sid,{','.join(odd)}\n{SID},{','.join(odd.values())}\n")
    assert wanted_by_row(sheet, [record(**odd)]) == [{}]
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(sheet, [None])
    assert caught.value.problems == (
        f"B2 (friendly_name): '{'n' * 70}' has 70 characters; a friendly name has at most 64",
        "C2 (voice_url): 'ftp://old.example.com' is not an absolute http or https URL, "
        "such as https://example.com/voice",
        "D2 (voice_receive_mode): 'pager' is not one of voice, fax",
    )


def test_emergency_status_is_compared_and_never_set() -> None:
    sheet = read_text(f"sid,emergency_status\n{SID},Inactive\n")
    live = record(emergency_status="Active")
    assert wanted_by_row(sheet, [live]) == [{}]
    assert read_only_differences(sheet.rows[0], live) == [("emergency_status", "Inactive", "Active")]


@pytest.mark.parametrize(
    ("live", "cell"),
    [
        ("bell\x07", "bell"),
        ("=1+1", "'=1+1"),
        ("=1+1", "=1+1"),
        ("'=1+1", "''=1+1"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\r\nb"),
        ("'tis", "'tis"),
        ("#N/A", "#N/A"),
        ("1E+5", "1E+5"),
    ],
)
def test_a_name_that_was_only_written_differently_is_left_alone(live: str, cell: str) -> None:
    assert wanted_by_row(read_text(f'sid,friendly_name\n{SID},"{cell}"\n'), [record(friendly_name=live)]) == [{}]


@pytest.mark.parametrize(
    ("live", "cell"),
    [
        ("bell\x07", "bell"),
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a_x000D_b"),
        ("_x000D_", "_x000D_"),
        ("_x005F_x0041_", "_x0041_"),
        ("n" * 40_000, "n" * 32_767),
    ],
    ids=["control", "guard", "two guards", "CRLF", "an escaped CR", "no escape", "an escape dropped", "cut"],
)
def test_a_name_that_a_workbook_holds_differently_is_left_alone(live: str, cell: str) -> None:
    assert wanted_by_row(read_rows(["sid", "friendly_name"], [SID, cell]), [record(friendly_name=live)]) == [{}]


def test_json_means_every_character() -> None:
    sheet = read_text(json.dumps({"sid": SID, "friendly_name": "'=1+1"}), "sheet.json")
    assert wanted_by_row(sheet, [record(friendly_name="=1+1")]) == [{"friendly_name": "'=1+1"}]
    assert wanted_by_row(sheet, [record(friendly_name="'=1+1")]) == [{}]


def test_every_value_that_cannot_be_set_is_listed_with_its_cell() -> None:
    sheet = read_text(
        "phone_number,voice_url,voice_caller_id_lookup,friendly_name,api_version\n"
        f"{NUMBER},example.com,maybe,1.41556E+10,4/1/2010\n"
        f"{OTHER_NUMBER},#VALUE!,1,fine,\n"
    )
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(sheet, [record(), record(sid=OTHER_SID, phone_number=OTHER_NUMBER)])
    assert caught.value.problems == (
        "B2 (voice_url): 'example.com' is not an absolute http or https URL, such as https://example.com/voice",
        "C2 (voice_caller_id_lookup): 'maybe' is neither true nor false",
        "D2 (friendly_name): '1.41556E+10' is a number that a spreadsheet shortened, its digits are lost: "
        "format the column as text",
        "E2 (api_version): '4/1/2010' is a date as a spreadsheet writes it: "
        "format the column as text and write it as 2010-04-01",
        "B3 (voice_url): '#VALUE!' is a spreadsheet's error value, not a setting",
    )


@pytest.mark.parametrize("text", ["4/1/2010", "01.04.2010", "1. 4. 2010", "2010/4/1", "1-Apr-10", "40269"])
def test_a_date_in_place_of_an_api_version_is_named_as_what_it_is(text: str) -> None:
    sheet = read_text(f"sid,api_version\n{SID},{text}\n")
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(sheet, [record(api_version="2010-04-01")])
    assert caught.value.problems == (
        f"B2 (api_version): '{text}' is a date as a spreadsheet writes it: "
        "format the column as text and write it as 2010-04-01",
    )


@pytest.mark.parametrize("text", ["2010-13-01", "v2010", "2010"])
def test_what_is_no_date_in_place_of_an_api_version_is_not_called_one(text: str) -> None:
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(read_text(f"sid,api_version\n{SID},{text}\n"), [record(api_version="2010-04-01")])
    assert caught.value.problems == (f"B2 (api_version): '{text}' is not an API version, such as 2010-04-01",)


@pytest.mark.parametrize(
    ("true", "false"),
    [("1", "0"), ("yes", "No"), ("WAHR", "falsch"), ("VRAI", "FAUX"), ("1.0", "0.0"), (" TRUE", "ЛОЖЬ")],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_boolean_may_be_written_as_a_spreadsheet_writes_it(kind: str, true: str, false: str) -> None:
    header = ["sid", "voice_caller_id_lookup", "beta"]
    rows = [[SID, true, true], [OTHER_SID, false, false]]
    if kind == "csv":
        sheet = read_text("\n".join(",".join(cells) for cells in [header, *rows]))
    else:
        sheet = read_rows(header, *rows)
    other = {"sid": OTHER_SID, "phone_number": OTHER_NUMBER}
    same = [record(voice_caller_id_lookup=True, beta=True), record(**other, beta=False)]
    assert wanted_by_row(sheet, same) == [{}, {}]
    assert [read_only_differences(row, live) for row, live in zip(sheet.rows, same, strict=True)] == [[], []]

    opposite = [record(beta=False), record(**other, voice_caller_id_lookup=True, beta=True)]
    assert wanted_by_row(sheet, opposite) == [{"voice_caller_id_lookup": True}, {"voice_caller_id_lookup": False}]
    assert [read_only_differences(row, live) for row, live in zip(sheet.rows, opposite, strict=True)] == [
        [("beta", true, "false")],
        [("beta", false, "true")],
    ]


def test_wrongly_decoded_text_is_refused_in_every_cell_that_holds_the_live_value() -> None:
    sheet = read_text(
        "sid,friendly_name,voice_url\n"
        f'{SID},"RÃ©ception MontrÃ©al â˜Ž",https://example.com/Ã©\n{OTHER_SID},RÃ©ception,https://example.com/\n'
    )
    lives = [
        record(friendly_name="Réception Montréal ☎", voice_url="https://example.com/é"),
        record(sid=OTHER_SID, phone_number=OTHER_NUMBER, friendly_name="Desk", voice_url="https://example.com/"),
    ]
    why = (
        "the live value, but another program read UTF-8 as Windows-1252: "
        "open and save the sheet as UTF-8, or export it as XLSX"
    )
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(sheet, lives)
    assert caught.value.problems == (f"B2 (friendly_name): {why}", f"C2 (voice_url): {why}")
    assert wanted_by_row(sheet, [record(friendly_name="other"), lives[1]])[1] == {"friendly_name": "RÃ©ception"}


@pytest.mark.parametrize("kind", ["xlsx", "jsonl"])
def test_text_that_was_decoded_wrongly_is_refused_in_every_format(kind: str) -> None:
    row = {"sid": SID, "friendly_name": "'=RÃ©ception"}
    content = json.dumps(row).encode() if kind == "jsonl" else saved(workbook(list(row), list(row.values())))
    live = record(friendly_name="'=Réception" if kind == "jsonl" else "=Réception")
    with pytest.raises(SheetErrors, match="another program read UTF-8 as"):
        wanted_by_row(read_text(content, f"sheet.{kind}"), [live])


def test_half_a_character_cannot_be_sent() -> None:
    sheet = read_text(f'{{"sid": "{SID}", "friendly_name": "a\\ud800"}}', "sheet.jsonl")
    with pytest.raises(SheetErrors) as caught:
        wanted_for(sheet.rows[0], record())
    assert caught.value.message == (
        "sheet.jsonl: line 1, friendly_name: 'a\\ud800' has half a character (a lone surrogate), which cannot be sent"
    )


def test_a_sid_and_a_number_that_disagree_are_refused() -> None:
    sheet = read_text(f"sid,phone_number,sms_url\n{SID},{OTHER_NUMBER},\n")
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(sheet, [record()])
    assert caught.value.problems == (f"line 2: {SID} and {OTHER_NUMBER} are two different numbers: {SID} is {NUMBER}",)


def test_two_rows_that_turn_out_to_be_one_number_are_refused() -> None:
    sheet = read_text(f"sid,phone_number,sms_url\n{SID},,\n,{NUMBER},\n")
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(sheet, [record(), record()])
    assert caught.value.problems == (f"line 3: a second row for {NUMBER}, the first is line 2",)


def test_read_only_columns_that_differ_are_told_and_the_date_is_not() -> None:
    sheet = read_text(
        "sid,account_sid,date_updated,beta,origin,capabilities_voice,capabilities_fax,status,calls\n"
        f"{SID},{ACCOUNT[:-1]}b,yesterday,TRUE,twilio,FALSE,,in-use,https://hooks.example.com/voice\n"
    )
    live = record(beta=True, origin="hosted", status="in-use")
    assert read_only_differences(sheet.rows[0], live) == [
        ("origin", "twilio", "hosted"),
        ("capabilities_voice", "FALSE", "true"),
        ("capabilities_fax", "", "false"),
        ("account_sid", f"{ACCOUNT[:-1]}b", ACCOUNT),
    ]
    assert wanted_by_row(sheet, [live]) == [{}]


@pytest.mark.parametrize(
    "text", ["#N/A", "#NV", "#NOM?", "#¡VALOR!", "#RIF!", "#WAARDE!", "#NAZWA?", "#Н/Д", "Err:502"]
)
def test_an_error_value_in_any_language_is_an_error_of_the_sheet(text: str) -> None:
    with pytest.raises(SheetErrors) as caught:
        wanted_by_row(read_text(f"sid,friendly_name\n{SID},{text}\n"), [record()])
    assert caught.value.problems == (f"B2 (friendly_name): '{text}' is a spreadsheet's error value, not a setting",)


@pytest.mark.parametrize("text", ["#1 Desk!", "#WOW!", "# N/A", "Err: 502"])
def test_a_name_that_only_resembles_an_error_value_is_set(text: str) -> None:
    assert wanted_by_row(read_text(f"sid,friendly_name\n{SID},{text}\n"), [record()]) == [{"friendly_name": text}]
