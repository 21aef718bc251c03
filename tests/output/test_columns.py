"""A column says once what it holds in JSON, in a sheet and in a table."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from numctl.output import Column, Output, Shape, columns_of

from .samples import written

ROW = {"name": "desk", "size": 2, "parts": {"a": 1, "b": 2}}
SHAPE = Shape(
    name="things",
    key="name",
    columns=columns_of(
        ("name", "size", "double", "parts", "a"),
        Column("size", cell=lambda row: row["size"] * 10, text=lambda row: f"{row['size']} inches"),
        Column("double", value=lambda row: row["size"] * 2),
        Column("parts", text=lambda row: " ".join(row["parts"]), parts=("a", "double")),
        Column("a", value=lambda row: row["parts"]["a"]),
    ),
)
FIELDS = ("parts", "size", "double", "name")


def shown(kind: Any, shape: Shape = SHAPE, fields: tuple[str, ...] | None = FIELDS) -> str:
    return written(Output(kind, fields=fields), [ROW], shape=shape).decode()


def test_json_has_the_value() -> None:
    (row,) = json.loads(shown("json"))
    assert list(row.items()) == [("parts", {"a": 1, "b": 2}), ("size", 2), ("double", 4), ("name", "desk")]


def test_a_sheet_has_the_cell_and_a_column_for_each_part() -> None:
    assert shown("csv") == "a,double,size,name\n1,4,20,desk\n"


def test_a_table_has_the_text() -> None:
    assert shown("table") == "parts\tsize\tdouble\tname\na b\t2 inches\t4\tdesk\n"


def test_without_a_choice_a_table_and_a_sheet_have_the_columns_of_the_shape_or_all() -> None:
    few = replace(SHAPE, table=("name",), sheet=("name", "a"))
    assert shown("table", few, None) == "name\ndesk\n"
    assert shown("csv", few, None) == "name,a\ndesk,1\n"
    assert shown("table", SHAPE, None) == "name\tsize\tdouble\tparts\ta\ndesk\t2 inches\t4\ta b\t1\n"
