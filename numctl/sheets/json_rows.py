"""Rows out of JSON and JSON Lines: keys that numctl does not know are passed over, types are not bent."""

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
"""Capabilities are read one by one; the subresources follow from the SID, and nobody edits them."""

_SHAPES_LIMIT = 100

_TYPES: dict[str, type] = {
    **dict.fromkeys(KEYS, str),
    **{name: bool if setting.type is bool else str for name, setting in SETTINGS.items()},
    "capabilities": dict,
}
"""The type that the API gives a value, other than null and the empty text, which always do."""

_EXPECTED = {str: "text is", bool: "true or false is", dict: "an object is"}


@dataclass
class _Shapes:
    """The layouts of the objects that were met, one for each set of keys."""

    name: str
    kind: Kind
    only: frozenset[str] | None
    layouts: dict[tuple[str, ...], Layout] = field(default_factory=dict)
    _of_keys: dict[tuple[str, ...], Layout] = field(default_factory=dict)

    def of(self, item: Item) -> Layout:
        """Return the layout of an object's keys that are used; most objects of a sheet have the same keys."""
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
        """Return the keys that were used in any object."""
        return tuple(name for name in KNOWN if any(name in names for names in self.layouts))


def read_json(text: TextIOWrapper, gathering: Gathering, *, array: bool, by_line: bool) -> tuple[Kind, tuple[str, ...]]:
    """Read the rows of a JSON text; return whether it is JSON Lines, and the keys that are used in any row.

    `array` says that the text begins with `[`; otherwise its lines are objects, or it is one object.
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
    """Say whether a line is an object of its own."""
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
    """Add the row of one value, or say why it is none."""
    where = place(shapes.kind, number)
    if not isinstance(value, Item):
        gathering.problems.append(f"{where}: an object is expected, not {_called(value)}")
        return
    layout = shapes.of(value)
    twice = [name for name in value.repeated if name in KNOWN and used(name, shapes.only)]
    faults = [f"{where}: the key {name} is there twice" for name in twice]
    faults += _wrong_types(layout, number, value)
    gathering.problems.extend(faults)
    if "sid" not in value and "phone_number" not in value:
        gathering.problems.append(f"{where}: neither a sid nor a phone_number{_meant(value)}")
    elif not SETTINGS.keys() & value.keys():
        gathering.problems.append(f"{where}: no key of it can be set{_meant(value)}")
    elif not faults:
        keys = {name: value[name] or "" for name in KEYS if name in value}
        gathering.add(layout, number, number, keys, [_text_of(value, name) for name in layout.columns])


def _meant(item: Item) -> str:
    """Return which keys may be meant by those that numctl does not know: other clients write friendlyName."""
    pairs = ((key, re.sub(r"(?<=[a-z])(?=[A-Z])|[ -]", "_", key).lower()) for key in item if key not in KNOWN)
    found = [f"{name} for {key}" for key, name in pairs if name in KNOWN]
    return f": did you mean {', '.join(found)}?" if found else ""


def _text_of(item: Item, name: str) -> str:
    """Return one column of an object as text: null is empty, booleans are `true` and `false`."""
    value = item.get(name)
    if isinstance(value, str):
        return value
    if name in item:
        return as_text(value)
    return as_text(ability(item["capabilities"], name.removeprefix("capabilities_")))


def _wrong_types(layout: Layout, number: int, item: Item) -> list[str]:
    """Return a line for each key, setting or capability that has not the type that the API gives it."""
    wrong = {
        name
        for name, value in item.items()
        if value is not None and value != "" and name in _TYPES and not isinstance(value, _TYPES[name])
    }
    if not wrong:
        return []
    names = [*layout.positions, *(["capabilities"] if CAPABILITY_COLUMNS[0] in layout.positions else [])]
    return [
        f"{cell_address(layout, name, number, number)}: {_EXPECTED[_TYPES[name]]} expected, not {_called(item[name])}"
        for name in names
        if name in wrong
    ]


def _called(value: Any) -> str:
    """Return what JSON calls a value, for a message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    return "text" if isinstance(value, str) else "an array" if isinstance(value, list) else "a number"
