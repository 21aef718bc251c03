"""JSON and JSON Lines: whole, typed, and with whatever keys the service added."""

from __future__ import annotations

import json
from typing import Any

import pytest

from numctl.sheets.json_stream import Item

from .samples import ACCOUNT, NUMBER, OTHER_NUMBER, SID, faults, read_text, record


def test_an_array_of_records_is_read_whole_and_unknown_keys_are_passed_over() -> None:
    sheet = read_text(json.dumps([record(colour={"of": ["the", "day"]})], indent=2), "sheet.json")
    (row,) = sheet.rows
    assert (sheet.kind, sheet.has_dates, row.place, row.at("sms_url")) == (
        "json",
        True,
        "item 1",
        "item 1, sms_url",
    )
    assert (row.sid, row.phone_number, row.account_sid) == (SID, NUMBER, ACCOUNT)
    assert row.cells == {
        "friendly_name": "Reception",
        "voice_url": "https://hooks.example.com/voice",
        "voice_method": "POST",
        "voice_caller_id_lookup": "false",
        "sms_url": "",
        "trunk_sid": "",
    }
    assert row.read_only == {
        "capabilities_voice": "true",
        "capabilities_sms": "true",
        "capabilities_mms": "false",
        "capabilities_fax": "false",
    }


@pytest.mark.parametrize("name", ["sheet.json", "-"])
def test_one_object_is_a_sheet_of_one_row(name: str) -> None:
    sheet = read_text(json.dumps({"sid": SID, "sms_url": None}, indent=2), name)
    assert [(row.place, row.cells) for row in sheet.rows] == [("item 1", {"sms_url": ""})]


@pytest.mark.parametrize("name", ["sheet.jsonl", "sheet.ndjson", "sheet.json", "-"])
def test_json_lines_are_known_by_name_or_content(name: str) -> None:
    text = (
        f'\n{{"phone_number": "{NUMBER}", "sms_url": ""}}\r\n\n{{"phone_number": "{OTHER_NUMBER}", "trunk_sid": null}}'
    )
    sheet = read_text(text, name)
    assert (sheet.kind, sheet.has_dates) == ("jsonl", False)
    assert [(row.place, row.phone_number, row.cells) for row in sheet.rows] == [
        ("line 2", NUMBER, {"sms_url": ""}),
        ("line 4", OTHER_NUMBER, {"trunk_sid": ""}),
    ]


@pytest.mark.parametrize(
    ("text", "kind"), [("[]", "json"), (" [ ] ", "json"), ("", "json"), ("\n", "json"), ("", "jsonl"), ("\n", "jsonl")]
)
def test_a_sheet_without_items_is_a_sheet(text: str, kind: str) -> None:
    sheet = read_text(text, f"sheet.{kind}")
    assert (sheet.kind, sheet.rows) == (kind, [])


def test_a_long_array_is_read_across_the_pieces_of_the_text() -> None:
    records = [record(sid=f"PN{i:032x}", phone_number=f"+1415{i:07d}", filler="ü" * 999) for i in range(500)]
    sheet = read_text(json.dumps(records, ensure_ascii=False), "sheet.json")
    assert [row.sid for row in sheet.rows] == [item["sid"] for item in records]


def test_a_text_that_is_cut_short_is_refused_wherever_it_is_cut() -> None:
    text = '[{"sid": "PN\\u0031", "beta": true, "n": -1.5e+3}, {"a": 1}]'
    ends = [faults(text[:length], "sheet.json")[-1] for length in range(1, len(text))]
    assert ends == ["line 1: the file is cut short"] * (len(text) - 1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hello", "line 1: this is not JSON: an array of objects or an object is expected"),
        ('[\n{"a": 1}\n{"b": 2}]', "line 3: this is not JSON: , or ] is expected"),
        ("[] []", "line 1: there is more text after the end of the JSON"),
        ('[{"a": NaN}]', "line 1: NaN is not JSON"),
        ('[{"a": ' + "1" * 5000 + "}]", "line 1: a number has too many digits"),
        ('[{"a": ' + "[" * 200_000 + "]" * 200_000 + "}]", "line 1: it is nested too deeply"),
    ],
)
def test_what_is_not_json_is_refused_with_its_line(text: str, fault: str) -> None:
    assert faults(text, "sheet.json")[-1] == fault


def test_a_mistake_far_from_the_end_is_told_from_a_text_that_is_cut_short() -> None:
    (fault,) = faults('[\n{"sid" "PN"}' + " " * 40 + f', {{"sid": "{SID}"}}]', "sheet.json")
    assert fault.startswith("line 2: this is not JSON: ")


def test_an_item_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numctl.sheets.json_stream.ITEM_LIMIT", 1000)
    text = '[{"a": "' + "x" * 200_000
    assert faults(text, "sheet.json") == ["line 1: an item of more than 1,000 characters"]


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    text = b'[\n{"sid": "' + SID.encode() + b'",\n"friendly_name": "caf\xe9"}]'
    assert faults(text, "sheet.json") == ["line 3: bytes that are not UTF-8: save the sheet as UTF-8"]


def test_every_item_that_will_not_do_is_listed() -> None:
    items: list[Any] = [
        {"sid": 5, "sms_url": ""},
        {"sid": SID, "voice_url": 5, "friendly_name": True, "voice_caller_id_lookup": "true"},
        {"sid": "PN5", "capabilities": [1], "trunk_sid": {}, "beta": "whatever"},
        {"sid": "PN5", "sms_url": ""},
        [],
        None,
        "text",
        {},
        {"sid": "", "phone_number": None, "sms_url": ""},
        {"phone_number": "4.1555523E+10", "sms_url": ""},
        {"phone_number": NUMBER, "sms_url": ""},
        {"phone_number": NUMBER, "sms_url": ""},
    ]
    assert faults(json.dumps(items), "sheet.json") == [
        "item 1, sid: text is expected, not a number",
        "item 2, friendly_name: text is expected, not true",
        "item 2, voice_url: text is expected, not a number",
        "item 2, voice_caller_id_lookup: true or false is expected, not text",
        "item 3, trunk_sid: text is expected, not an object",
        "item 3, capabilities: an object is expected, not an array",
        "item 4, sid: 'PN5' is not a valid SID: PN and 32 hexadecimal digits",
        "item 5: an object is expected, not an array",
        "item 6: an object is expected, not null",
        "item 7: an object is expected, not text",
        "item 8: neither a sid nor a phone_number",
        "item 9: neither a sid nor a phone_number",
        "item 10, phone_number: '4.1555523E+10' is a number that a spreadsheet shortened, "
        "its digits are lost: format the column as text",
        "item 12: a second row for +14155552344, the first is item 11",
    ]


def test_a_key_that_is_there_twice_is_refused_unless_it_does_not_count() -> None:
    text = f'{{"sid": "{SID}", "sms_url": "", "sms_url": "https://example.com/", "x": 1, "x": 2, "uri": {{}}}}'
    assert faults(text, "sheet.jsonl") == ["line 1: the key sms_url appears twice"]
    assert len(read_text(text + "\n", "sheet.jsonl", []).rows) == 1


class Key(str):
    """A text that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Key.compared += 1
        return str.__eq__(self, other) if isinstance(other, str) else False

    __hash__ = str.__hash__


def test_a_key_that_is_there_twice_among_many_is_found_in_linear_time() -> None:
    item = Item([*((Key(number), None) for number in range(1000)), (Key(7), None)])
    assert item.repeated == ("7",)
    assert Key.compared < 5000


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numctl.sheets.json_stream.ITEM_LIMIT", 1000)
    text = f'{{"sid": "{SID}", "sms_url": ""}}\n{{"a": "{"x" * 2000}"}}\n'
    assert faults(text, "sheet.jsonl") == ["line 2: an item of more than 1,000 characters"]


def test_white_space_between_items_is_passed_over_however_long() -> None:
    blanks = " \n\t" * 100_000
    text = blanks + f'[{blanks}{{"sid": "{SID}", "sms_url": ""}}{blanks}]{blanks}'
    assert [row.sid for row in read_text(text, "sheet.json").rows] == [SID]


def test_a_row_without_a_settable_key_is_an_error_with_a_suggestion() -> None:
    items = [
        {"sid": SID, "friendlyName": "Reception", "voice-url": "https://example.com/", "colour": "red"},
        {"phoneNumber": NUMBER, "friendlyName": "Reception"},
        {"sid": SID, "status": "in-use", "Friendly Name": "Reception"},
        {"phone_number": NUMBER},
    ]
    assert faults(json.dumps(items), "sheet.json") == [
        "item 1: none of its keys can be set: did you mean friendly_name for friendlyName, voice_url for voice-url?",
        "item 2: neither a sid nor a phone_number: "
        "did you mean phone_number for phoneNumber, friendly_name for friendlyName?",
        "item 3: none of its keys can be set: did you mean friendly_name for Friendly Name?",
        "item 4: none of its keys can be set",
    ]


def test_a_row_that_has_none_of_the_settings_that_count_is_no_error() -> None:
    items = [{"sid": SID, "sms_url": ""}, {"phone_number": OTHER_NUMBER, "friendly_name": "Desk"}]
    rows = read_text(json.dumps(items), "sheet.json", ["sms_url"]).rows
    assert [row.cells for row in rows] == [{"sms_url": ""}, {}]


def test_each_line_that_is_not_json_is_listed() -> None:
    text = f'{{"sid": "{SID}", "sms_url": ""}}\n{{"sid"\n[1]\n{{"sid": NaN}}\n'
    assert faults(text, "sheet.jsonl") == [
        "line 2: this is not JSON: Expecting ':' delimiter at character 8",
        "line 3: an object is expected, not an array",
        "line 4: NaN is not JSON",
    ]


def test_dates_count_only_where_every_row_has_one() -> None:
    dated = f'{{"sid": "{SID}", "date_updated": "Thu, 30 Jul 2015 23:19:04 +0000", "sms_url": ""}}\n'
    undated = f'{{"phone_number": "{OTHER_NUMBER}", "sms_url": ""}}\n'
    further = undated.replace("2345", "2346")
    found = [read_text(text, "sheet.jsonl") for text in (dated, dated + undated, dated + undated + further, undated)]
    assert [(sheet.has_dates, sheet.undated) for sheet in found] == [(True, 0), (False, 1), (False, 2), (False, 1)]
    assert [sheet.lacking_dates for sheet in found[1:]] == ["1 of 2 rows has", "2 of 3 rows have", "the sheet has"]
