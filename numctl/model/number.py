"""A number as the service returns it, read leniently and kept losslessly.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numctl.model.routing import handler
from numctl.model.settings import SETTINGS, same

Record = dict[str, Any]
"""One answer of the service, as it arrived: unknown fields, unknown enum values and nulls included."""

_READ_ONLY = (
    "address_requirements",
    "beta",
    "capabilities",
    "date_created",
    "date_updated",
    "emergency_address_status",
    "origin",
    "status",
    "type",
    "uri",
)
_KEYS = ("phone_number", "friendly_name", "sid", "account_sid")
CAPABILITIES = ("voice", "sms", "mms", "fax")
CAPABILITY_COLUMNS = tuple(f"capabilities_{name}" for name in CAPABILITIES)
CAPABILITY_OF = dict(zip(CAPABILITY_COLUMNS, CAPABILITIES, strict=True))

EMERGENCY = "emergency_address_sid"
"""The service takes a while to change it; `emergency_address_status` shows the progress."""

FIELDS: tuple[str, ...] = (
    *_KEYS,
    *(name for name in SETTINGS if name not in _KEYS),
    *_READ_ONLY,
    "subresource_uris",
)
"""The API's own properties, in the order in which numctl shows them: 33 documented, date_created, type, and
subresource_uris."""

COLUMNS: tuple[str, ...] = tuple(
    column
    for field in FIELDS
    if field != "subresource_uris"
    for column in (CAPABILITY_COLUMNS if field == "capabilities" else (field,))
)
"""The columns of a sheet, in an order that numctl fixes, since the service promises none."""

TABLE_FIELDS = ("phone_number", "friendly_name", "capabilities", "calls", "messages")
"""What a table shows without --fields; the last two say what answers, as `routing` finds it."""


def column(record: Mapping[str, Any], name: str) -> Any:
    """One column of a record: a property, one capability, or what answers calls or messages."""
    capability = CAPABILITY_OF.get(name)
    if capability is not None:
        return ability(record.get("capabilities"), capability)
    if name in ("calls", "messages"):
        return handler(record, name).value
    return record.get(name)


def unsaid(record: Record, wanted: Mapping[str, Any]) -> list[str]:
    """The settings that a record leaves out; the service does not always return every field."""
    return [name for name in wanted if name not in record]


def contradicted(record: Record, wanted: Mapping[str, Any]) -> list[str]:
    """The settings that have another value in the record."""
    return [name for name, value in wanted.items() if name in record and not same(record[name], value)]


def unmet(record: Record, wanted: Mapping[str, Any]) -> list[str]:
    """The settings that have another value in the record, except an emergency address still being processed."""
    return [name for name in contradicted(record, wanted) if name != EMERGENCY or not is_under_way(record, wanted)]


def pending(record: Record, wanted: Mapping[str, Any]) -> list[str]:
    """The settings that the service has accepted but not finished: registering an emergency address."""
    status = record.get("emergency_address_status")
    if EMERGENCY not in wanted or not isinstance(status, str) or status.endswith("-failure"):
        return []
    ends = ("registered",) if wanted[EMERGENCY] else ("unregistered", "")
    return [] if status in ends else [EMERGENCY]


def completed(record: Record, wanted: Mapping[str, Any]) -> Record:
    """The record as it will be once the service has finished what it accepted."""
    return record | {name: wanted[name] or None for name in pending(record, wanted)}


def is_changing(record: Record) -> bool:
    """Whether the service is registering or clearing an emergency address; until then it takes no other."""
    return str(record.get("emergency_address_status") or "").startswith("pending-")


def is_clearing(record: Record) -> bool:
    """Whether the service is clearing an emergency address, which the record may show until then."""
    return bool(record.get("emergency_address_status") == "pending-unregistration")


def is_under_way(record: Record, wanted: Mapping[str, Any]) -> bool:
    """Whether the service is registering or clearing an emergency address as wanted."""
    if not wanted[EMERGENCY]:
        return is_clearing(record)
    held, status = record.get(EMERGENCY), record.get("emergency_address_status")
    return status == "pending-registration" and (not held or same(held, wanted[EMERGENCY]))


def difference(before: Record, after: Record) -> dict[str, list[Any]]:
    """Map each writable field that differs between two records to `[before, after]`; null and empty are equal.

    A field that one record leaves out is no difference, unless there is no record before at all.
    """
    names = [*SETTINGS, "account_sid"] if before else list(SETTINGS)
    return {
        name: [before.get(name), after[name]]
        for name in names
        if name in after and (name in before or not before) and (before.get(name) or None) != (after[name] or None)
    }


def ability(capabilities: Any, name: str) -> Any:
    """One capability in a record's `capabilities`; some answers of the service write the names in capitals."""
    if not isinstance(capabilities, dict):
        return None
    if name in capabilities:
        return capabilities[name]
    return next((value for key, value in capabilities.items() if str(key).lower() == name), None)


def can(record: Mapping[str, Any], capability: str) -> bool | None:
    """Whether a number has a capability; None if the service does not say."""
    found = ability(record.get("capabilities"), capability)
    return None if found is None else bool(found)


def abilities(record: Mapping[str, Any]) -> str:
    """What a number can do, such as `voice sms`."""
    return " ".join(name for name in CAPABILITIES if can(record, name))
