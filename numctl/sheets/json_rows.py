"""Rows from JSON and JSON Lines: unknown keys are ignored, types are not converted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import chain
from typing import Any

from numctl.model.number import CAPABILITY_COLUMNS, ability
from numctl.model.settings import SETTINGS
from numctl.sheets.builder import Gathering
from numctl.sheets.columns import KEYS, KNOWN, used
from numctl.sheets.decoding import first_lines, lines, pieces
from numctl.sheets.json_stream import Broken, Item, decode, values
from numctl.sheets.row import Kind, Layout, cell_address, place
from numctl.text.cells import as_text

_PASSED_OVER = ("capabilities", "subresource_uris")
"""Capabilities are read one by one; subresources follow from the SID."""

_SHAPES_LIMIT = 100

_TYPES: dict[str, type] = {
    **dict.fromkeys(KEYS, str),
    **{name: bool if setting.type is bool else str for name, setting in SETTINGS.items()},
    "capabilities": dict,
}
"""The API's type of each value; null and the empty text are always allowed."""

_EXPECTED = {str: "text is", bool: "true or false is", dict: "an object is"}


@dataclass
class _Shapes:
    """The layouts of the objects read so far, one for each set of keys."""

    name: str
    kind: Kind
    only: frozenset[str] | None
    layouts: dict[tuple[str, ...], Layout] = field(default_factory=dict)
    _of_keys: dict[tuple[str, ...], Layout] = field(default_factory=dict)

    def of(self, item: Item) -> Layout:
        """The layout of an object's keys; most objects of a sheet have the same keys."""
        keys = tuple(item)
        if keys not in self._of_keys:
            if len(self._of_keys) >= _SHAPES_LIMIT:
                self._of_keys.clear()
            self._of_keys[keys] = self._layout(keys)
        return self._of_keys[keys]

    def _layout(self, keys: tuple[str, ...]) -> Layout:
        there = {*keys, *(CAPABILITY_COLUMNS if "capabilities" in keys else ())}
        names = tuple(name for name in KNOWN if name in there and name not in _PASSED_OVER and used(name, self.only))
        if names not in self.layouts:
            columns = tuple(name for name in names if name not in KEYS)
            self.layouts[names] = Layout(self.name, self.kind, columns, dict.fromkeys(names, 0))
        return self.layouts[names]

    def columns(self) -> tuple[str, ...]:
        """The keys in use in any object."""
        return tuple(name for name in KNOWN if any(name in names for names in self.layouts))


def read_json(text: TextIOWrapper, gathering: Gathering, *, array: bool, by_line: bool) -> tuple[Kind, tuple[str, ...]]:
    """Read the rows of a JSON text; return whether it is JSON Lines, and the keys in use.

    `array` says that the text begins with `[`; otherwise each line is an object, or the text is one object.
    """
    source = lines(text, gathering.problems)
    head = [] if array else list(first_lines(source))
    by_line = not array and (by_line or (bool(head) and _is_object(head[-1])))
    shapes = _Shapes(gathering.name, "jsonl" if by_line else "json", gathering.only)
    if by_line or not (array or "".join(head).strip()):  # a text that is empty or blank has no rows
        found = _by_lines(chain(head, source), gathering)
    else:
        found = enumerate(values(chain(head, pieces(text, gathering.problems, len(head) + 1))), 1)
    try:
        for number, value in found:
            _add(shapes, number, value, gathering)
    except Broken as error:
        gathering.problems.append(str(error))
    return shapes.kind, shapes.columns()


def _is_object(line: str) -> bool:
    try:
        return isinstance(decode(line), dict)
    except Broken:
        return False


def _by_lines(source: Iterable[str], gathering: Gathering) -> Iterator[tuple[int, Any]]:
    """Yield (line, value) for each line that is not blank; a line that is not JSON becomes a problem."""
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            yield number, decode(line)
        except Broken as error:
            gathering.problems.append(f"line {number}: {error}")


def _add(shapes: _Shapes, number: int, value: Any, gathering: Gathering) -> None:
    where = place(shapes.kind, number)
    if not isinstance(value, Item):
        gathering.problems.append(f"{where}: an object is expected, not {_json_type(value)}")
        return
    layout = shapes.of(value)
    twice = [name for name in value.repeated if name in KNOWN and used(name, shapes.only)]
    faults = [f"{where}: the key {name} appears twice" for name in twice]
    faults += _wrong_types(layout, number, value)
    gathering.problems.extend(faults)
    if "sid" not in value and "phone_number" not in value:
        gathering.problems.append(f"{where}: neither a sid nor a phone_number{_suggestion(value)}")
    elif not SETTINGS.keys() & value.keys():
        gathering.problems.append(f"{where}: none of its keys can be set{_suggestion(value)}")
    elif not faults:
        keys = {name: value[name] or "" for name in KEYS if name in value}
        gathering.add(layout, number, number, keys, [_text_of(value, name) for name in layout.columns])


def _suggestion(item: Item) -> str:
    """The known keys that unknown ones may stand for: other clients write friendlyName."""
    pairs = ((key, re.sub(r"(?<=[a-z])(?=[A-Z])|[ -]", "_", key).lower()) for key in item if key not in KNOWN)
    found = [f"{name} for {key}" for key, name in pairs if name in KNOWN]
    return f": did you mean {', '.join(found)}?" if found else ""


def _text_of(item: Item, name: str) -> str:
    """Null is empty, booleans are `true` and `false`."""
    value = item.get(name)
    if isinstance(value, str):
        return value
    if name in item:
        return as_text(value)
    return as_text(ability(item["capabilities"], name.removeprefix("capabilities_")))


def _wrong_types(layout: Layout, number: int, item: Item) -> list[str]:
    """A line for each key, setting or capability that does not have the API's type."""
    wrong = {
        name
        for name, value in item.items()
        if value is not None and value != "" and name in _TYPES and not isinstance(value, _TYPES[name])
    }
    if not wrong:
        return []
    names = [*layout.positions, *(["capabilities"] if CAPABILITY_COLUMNS[0] in layout.positions else [])]
    return [
        f"{cell_address(layout, name, number, number)}: "
        f"{_EXPECTED[_TYPES[name]]} expected, not {_json_type(item[name])}"
        for name in names
        if name in wrong
    ]


def _json_type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    return "text" if isinstance(value, str) else "an array" if isinstance(value, list) else "a number"
