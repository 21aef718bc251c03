"""The filters that numctl applies itself: `--where`, `--capability` and `--country` of list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from numctl.errors import UsageError
from numctl.model.number import CAPABILITIES, CAPABILITY_COLUMNS, CAPABILITY_OF, FIELDS, Record, can
from numctl.model.settings import URL_FIELDS
from numctl.text import cells
from numctl.text.suggestions import unknown_field
from numctl.wording import quoted

_Test = Callable[[Record], bool]
_Match = Callable[[str], bool]
_FORM = re.compile(r"([^=~!]+)(!=|!~|=|~)(.*)", re.DOTALL)
NAMES = ("any_url", *FIELDS, *CAPABILITY_COLUMNS)


class Filter(NamedTuple):
    """A test of records, and the same test ignoring case, which reveals a slip if nothing matches."""

    holds: _Test
    in_any_case: _Test


def where(text: str) -> Filter:
    """The filter of one FIELD=GLOB, FIELD!=GLOB, FIELD~TEXT or FIELD!~TEXT.

    The glob is of the whole value, `*` its only wildcard, and empty means "not set"; TEXT matches in any case. Raises
    UsageError for another form, an empty TEXT, or an unknown field.
    """
    parts = _FORM.fullmatch(text)
    if not parts:
        raise UsageError(f"--where {quoted(text)}: it is FIELD=GLOB, FIELD!=GLOB, FIELD~TEXT or FIELD!~TEXT")
    name, operator, value = parts.groups()
    if name not in NAMES:
        raise UsageError(f"--where {quoted(text)}: {unknown_field(name, NAMES)}", see="all fields")
    if operator.endswith("~") and not value:
        raise UsageError(f"--where {quoted(text)}: no text after {operator}", hint=f"{name}= means that it is not set")
    if operator == "=":
        folded = equals(value.casefold())
        return Filter(_tested(name, equals(value), value), _tested(name, lambda found: folded(found.casefold()), value))
    test = _tested(name, _contains(value) if operator.endswith("~") else equals(value), value)
    return _same_in_any_case(test if operator == "~" else lambda record: not test(record))


def _tested(name: str, matches: _Match, value: str) -> _Test:
    """The test of a record's field. For `any_url` one URL that matches is enough; "not set" means that none is."""
    if name != "any_url":
        return lambda record: matches(_text_of(record, name))
    enough = any if value else all
    return lambda record: enough(matches(_text_of(record, field)) for field in URL_FIELDS)


def equals(glob: str) -> _Match:
    """The test of a whole value, in which only `*` stands for anything.

    Each piece is looked for once, behind the one before it, so that many stars cost no more than few.
    """
    first, *middle = glob.split("*")
    if not middle:
        return lambda value: value == glob
    last = middle.pop()

    def test(value: str) -> bool:
        end = len(value) - len(last)
        at = len(first)
        if at > end or not (value.startswith(first) and value.endswith(last)):
            return False
        for piece in middle:
            found = value.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    return test


def _contains(text: str) -> _Match:
    """The test of a part of a value, in any case."""
    folded = text.casefold()
    return lambda value: folded in value.casefold()


def _text_of(record: Record, name: str) -> str:
    """A field as CSV holds it, without its guard; capabilities are the names of the true ones."""
    if name == "capabilities":
        return _capability_names(record)
    value: Any = can(record, CAPABILITY_OF[name]) if name in CAPABILITY_OF else record.get(name)
    return cells.storable(cells.as_text(value))


def _capability_names(record: Record) -> str:
    """The capabilities that a number has, such as `voice sms`: those that numctl knows first."""
    found = record.get("capabilities")
    others = sorted({name.lower() for name, there in found.items() if there}) if isinstance(found, dict) else []
    known = [name for name in CAPABILITIES if can(record, name)]
    return " ".join([*known, *(name for name in others if name not in CAPABILITIES)])


def capability(name: str) -> Filter:
    """The filter of a capability."""
    return _same_in_any_case(lambda record: can(record, name) is True)


def country(code: str) -> Filter:
    """The filter of the country that a number belongs to, ISO 3166-1 alpha-2; raises UsageError."""
    from numctl.model.countries import country_of_number, is_country

    if not is_country(code):
        raise UsageError(f"--country {code}: no country has this code (ISO 3166-1, such as US or GB)")
    return _same_in_any_case(lambda record: country_of_number(str(record.get("phone_number"))) == code)


def _same_in_any_case(test: _Test) -> Filter:
    """The filter of a test that ignores case."""
    return Filter(test, test)


def all_of(filters: Sequence[Filter]) -> Filter | None:
    """One filter for all, None if there is none."""
    if not filters:
        return None
    return Filter(
        lambda record: all(one.holds(record) for one in filters),
        lambda record: all(one.in_any_case(record) for one in filters),
    )
