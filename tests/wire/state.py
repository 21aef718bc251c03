"""The accounts and numbers that the test server keeps, and what was done to them."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any

from .reply import Reply, problem

DEFAULTS: dict[str, Any] = {
    "address_requirements": "none",
    "address_sid": None,
    "api_version": "2010-04-01",
    "beta": False,
    "bundle_sid": None,
    "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
    "date_created": "Thu, 30 Jul 2015 23:19:04 +0000",
    "date_updated": "Thu, 30 Jul 2015 23:19:04 +0000",
    "emergency_address_sid": None,
    "emergency_address_status": "unregistered",
    "emergency_status": "Inactive",
    "identity_sid": None,
    "origin": "twilio",
    "sms_application_sid": "",
    "sms_fallback_method": "POST",
    "sms_fallback_url": "",
    "sms_method": "POST",
    "sms_url": "",
    "status": "in-use",
    "status_callback": "",
    "status_callback_method": "POST",
    "trunk_sid": None,
    "type": "local",
    "voice_application_sid": "",
    "voice_caller_id_lookup": False,
    "voice_fallback_method": "POST",
    "voice_fallback_url": "",
    "voice_method": "POST",
    "voice_receive_mode": "voice",
    "voice_url": "",
}
SAMPLE = 30
"""So many numbers for sale an answer shows."""

NAMES = (
    *("friendly_name", "api_version", "trunk_sid", "identity_sid", "address_sid", "bundle_sid"),
    *("sms_application_sid", "sms_fallback_method", "sms_fallback_url", "sms_method", "sms_url"),
    *("status_callback", "status_callback_method", "emergency_status", "emergency_address_sid"),
    *("voice_application_sid", "voice_caller_id_lookup", "voice_fallback_method", "voice_fallback_url"),
    *("voice_method", "voice_url", "voice_receive_mode"),
)
PARAMETERS = {"".join(word.capitalize() for word in name.split("_")): name for name in NAMES}
EXCLUSIVE = {"trunk_sid": "voice_application_sid", "voice_application_sid": "trunk_sid"}


class State:
    """Numbers by account and SID.

    For `lag` seconds after each change reading still shows what was before it; `rewrites` makes of a record what is
    stored instead; `date` says when a record was changed.
    """

    def __init__(self, accounts: dict[str, str]) -> None:
        self.accounts = {
            sid: {"sid": sid, "friendly_name": name, "status": "active", "auth_token": "f" * 32}
            for sid, name in accounts.items()
        }
        self.numbers: dict[str, dict[str, dict[str, Any]]] = {sid: {} for sid in accounts}
        self.purchases: list[str] = []
        self.not_for_sale: set[str] = set()
        self.stock: dict[str, list[str]] = {}
        self.luck = Random(415)
        self.ignored: set[str] = set()
        self.rewrites: Callable[[dict[str, Any]], dict[str, Any]] = dict
        self.date: Callable[[], str] = lambda: str(DEFAULTS["date_updated"])
        self.lag = 0.0
        self.now: Callable[[], float] = time.monotonic
        self._stale_until = 0.0
        self._before: dict[str, dict[str, dict[str, Any]]] = {}
        self._serial = count(1)

    def add(self, account: str, phone_number: str, **settings: Any) -> dict[str, Any]:
        """Put a number into an account, without anybody's request."""
        sid = f"PN{next(self._serial):032x}"
        uri = f"/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}.json"
        own = {"sid": sid, "account_sid": account, "phone_number": phone_number, "uri": uri}
        name = {"friendly_name": phone_number}
        self.numbers[account][sid] = copy.deepcopy(DEFAULTS) | name | own | settings
        return self.numbers[account][sid]

    def find(self, phone_number: str) -> dict[str, Any] | None:
        """Return the number's record, whichever account holds it."""
        held = (record for numbers in self.numbers.values() for record in numbers.values())
        return next((record for record in held if record["phone_number"] == phone_number), None)

    def seen(self, account: str) -> dict[str, dict[str, Any]]:
        """Return the numbers of an account as a read finds them now."""
        return (self._before if self.now() < self._stale_until else self.numbers)[account]

    def changing(self) -> None:
        """Remember what reading goes on to show for a while."""
        if self.lag:
            self._before, self._stale_until = copy.deepcopy(self.numbers), self.now() + self.lag

    def offered(self, path: str, place: str, query: dict[str, str]) -> Reply:
        """Answer a search: a sample of 30 in any order, without the keys of paging."""
        if place not in self.stock:
            return missing(place)
        start = f"+1{query['AreaCode']}" if "AreaCode" in query else "+"
        found = [
            {"phone_number": number, "capabilities": {"voice": True, "SMS": True}, "address_requirements": "none"}
            for number in self.stock[place]
            if number.startswith(start) and query.get("Contains", "").strip("+") in number and not self.find(number)
        ]
        shown = self.luck.sample(found, min(SAMPLE, len(found)))
        return Reply(200, {"available_phone_numbers": shown, "uri": path})

    def create(self, account: str, form: dict[str, str]) -> Reply:
        phone_number = form.get("PhoneNumber", "")
        if not phone_number.startswith("+") or not phone_number[1:].isdigit():
            return problem(400, 21421, f"PhoneNumber {phone_number} is not a valid phone number")
        if self.find(phone_number) or phone_number in self.not_for_sale:
            return problem(400, 21422, f"PhoneNumber {phone_number} is not available")
        self.changing()
        self.purchases.append(phone_number)
        record = self.add(account, phone_number)
        self.put(record, {name: value for name, value in form.items() if name != "EmergencyAddressSid"})
        return Reply(201, copy.deepcopy(record))

    def update(self, account: str, sid: str, form: dict[str, str]) -> Reply:
        record = self.numbers[account].get(sid)
        if record is None:
            return missing(sid)
        target = form.get("AccountSid", account)
        if target not in self.numbers:
            return problem(400, 21451, f"{target} is not an account of this family")
        self.changing()
        self.put(record, form)
        record["account_sid"] = target
        self.numbers[target][sid] = self.numbers[account].pop(sid)
        return Reply(200, copy.deepcopy(record))

    def put(self, record: dict[str, Any], form: dict[str, str]) -> None:
        for parameter, value in form.items():
            name = PARAMETERS.get(parameter)
            if name is None or name in self.ignored:
                continue
            if name == "emergency_address_sid":
                record["emergency_address_status"] = "pending-registration" if value else "pending-unregistration"
            record[name] = value == "true" if name == "voice_caller_id_lookup" else value
            if value and name in EXCLUSIVE:
                record[EXCLUSIVE[name]] = None
        record.update(self.rewrites(record), date_updated=self.date())

    def delete(self, account: str, sid: str) -> Reply:
        if sid not in self.numbers[account]:
            return missing(sid)
        self.changing()
        del self.numbers[account][sid]
        return Reply(204)


def missing(sid: str) -> Reply:
    return problem(404, 20404, f"The requested resource {sid} was not found")
