"""Fields are checked before anything is sent."""

from __future__ import annotations

import io

import pytest

from numctl.errors import UsageError
from numctl.model.number import COLUMNS, FIELDS, TABLE_FIELDS
from numctl.output import Out, Output, check_fields, open_writer
from numctl.output.shapes import NUMBERS


@pytest.mark.parametrize("kind", ["table", "json", "jsonl", "csv", "xlsx"])
def test_an_unknown_field_lists_the_valid_ones(kind: str) -> None:
    with pytest.raises(UsageError) as refusal:
        open_writer(Output(kind, fields=("sid", "nmae")), NUMBERS, Out(io.BytesIO()))  # type: ignore[arg-type]  # a str
    assert refusal.value.message == "unknown field: 'nmae'"
    assert refusal.value.hint == f"the fields are: {', '.join(NUMBERS.valid)}"


def test_no_field_at_all_is_refused() -> None:
    with pytest.raises(UsageError, match="names no field"):
        check_fields(Output(fields=()), NUMBERS)


def test_every_field_column_and_table_column_is_valid() -> None:
    assert {*FIELDS, *COLUMNS, *TABLE_FIELDS} == set(NUMBERS.valid)
    check_fields(Output(fields=NUMBERS.valid), NUMBERS)
