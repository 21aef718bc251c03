"""From a sheet and the live records to changes: what each row wants, and which rows are too old to be carried out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.changes.change import Change
from numctl.changes.from_sheet import changes_of, differences, ref_of
from numctl.changes.recorded import Entry
from numctl.errors import ExitCode, Refused, UsageError
from numctl.model.moment import moment
from numctl.model.number import Record
from numctl.sheets import SheetErrors
from tests.fakes import APPLICATION, MAIN, SMS, SUB, TRUNK, VOICE, a_record, number_of, sid_of
from tests.sheets.samples import read_text

EARLIER, THEN, NOW, OURS = (f"Thu, 30 Jul 2015 23:{minute}:04 +0000" for minute in ("09", 10, 11, 12))
BETWEEN = "Thu, 30 Jul 2015 23:10:30 +0000"
HEADER = "sid,date_updated,voice_url"


def live(index: int = 1, **more: Any) -> Record:
    return a_record(index, date_updated=NOW, **more)


Steps = Sequence[tuple[str | None, str | None]]
"""The dates before and after each of our changes, newest first."""


def ours(before: Record, after: Record, **wanted: str) -> Entry:
    """A change of number 1 as the history has it."""
    named = {"sid": sid_of(1), "phone_number": number_of(1), "account_sid": MAIN, "operation": "set"}
    return {**named, "before": before, "after": after, "wanted": wanted}


def steps_of(left: Steps) -> list[Entry]:
    """Changes that went from the one date to the other."""
    return [ours(a_record(1, date_updated=before), a_record(1, date_updated=after)) for before, after in left]


def nothing_left(sid: str) -> None:
    return None


def never(sid: str) -> list[Entry]:
    raise AssertionError("the history is asked only where a row is old and would change something")


def change_of(written: str, record: Record, *, left: Steps = (), force: bool = False) -> Change:
    """The change of a row for number 1 that sets another URL, written when `date_updated` was `written`."""
    sheet = read_text(f'{HEADER}\n{sid_of(1)},"{written}",{SMS}\n')
    (change,) = changes_of(sheet, [record], lambda *_: steps_of(left), force=force)
    return change


def summary(changes: Sequence[Change]) -> list[tuple[Any, ...]]:
    """Of each change which number it is for, what it wants, and what it is settled as."""
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
    assert [change.operation.name for change in changes] == ["set"] * 3
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
    assert change.reason.message == (
        f"line 2: {number_of(1)} was changed on {NOW}, after the sheet was written; now it has another voice_url"
    )
    assert change.reason.hint == "export it again and edit that, or use --force"


def test_a_row_that_is_too_old_shows_what_the_number_has_now_and_no_url() -> None:
    header = "sid,date_updated,friendly_name,voice_url,sms_url,voice_method,voice_caller_id_lookup"
    sheet = read_text(f'{header}\n{sid_of(1)},"{THEN}",Desk,{SMS},{SMS},GET,yes\n')
    record = live(friendly_name="Front desk", voice_url="https://user:secret@example.com/", sms_url="")
    record |= {"voice_method": "POST", "voice_caller_id_lookup": False}
    (change,) = changes_of(sheet, [record], nothing_left, force=False)
    assert change.reason is not None
    assert change.reason.message.partition("; ")[2] == (
        "now it has friendly_name 'Front desk', another voice_url, no sms_url, voice_method 'POST', "
        "voice_caller_id_lookup 'false'"
    )


@pytest.mark.parametrize(
    ("written", "left", "force", "settled"),
    [
        (THEN, [], False, "skipped"),
        (THEN, [(NOW, OURS)], False, "skipped"),
        (THEN, [(EARLIER, THEN)], False, "skipped"),
        (THEN, [(THEN, NOW)], False, None),
        (THEN, [(BETWEEN, NOW), (THEN, BETWEEN)], False, None),
        (THEN, [(THEN, NOW), (EARLIER, THEN)], False, None),
        (THEN, [(BETWEEN, NOW)], False, "skipped"),
        (THEN, [(BETWEEN, NOW), (EARLIER, THEN)], False, "skipped"),
        (THEN, [(EARLIER, NOW)], False, "skipped"),
        (THEN, [(None, NOW)], False, "skipped"),
        (THEN, [(None, NOW), (THEN, None)], False, None),
        (THEN, [], True, None),
        (NOW, [], False, None),
        (NOW, [(NOW, OURS)], False, None),
        ("", [], False, None),
    ],
)
def test_a_row_is_stale_unless_only_our_own_changes_lead_to_the_live_number(
    written: str, left: Steps, force: bool, settled: str | None
) -> None:
    change = change_of(written, live(), left=left, force=force)
    assert (change.wanted, change.settled, change.reason is None) == ({"voice_url": SMS}, settled, settled is None)


def state(date: str, name: str, url: str = VOICE) -> Record:
    return a_record(1, date_updated=date, friendly_name=name, voice_url=url)


@pytest.mark.parametrize(
    ("entries", "settled"),
    [
        ([ours(state(THEN, "a"), state(NOW, "b"), friendly_name="b")], None),
        ([ours(state(THEN, "a"), state(NOW, "c"), friendly_name="c")], "skipped"),
        ([ours(state(THEN, "a"), state(NOW, "b"))], "skipped"),
        ([ours(state(THEN, "b", SMS), state(NOW, "b"), friendly_name="b")], "skipped"),
        (
            [
                ours(state(NOW, "a"), state(NOW, "b"), friendly_name="b"),
                ours(state(THEN, "old"), state(NOW, "a"), friendly_name="a"),
            ],
            None,
        ),
        (
            [
                ours(state(NOW, "theirs"), state(NOW, "b"), friendly_name="b"),
                ours(state(THEN, "old"), state(NOW, "a"), friendly_name="a"),
            ],
            "skipped",
        ),
    ],
    ids=["ours", "theirs after ours", "not asked for", "theirs beside ours", "both ours", "theirs between ours"],
)
def test_a_row_is_stale_if_somebody_else_made_a_change_in_the_second_of_ours(
    entries: list[Entry], settled: str | None
) -> None:
    sheet = read_text(f'{HEADER}\n{sid_of(1)},"{THEN}",https://third.example.com/\n')
    (change,) = changes_of(sheet, [state(NOW, "b")], lambda *_: entries, force=False)
    assert change.settled == settled


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


def test_what_this_machine_left_is_asked_of_each_number() -> None:
    asked = []

    def left_by_us(sid: str) -> list[Entry]:
        asked.append(sid)
        return steps_of([(THEN, NOW)])

    sheet = read_text(f'{HEADER}\n{sid_of(1)},"{THEN}",{SMS}\n{sid_of(2)},"{THEN}",{SMS}\n')
    changes = changes_of(sheet, [live(1), live(2)], left_by_us, force=False)
    assert asked == [sid_of(1), sid_of(2)]
    assert [change.settled for change in changes] == [None, None]


@pytest.mark.parametrize(
    ("written", "settled"),
    [
        ("2015-07-30T23:11:04Z", None),
        ("2015-07-30T23:11:04.000+00:00", None),
        ("2015-07-30 23:11:04", None),
        ("2015-07-31T01:11:04+02:00", None),
        ("30 Jul 2015 23:11:04 GMT", None),
        ("Thu, 30 Jul 2015 23:11:04 -0000", None),
        ("2015-07-30T23:11:03Z", "skipped"),
        ("2015-07-30T23:11:04+02:00", "skipped"),
        ("2015-07-30", "skipped"),
        ("7/30/15 23:11", "skipped"),
        ("soon", "skipped"),
    ],
)
def test_one_moment_written_in_two_ways_is_one_moment(written: str, settled: str | None) -> None:
    assert change_of(written, live()).settled == settled
    assert change_of(written, live(), left=[(BETWEEN, NOW), (THEN, BETWEEN)]).settled == settled


def test_a_moment_on_the_way_may_be_written_in_two_ways_too() -> None:
    steps = [("2015-07-30T23:10:30Z", NOW), (THEN, BETWEEN)]
    assert change_of(THEN, live(), left=steps).settled is None


@given(st.text() | st.text("0123456789-+:TZ ,JanuGMT.", max_size=40))
def test_a_date_that_is_none_is_read_as_the_text_that_it_is(text: str) -> None:
    found = moment(text)
    assert found is None if not text else found == text or isinstance(found, datetime)
    assert found == moment(text)


# --- Read-only cells


def test_each_read_only_cell_that_differs_is_a_line_with_both_values() -> None:
    sheet = read_text(f"sid,origin,status,voice_url\n{sid_of(1)},twilio,in-use,{SMS}\n{sid_of(2)},hosted,released,\n")
    lives = [live(1, origin="twilio", status="in-use"), live(2, origin="twilio", status="in-use")]
    assert list(differences(sheet, lives)) == [
        "B3 (origin): 'hosted' in the sheet, 'twilio' on the service; it cannot be set",
        "C3 (status): 'released' in the sheet, 'in-use' on the service; it cannot be set",
    ]


def test_a_read_only_value_of_json_is_named_by_its_item() -> None:
    sheet = read_text(
        json.dumps([{"sid": sid_of(1), "account_sid": SUB, "origin": "twilio", "sms_url": ""}]), "sheet.json"
    )
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
