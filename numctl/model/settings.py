"""The one table of what can be set on a number, at purchase or later.

Options, wire names, writable sheet columns, man page and README derive from it. Names are the API's own in snake_case;
PascalCase of them is exactly the wire name:
https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from numctl.model import ids
from numctl.model.ids import Invalid
from numctl.wording import quoted

Wanted = dict[str, str | bool]
"""The settings to make: field → value; the empty string clears."""


class Setting(NamedTuple):
    """One setting: its field, its type, its help and its panel in the help."""

    name: str
    type: Any
    help: str
    panel: str

    @property
    def clearable(self) -> bool:
        """Whether an empty value clears it."""
        return ids.is_clearable(self.type)

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that it can have, empty if there are more than a few."""
        return ids.choices_of(self.type)

    @property
    def option(self) -> str:
        """The long option, such as `--voice-url`."""
        return "--" + self.name.replace("_", "-")

    @property
    def wire_name(self) -> str:
        """The request parameter, such as `VoiceUrl`."""
        return "".join(word.capitalize() for word in self.name.split("_"))


GENERAL, VOICE, MESSAGES = "Name", "Calls", "Messages"
REGULATORY, EMERGENCY = "Regulatory", "Emergency calls"

_ROWS = (
    Setting("friendly_name", ids.FriendlyName, "Name of the number, at most 64 characters.", GENERAL),
    Setting("voice_url", ids.Url, "Webhook that answers a call.", VOICE),
    Setting("voice_method", ids.Method, "How voice_url is called.", VOICE),
    Setting("voice_fallback_url", ids.Url, "Webhook for when voice_url fails.", VOICE),
    Setting("voice_fallback_method", ids.Method, "How voice_fallback_url is called.", VOICE),
    Setting("voice_application_sid", ids.ApplicationSid, "Application that handles calls; unassigns the trunk.", VOICE),
    Setting("voice_caller_id_lookup", bool, "Look up the caller's name; billed per call.", VOICE),
    Setting("voice_receive_mode", ids.ReceiveMode, "Receive voice or fax.", VOICE),
    Setting("trunk_sid", ids.TrunkSid, "SIP trunk that handles calls; unassigns the voice application.", VOICE),
    Setting("status_callback", ids.Url, "Webhook for call status.", VOICE),
    Setting("status_callback_method", ids.Method, "How status_callback is called.", VOICE),
    Setting("sms_url", ids.Url, "Webhook that receives a message.", MESSAGES),
    Setting("sms_method", ids.Method, "How sms_url is called.", MESSAGES),
    Setting("sms_fallback_url", ids.Url, "Webhook for when sms_url fails.", MESSAGES),
    Setting("sms_fallback_method", ids.Method, "How sms_fallback_url is called.", MESSAGES),
    Setting("sms_application_sid", ids.ApplicationSid, "Application that receives messages.", MESSAGES),
    Setting("address_sid", ids.AddressSid, "Address, if regulation requires one.", REGULATORY),
    Setting("bundle_sid", ids.BundleSid, "Regulatory bundle.", REGULATORY),
    Setting("identity_sid", ids.IdentitySid, "Identity, if regulation requires one.", REGULATORY),
    Setting(
        "emergency_status",
        ids.EmergencyStatus,
        "Ignored by the service since 2021; see --emergency-address-sid.",
        EMERGENCY,
    ),
    Setting("emergency_address_sid", ids.AddressSid, "Address for emergency services.", EMERGENCY),
    Setting("api_version", ids.ApiVersion, "API version of the calls' TwiML, such as 2010-04-01.", GENERAL),
)

SETTINGS: dict[str, Setting] = {row.name: row for row in _ROWS}
"""The 22 parameters that create and update share, by field."""

IGNORED = "emergency_status"
"""The service has ignored it since 2021: it follows the emergency address. Only its own option sends it:
https://www.twilio.com/en-us/changelog/changes-to-the-emergency-calling-api"""

RESTORABLE = frozenset(SETTINGS) - {IGNORED}
"""What sheets, undo and re-purchases set."""

DEFAULTS: dict[str, str | bool] = {
    **{row.name: "POST" for row in _ROWS if "GET" in row.choices},
    "voice_caller_id_lookup": False,
    "voice_receive_mode": "voice",
    "api_version": "2010-04-01",
}
"""What a new number has unless the purchase sets it. Some numbers refuse some of these."""

URL_FIELDS = ("voice_url", "voice_fallback_url", "status_callback", "sms_url", "sms_fallback_url")
REGULATORY_FIELDS = tuple(row.name for row in _ROWS if row.panel == REGULATORY)
CLEARABLE = tuple(row.name for row in _ROWS if row.clearable)


@cache
def _check(field: str) -> Callable[[str], str | bool]:
    """Cached, because building a validator is slow."""
    from pydantic import TypeAdapter, ValidationError

    validate = TypeAdapter(SETTINGS[field].type).validate_python

    def checked(text: str) -> str | bool:
        try:
            value: str | bool = validate(text)
        except ValidationError as error:
            raise Invalid(error.errors()[0]["msg"]) from error
        return value

    return checked


def parse(field: str, text: str) -> str | bool:
    """The value of a setting from its text; raises Invalid."""
    if SETTINGS[field].type is bool and text.lower() not in ("true", "false"):
        raise Invalid(f"{quoted(text)} is neither true nor false")
    return _check(field)(text)


def wire(wanted: Mapping[str, str | bool]) -> dict[str, str]:
    """The request parameters: PascalCase names, `true` and `false` for the boolean."""
    return {SETTINGS[field].wire_name: wire_text(value) for field, value in wanted.items()}


def wire_text(value: str | bool) -> str:
    """A value as the service and a sheet write it."""
    return value if isinstance(value, str) else str(value).lower()


def same(live: Any, wanted: str | bool) -> bool:
    """Whether a live value already is the wanted one: null and the empty string are both "not set".

    The case of a SID's digits does not matter.
    """
    if isinstance(wanted, bool):
        return bool(live) == wanted
    text = "" if live is None else wire_text(live) if isinstance(live, bool) else str(live)
    return text == wanted or (len(text) == ids.SID_LENGTH and ids.normal_sid(text) == ids.normal_sid(wanted))
