"""apply of sheets that other programs wrote or damaged: what is refused, why, and what is understood."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from numctl.wording import cut
from tests.cli.program import FRONT_DESK, SUPPORT, sandbox
from tests.sheets.samples import with_parts, worksheet

HINT = "  nothing was sent: fix the sheet and apply it again\n"
UNDATED = "numctl: the sheet has no date_updated: what was changed since it was written is not noticed\n"
GARBLED = (
    "the live value, but another program read UTF-8 as Windows-1252: "
    "open and save the sheet as UTF-8, or export it as XLSX"
)
BARE = "a formula without a stored value: open the sheet in a spreadsheet and save it again"


def formulas() -> bytes:
    """A workbook as xlsxwriter writes it: a formula is stored as 0, and Excel is to work it out."""
    names = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % name for name in (b"phone_number", b"friendly_name"))
    numbers = b"".join(
        b'<row><c t="str"><v>%s</v></c><c><f>"Desk "&amp;ROW()</f><v>0</v></c></row>' % number.encode()
        for number in (FRONT_DESK, SUPPORT)
    )
    return worksheet(b"<row>%s</row>%s" % (names, numbers))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "windows.csv",
            'phone_number,friendly_name\n+15145550110,"RÃ©ception MontrÃ©al â˜Ž"\n+447700900123,"London â€“ on call"\n',
            f"2 errors in the sheet\n  B2 (friendly_name): {GARBLED}\n  B3 (friendly_name): {GARBLED}",
        ),
        (
            "xlsxwriter.xlsx",
            formulas(),
            f"2 errors in the sheet\n  B2 (friendly_name): {BARE}\n  B3 (friendly_name): {BARE}",
        ),
        (
            "camel.json",
            json.dumps([{"phone_number": FRONT_DESK, "friendlyName": "Desk", "voiceUrl": "https://x.example/"}]),
            "item 1: none of its keys can be set: did you mean friendly_name for friendlyName, voice_url for voiceUrl?",
        ),
        (
            "excel.csv",
            f"phone_number,api_version\n{FRONT_DESK},4/1/2010\n",
            "B2 (api_version): '4/1/2010' is a date as a spreadsheet writes it: "
            "format the column as text and write it as 2010-04-01",
        ),
    ],
    ids=["decoded wrongly", "formulas without a value", "keys of another client", "a date for an API version"],
)
def test_a_damaged_sheet_is_refused_whole_with_each_cell(
    name: str, content: str | bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = sandbox("list", "--json").out
    ended = sandbox("apply", str(path), "--yes")
    assert (ended.code, ended.out, ended.said) == (2, "", f"numctl: {cut(str(path))}: {said}\n{HINT}")
    assert sandbox("list", "--json").out == before


@pytest.mark.parametrize(
    "content",
    [
        f"phone_number,voice_caller_id_lookup\n{FRONT_DESK},0\n",
        f"phone_number;voice_caller_id_lookup\n{FRONT_DESK};FALSCH\n",
    ],
    ids=["0", "FALSCH"],
)
def test_a_boolean_of_another_program_is_understood(content: str) -> None:
    ended = sandbox("apply", "-", "--dry-run", "--exit-code", "--json", stdin=content)
    assert (ended.code, ended.said) == (0, UNDATED)
    assert [(row["phone_number"], row["outcome"]) for row in ended.json] == [(FRONT_DESK, "unchanged")]
    changed = content.replace("FALSCH", "WAHR").replace(",0", ",1")
    ended = sandbox("apply", "-", "--dry-run", "--exit-code", "--json", stdin=changed)
    assert (ended.code, ended.json[0]["changes"]) == (10, {"voice_caller_id_lookup": [False, True]})


def test_a_workbook_with_a_large_picture_is_read(tmp_path: Path) -> None:
    path = tmp_path / "logo.xlsx"
    header = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % name for name in (b"phone_number", b"friendly_name"))
    row = b"".join(b'<c t="str"><v>%s</v></c>' % text for text in (FRONT_DESK.encode(), b"Front desk"))
    book = worksheet(b"<row>%s</row><row>%s</row>" % (header, row))
    path.write_bytes(with_parts(book, {"xl/media/image1.png": bytes(17 * 1024 * 1024)}))
    ended = sandbox("apply", str(path), "--dry-run", "--json")
    assert (ended.code, [row["outcome"] for row in ended.json]) == (0, ["unchanged"])
