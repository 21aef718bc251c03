"""One number for a person: what handles its calls and messages, then its fields in groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from numctl.model.countries import country_of_number
from numctl.model.number import FIELDS, Record, abilities, can
from numctl.model.routing import handler
from numctl.model.settings import SETTINGS
from numctl.text.cells import as_text
from numctl.text.paint import Piece, Text, line
from numctl.text.times import age, local

_LEFT_OUT = ("phone_number", "uri", "subresource_uris")
"""Fields already shown, or only of use to programs; --fields and JSON have them."""

_DATES = ("date_created", "date_updated")
_NOUNS = {"trunk_sid": "trunk ", "voice_application_sid": "application ", "sms_application_sid": "application "}
_FALLBACK = {"voice_url": "voice_fallback_url", "sms_url": "sms_fallback_url"}
_NEEDED = {"calls": ("voice",), "messages": ("sms", "mms")}
"""What is received with one of these capabilities."""

_NOTHING = "—"


def view(record: Record, now: datetime | None) -> Iterator[Text]:
    """Yield a record; `now` makes its dates local, each with its age, and None leaves them as they are."""
    name = f"  {record['friendly_name']}" if record.get("friendly_name") else ""
    yield line(Piece(str(record.get("phone_number")), "number"), name)
    yield line(_kind(record), indent=2)
    for what in _NEEDED:
        yield from _routing(record, what)
    yield line(Piece("Settings of applications, trunks and Messaging Services are not shown.", "muted"), indent=2)
    groups = _groups(record)
    width = max((len(name) for names in groups.values() for name in names), default=0)
    for title, names in groups.items():
        yield from _group(record, title, names, width, now)


def _kind(record: Record) -> str:
    kind = (country_of_number(str(record.get("phone_number"))), record.get("type"))
    return f"{abilities(record) or _NOTHING} ({', '.join(str(part) for part in kind if part) or _NOTHING})"


def _routing(record: Record, what: str) -> Iterator[Text]:
    """Yield what the number's own settings make of a call or a message."""
    answer = handler(record, what)
    if all(can(record, capability) is False for capability in _NEEDED[what]):
        yield line(f"{what}: {_NOTHING} (the number cannot receive them)", indent=2)
        return
    if answer.field is None:
        yield line(f"{what}: {_NOTHING} (nothing is set to handle them)", indent=2)
        return
    yield line(f"{what}: {_NOUNS.get(answer.field, '')}{answer.value}", indent=2)
    fallback = record.get(_FALLBACK.get(answer.field, ""))
    if fallback:
        yield line(f"fallback: {fallback}", indent=4)
    if answer.ignored:
        yield line("ignored: ", Piece(", ".join(answer.ignored), "warning"), indent=4)
    if what == "calls" and record.get("voice_receive_mode") == "fax":
        yield line("received as fax (voice_receive_mode)", indent=4)


def _groups(record: Record) -> dict[str, list[str]]:
    """The record's fields by group: the panels of the settings, then the rest, unknown fields last."""
    groups: dict[str, list[str]] = {}
    for name, setting in SETTINGS.items():
        groups.setdefault(setting.panel, []).append(name)
    rest = [name for name in FIELDS if name not in SETTINGS and name not in _LEFT_OUT]
    groups["Details"] = rest + [name for name in record if name not in FIELDS]
    return {title: [name for name in names if name in record] for title, names in groups.items()}


def _group(record: Record, title: str, names: list[str], width: int, now: datetime | None) -> Iterator[Text]:
    if not names:
        return
    yield ""
    yield line(Piece(title, "heading"))
    unset = [name for name in names if record[name] in (None, "")]
    for name in names:
        if name not in unset:
            yield line(f"{name:<{width}}  {_text(record, name, now)}", indent=2)
    if unset:
        yield line(Piece(f"not set: {', '.join(unset)}", "muted"), indent=2)


def _text(record: Record, name: str, now: datetime | None) -> str:
    value: Any = record[name]
    if name == "capabilities" and isinstance(value, dict):
        return abilities(record) or _NOTHING
    if name in _DATES and now is not None:
        passed = age(value, now)
        return f"{local(value)} ({passed})" if passed else local(value)
    return as_text(value)
