"""Which field of a number's record decides what handles its calls and messages, and what that overrides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Handler(NamedTuple):
    """What answers a call or a message: the deciding field, its value, and the fields that it overrides."""

    field: str | None
    value: str
    ignored: tuple[str, ...]


PRECEDENCE = {
    "calls": ("trunk_sid", "voice_application_sid", "voice_url"),
    "messages": ("sms_application_sid", "sms_url"),
}
"""The first that is set answers. A trunk and a voice application delete each other; the URLs stay and are ignored."""

OVERRIDES: dict[str, tuple[str, ...]] = {
    "trunk_sid": ("voice_application_sid", "voice_url", "voice_fallback_url"),
    "voice_application_sid": ("voice_url", "voice_fallback_url"),
    "sms_application_sid": ("sms_url", "sms_fallback_url"),
}
"""What is ignored while the key is set. The status callback is not one of them: it does not answer calls."""

DELETES = {"trunk_sid": "voice_application_sid", "voice_application_sid": "trunk_sid"}
"""Setting the key deletes the value, as the documentation states."""


def handler(record: Mapping[str, Any], what: str) -> Handler:
    """What handles `calls` or `messages` by the number's own settings, in the documented order.

    The record does not show a Messaging Service, or the settings of an application or a trunk.
    """
    for field in PRECEDENCE[what]:
        if record.get(field):
            ignored = tuple(name for name in OVERRIDES.get(field, ()) if record.get(name))
            return Handler(field, str(record[field]), ignored)
    return Handler(None, "", ())
