"""Fields are checked before anything is sent."""

from __future__ import annotations

import io

import pytest

from numctl.errors import UsageError
from numctl.model.number import COLUMNS, FIELDS, TABLE_FIELDS
from numctl.output import Output, check_fields, open_writer
from numctl.output.shapes import NUMBERS
from numctl.text.stdout import Out


@pytest.mark.parametrize("kind", ["table", "json", "jsonl", "csv", "xlsx"])
def test_an_unknown_field_is_refused_with_those_it_may_mean(kind: str) -> None:
    with pytest.raises(UsageError) as refusal:
        open_writer(Output(kind, fields=("sid", "voice_ur")), NUMBERS, Out(io.BytesIO()))  # type: ignore[arg-type]  # a str
    assert (
        refusal.value.message
        == "there is no field 'voice_ur': did you mean voice_url, voice_fallback_url or voice_method?"
    )
    assert refusal.value.see == "all fields"


def test_no_field_at_all_is_refused() -> None:
    with pytest.raises(UsageError, match="names no field"):
        check_fields(Output(fields=()), NUMBERS)


def test_every_field_column_and_table_column_is_valid() -> None:
    assert {*FIELDS, *COLUMNS, *TABLE_FIELDS} == set(NUMBERS.valid)
    check_fields(Output(fields=NUMBERS.valid), NUMBERS)
