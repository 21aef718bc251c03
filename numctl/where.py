"""The filters that numctl applies itself: `--where`, `--capability` and `--country` of list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from numctl.errors import UsageError
from numctl.number import CAPABILITY_COLUMNS, FIELDS, Record, can, column
from numctl.settings import URL_FIELDS

Test = Callable[[Record], bool]
FORM = re.compile(r"([a-z_]+)(!=|!~|=|~)(.*)", re.DOTALL)
NAMES = ("any_url", *FIELDS, *CAPABILITY_COLUMNS)


def where(text: str) -> Test:
    """Return the test of one FIELD=GLOB, FIELD!=GLOB, FIELD~TEXT or FIELD!~TEXT.

    The glob is of the whole value, `*` its only wildcard, and empty means "not set"; TEXT is found whatever its case.
    Raises UsageError for another form, or a field that there is not.
    """
    parts = FORM.fullmatch(text)
    if not parts:
        raise UsageError(f"--where {text!r}: it is FIELD=GLOB, FIELD!=GLOB, FIELD~TEXT or FIELD!~TEXT")
    name, operator, value = parts.groups()
    if name not in NAMES:
        raise UsageError(f"--where {text!r}: there is no field {name!r}", hint=f"the fields are: {', '.join(NAMES)}")
    matches = contains(value) if operator.endswith("~") else equals(value)
    names = URL_FIELDS if name == "any_url" else (name,)
    wanted = not operator.startswith("!")
    return lambda record: any(matches(as_text(column(record, field))) for field in names) == wanted


def equals(glob: str) -> Callable[[str], bool]:
    """Return the test of a whole value, in which only `*` stands for anything."""
    if "*" not in glob:
        return lambda value: value == glob
    form = re.compile(".*".join(map(re.escape, glob.split("*"))), re.DOTALL)
    return lambda value: form.fullmatch(value) is not None


def contains(text: str) -> Callable[[str], bool]:
    """Return the test of a part of a value, whatever its case."""
    folded = text.casefold()
    return lambda value: folded in value.casefold()


def as_text(value: Any) -> str:
    """Return a value as a filter sees it: null is empty, booleans are true and false, objects are JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    import json

    return json.dumps(value)


def capability(name: str) -> Test:
    """Return the test of a capability."""
    return lambda record: can(record, name) is True


def country(code: str) -> Test:
    """Return the test of the country that a number belongs to, ISO 3166-1 alpha-2; raises UsageError."""
    from numctl.regions import is_region, region_of

    if not is_region(code):
        raise UsageError(f"--country {code}: no country has this code (ISO 3166-1, such as US or GB)")
    return lambda record: region_of(str(record.get("phone_number"))) == code


def all_of(tests: Sequence[Test]) -> Test | None:
    """Return one test for all, None where there is none."""
    return (lambda record: all(test(record) for test in tests)) if tests else None
