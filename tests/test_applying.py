"""From a sheet and the live records to changes: what each row wants, and which rows are too old to be carried out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from numctl.applying import changes_of, differences, ref_of
from numctl.errors import ExitCode, Refused, UsageError
from numctl.number import Record
from numctl.plan import Change
from numctl.sheets import SheetErrors
from tests.fakes import APPLICATION, MAIN, SMS, SUB, TRUNK, VOICE, a_record, number_of, sid_of
from tests.sheets.samples import read_text

THEN, NOW, OURS = (f"Thu, 30 Jul 2015 23:1{minute}:04 +0000" for minute in (0, 1, 2))
HEADER = "sid,date_updated,voice_url"


def live(index: int = 1, **more: Any) -> Record:
    return a_record(index, date_updated=NOW, **more)


def nothing_left(account_sid: str, sid: str) -> str | None:
    return None


def never(account_sid: str, sid: str) -> str | None:
    raise AssertionError("the history is asked only where a row is old and would change something")


def change_of(written: str, record: Record, *, left: str | None = None, force: bool = False) -> Change:
    """Return the change of a row for number 1 that sets another URL, written when `date_updated` was `written`."""
    sheet = read_text(f'{HEADER}\n{sid_of(1)},"{written}",{SMS}\n')
    (change,) = changes_of(sheet, [record], lambda *_: left, force=force)
    return change


def summary(changes: Sequence[Change]) -> list[tuple[Any, ...]]:
    """Return of each change which number it is for, what it wants, and what it is settled as."""
    return [(change.account_sid, change.phone_number, change.sid, change.wanted, change.settled) for change in changes]


# --- By what a row's number is looked for


@pytest.mark.parametrize(
    ("header", "row", "ref"),
    [
        ("sid,phone_number", f"{sid_of(1)},{number_of(1)}", sid_of(1)),
        ("sid,phone_number", f",{number_of(1)}", number_of(1)),
        ("phone_number", number_of(1), number_of(1)),
        ("sid", sid_of(1), sid_of(1)),
    ],
)
def test_a_row_is_looked_for_by_its_sid_else_by_its_number(header: str, row: str, ref: str) -> None:
    assert ref_of(read_text(f"{header},voice_url\n{row},{VOICE}\n").rows[0]) == ref


# --- What each row wants


def test_each_row_becomes_the_change_of_its_own_record_in_the_order_of_the_sheet() -> None:
    sheet = read_text(f"sid,voice_url,sms_url\n{sid_of(2)},{VOICE},{SMS}\n{sid_of(3)},{VOICE},\n{sid_of(1)},,{SMS}\n")
    lives = [live(2, account=SUB), live(3), live(1)]
    changes = changes_of(sheet, lives, never, force=False)
    assert [change.operation for change in changes] == ["set"] * 3
    assert [change.before for change in changes] == lives
    assert summary(changes) == [
        (SUB, number_of(2), sid_of(2), {"sms_url": SMS}, None),
        (MAIN, number_of(3), sid_of(3), {}, "unchanged"),
        (MAIN, number_of(1), sid_of(1), {"voice_url": "", "sms_url": SMS}, None),
    ]


def test_a_sheet_without_rows_wants_nothing() -> None:
    assert changes_of(read_text(f"{HEADER}\n"), [], never, force=False) == []


def test_every_value_that_cannot_be_set_is_listed_with_its_cell() -> None:
    sheet = read_text(f"{HEADER}\n{sid_of(1)},,nowhere\n{sid_of(2)},,{SMS}\n{sid_of(3)},,ftp://x.example\n")
    with pytest.raises(SheetErrors) as caught:
        changes_of(sheet, [live(1), live(2), live(3)], never, force=True)
    assert [problem.partition(":")[0] for problem in caught.value.problems] == ["C2 (voice_url)", "C4 (voice_url)"]


@pytest.mark.parametrize("force", [False, True])
def test_two_settings_that_delete_each_other_are_a_usage_error(force: bool) -> None:
    sheet = read_text(f"sid,trunk_sid,voice_application_sid\n{sid_of(1)},{TRUNK},{APPLICATION}\n")
    with pytest.raises(UsageError, match="delete each other") as caught:
        changes_of(sheet, [live()], never, force=force)
    assert caught.value.exit_code == ExitCode.USAGE


# --- Which rows are too old


def test_a_row_older_than_the_numbers_last_change_is_skipped_with_the_reason() -> None:
    change = change_of(THEN, live())
    assert summary([change]) == [(MAIN, number_of(1), sid_of(1), {"voice_url": SMS}, "skipped")]
    assert change.before == live()
    assert isinstance(change.reason, Refused)
    assert change.reason.message == f"line 2: {number_of(1)} was changed on {NOW}, after the sheet was written"
    assert change.reason.hint == "export it anew and edit that, or --force"


@pytest.mark.parametrize(
    ("written", "left", "force", "settled"),
    [
        (THEN, None, False, "skipped"),
        (THEN, OURS, False, "skipped"),
        (THEN, THEN, False, "skipped"),
        (THEN, NOW, False, None),
        (THEN, None, True, None),
        (NOW, None, False, None),
        (NOW, OURS, False, None),
        ("", None, False, None),
    ],
)
def test_a_row_is_too_old_where_someone_else_changed_the_number_since(
    written: str, left: str | None, force: bool, settled: str | None
) -> None:
    change = change_of(written, live(), left=left, force=force)
    assert (change.wanted, change.settled, change.reason is None) == ({"voice_url": SMS}, settled, settled is None)


def test_a_sheet_without_dates_is_applied_without_that_check() -> None:
    (change,) = changes_of(read_text(f"sid,voice_url\n{sid_of(1)},{SMS}\n"), [live()], never, force=False)
    assert (change.wanted, change.settled) == ({"voice_url": SMS}, None)


def test_a_row_that_holds_already_is_unchanged_however_old_it_is() -> None:
    change = change_of(THEN, live(voice_url=SMS))
    assert (change.settled, change.reason) == ("unchanged", None)


def test_only_the_old_rows_are_skipped() -> None:
    rows = [f'{sid_of(index)},"{written}",{SMS}' for index, written in [(1, NOW), (2, THEN), (3, NOW)]]
    sheet = read_text("\n".join([HEADER, *rows]) + "\n")
    changes = changes_of(sheet, [live(1), live(2), live(3)], nothing_left, force=False)
    assert [change.settled for change in changes] == [None, "skipped", None]


def test_what_this_machine_left_is_asked_of_the_account_that_holds_the_number() -> None:
    asked = []

    def left_by_us(account_sid: str, sid: str) -> str | None:
        asked.append((account_sid, sid))
        return NOW

    sheet = read_text(f'{HEADER}\n{sid_of(1)},"{THEN}",{SMS}\n{sid_of(2)},"{THEN}",{SMS}\n')
    changes = changes_of(sheet, [live(1), live(2, account=SUB)], left_by_us, force=False)
    assert asked == [(MAIN, sid_of(1)), (SUB, sid_of(2))]
    assert [change.settled for change in changes] == [None, None]


# --- Read-only cells


def test_each_read_only_cell_that_differs_is_a_line_with_both_values() -> None:
    sheet = read_text(f"sid,origin,status,voice_url\n{sid_of(1)},twilio,in-use,{SMS}\n{sid_of(2)},hosted,released,\n")
    lives = [live(1, origin="twilio", status="in-use"), live(2, origin="twilio", status="in-use")]
    assert list(differences(sheet, lives)) == [
        "B3 (origin): 'hosted' in the sheet, 'twilio' on the service; it cannot be set",
        "C3 (status): 'released' in the sheet, 'in-use' on the service; it cannot be set",
    ]


def test_a_read_only_value_of_json_is_named_by_its_item() -> None:
    sheet = read_text(json.dumps([{"sid": sid_of(1), "account_sid": SUB, "origin": "twilio"}]), "sheet.json")
    assert list(differences(sheet, [live(origin="twilio")])) == [
        f"item 1, account_sid: {SUB!r} in the sheet, {MAIN!r} on the service; it cannot be set"
    ]


def test_neither_the_date_nor_a_setting_is_a_read_only_difference() -> None:
    sheet = read_text(f'{HEADER}\n{sid_of(1)},"{THEN}",{SMS}\n')
    assert list(differences(sheet, [live()])) == []


def test_a_read_only_cell_that_differs_is_never_sent() -> None:
    sheet = read_text(f"sid,origin,sms_url\n{sid_of(1)},hosted,{SMS}\n")
    (change,) = changes_of(sheet, [live(origin="twilio")], never, force=False)
    assert change.wanted == {"sms_url": SMS}
