"""What numctl writes and nobody edits changes nothing, whatever the service has."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from numctl.model.number import COLUMNS
from numctl.model.settings import SETTINGS
from numctl.output import Output, open_writer
from numctl.output.shapes import NUMBERS
from numctl.sheets import read, read_only_differences, wanted_by_row
from numctl.sheets.damage import damage_in
from numctl.text.stdout import Out
from tests.examples import fewer_examples

from .samples import ACCOUNT, record

TRICKY = st.text("'=+-@\t\r\n\",;a_x0057DF#N/A\x07\u202e\U0001f600", max_size=12)
ESCAPES = st.sampled_from(["_x000D_", "_x005F_x000D_", "x005F_", "_x0041_", "#N/A", "1E+5", "true", "\ufeff", "\ufffe"])
TEXT = st.text(max_size=40) | TRICKY | ESCAPES
VALUES = {name: st.none() | (st.booleans() if name == "voice_caller_id_lookup" else TEXT) for name in SETTINGS}
READ_ONLY = {"origin": TEXT.filter(lambda text: "#" not in text), "beta": st.booleans(), "type": st.none()}


def written(kind: Any, records: list[dict[str, Any]]) -> io.BytesIO:
    """A sheet as numctl writes it."""
    stream = io.BytesIO()
    writer = open_writer(Output(kind), NUMBERS, Out(stream, terminal=False, width=80, color=False))
    writer.write(records)
    writer.finish()
    return io.BytesIO(stream.getvalue())


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "xlsx"])
@fewer_examples(2)
@given(fields=st.lists(st.fixed_dictionaries({**VALUES, **READ_ONLY}), min_size=1, max_size=3))
def test_a_sheet_as_numctl_wrote_it_changes_nothing(kind: str, fields: list[dict[str, Any]]) -> None:
    records = [
        record(**changed, sid=f"PN{i:032x}", phone_number=f"+1415555{i:04d}", account_sid=ACCOUNT)
        for i, changed in enumerate(fields)
    ]
    sheet = read(written(kind, records), name="-")
    assert sheet.kind in (kind, "jsonl")
    assert [row.sid for row in sheet.rows] == [live["sid"] for live in records]
    assert wanted_by_row(sheet, records) == [{} for _ in records]
    assert [read_only_differences(row, live) for row, live in zip(sheet.rows, records, strict=True)] == [
        [] for _ in records
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
@given(name=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=64) | st.just("=1+1"))
@fewer_examples(2)
@example(name="3E5")
def test_a_name_that_was_edited_arrives_as_it_was_written(kind: str, name: str) -> None:
    assume(damage_in(name) is None)
    sheet = read(written(kind, [record(friendly_name=name)]), name="-")
    wanted = wanted_by_row(sheet, [record(friendly_name="another")])
    assert wanted in (
        [{"friendly_name": name}],
        [{"friendly_name": name.translate({0xFFFE: None, 0xFFFF: None})}],
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "jsonl"])
def test_every_column_that_numctl_writes_is_read(kind: str) -> None:
    live = {**dict.fromkeys(COLUMNS), **record()}
    assert set(read(written(kind, [live]), name="-").columns) == set(COLUMNS)
