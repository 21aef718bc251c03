"""Emergency calling: an address takes time to register, blocks a release, and never replaces another one.

https://www.twilio.com/docs/voice/sip/api/emergency-calling-api

The service's error codes for these refusals are not publicly known, so they are 0 here.
"""

from __future__ import annotations

from numctl.model.countries import country_of_number
from numctl.model.number import Record
from numctl.sandbox.problems import unnumbered

READS = 2
"""How many reads of a number still show a change of its emergency address as pending."""

_SID, _STATUS = "emergency_address_sid", "emergency_address_status"
_REGISTERING = ("US", "CA", "GB")
_NOT_BLOCKING = ("unregistered", "registration-failure")


def requested(before: Record, wanted: Record) -> Record:
    """The properties that an update gives to the emergency address; raises Problem."""
    if _SID not in wanted:
        return {}
    held, new = before.get(_SID), wanted[_SID]
    if is_pending(before):
        raise unnumbered(f"The emergency address of {before['phone_number']} is being changed: {before[_STATUS]}")
    if new == held:
        return {_SID: held}
    if new and held:
        raise unnumbered(f"{before['phone_number']} has an emergency address: clear it first")
    return {_SID: new or held, _STATUS: "pending-registration" if new else "pending-unregistration"}


def is_pending(number: Record) -> bool:
    """Whether a change of the emergency address is under way."""
    return str(number.get(_STATUS)).startswith("pending-")


def settled(number: Record) -> Record:
    """The number after its pending change of the emergency address, if there is one."""
    if number.get(_STATUS) == "pending-unregistration":
        return number | {_SID: None, _STATUS: "unregistered"}
    if number.get(_STATUS) == "pending-registration":
        good = country_of_number(number["phone_number"]) in _REGISTERING
        return number | {_STATUS: "registered" if good else "registration-failure"}
    return number


def check_release(number: Record) -> None:
    """Raise Problem if an emergency address blocks the release of a number."""
    if number.get(_SID) and number.get(_STATUS, "unregistered") not in _NOT_BLOCKING:
        raise unnumbered(f"{number['phone_number']} has a registered emergency address: clear it before the release")
