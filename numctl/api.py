"""Client: one short method for each operation of the REST API, 2010-04-01.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from numctl import settings
from numctl.errors import AnswerLost, Malformed
from numctl.number import Record
from numctl.settings import Wanted
from numctl.transport import Transport

ROOT = "/2010-04-01/Accounts"
PAGE_SIZE = 1000
LONGEST_ADDRESS = 8192
MOST_EMPTY = 100
"""Pages without a row that may follow one another before they are taken to have no end."""

NUMBER_TYPES = {"local": "Local", "mobile": "Mobile", "toll-free": "TollFree"}
SALE_TYPES = {
    **NUMBER_TYPES,
    "national": "National",
    "shared-cost": "SharedCost",
    "voip": "Voip",
    "machine-to-machine": "MachineToMachine",
}


class Client:
    """The operations on one account; `on` gives the same for another account of the family."""

    def __init__(self, transport: Transport, account_sid: str) -> None:
        self.transport = transport
        self.account_sid = account_sid
        self._root = f"{ROOT}/{checked('AC', account_sid)}"

    def on(self, account_sid: str) -> Client:
        """Return the client of another account, with the same credentials and connections."""
        return self if account_sid == self.account_sid else Client(self.transport, account_sid)

    def hurried(self, seconds: float) -> Client:
        """Return the same client, whose requests are given up after at most so many seconds."""
        return Client(self.transport.hurried(seconds), self.account_sid)

    def pages(
        self,
        *,
        type: str | None = None,
        page_size: int = PAGE_SIZE,
        beta: bool | None = None,
        friendly_name: str | None = None,
        phone_number: str | None = None,
        origin: str | None = None,
    ) -> Iterator[list[Record]]:
        """Yield the account's numbers, a page at a time; `phone_number` may be partial, with `*` for any digit."""
        asked = {"Beta": beta, "FriendlyName": friendly_name, "PhoneNumber": phone_number, "Origin": origin}
        params = {name: settings.as_text(value) for name, value in asked.items() if value is not None}
        kind = f"/{NUMBER_TYPES[type]}" if type else ""
        path = f"{self._root}/IncomingPhoneNumbers{kind}.json"
        return self._pages(path, "incoming_phone_numbers", {**params, "PageSize": str(page_size)}, key="sid")

    def fetch(self, sid: str) -> Record:
        """Return one number; raises NotFound."""
        record = self._number(self._get(self._path(sid)))
        if record["sid"].lower() != sid.lower():
            raise Malformed(f"the service answered for another number: {record['sid']!r} instead of {sid}")
        return record

    def owned(self, phone_number: str) -> Record | None:
        """Return the account's record of exactly this number: the service's filter matches parts of numbers, too."""
        for page in self.pages(phone_number=phone_number):
            for record in page:
                if record.get("phone_number") == phone_number:
                    return record
        return None

    def buy(self, phone_number: str, wanted: Wanted) -> Record:
        """Buy one number, with settings; raises AnswerLost where it may have been bought all the same."""
        form = {"PhoneNumber": phone_number, **settings.wire(wanted)}
        bought = self._change("POST", f"{self._root}/IncomingPhoneNumbers.json", form, repeatable=False)
        return expect(self._own(bought), "phone_number", phone_number)

    def update(self, sid: str, wanted: Wanted, *, to_account: str | None = None) -> Record:
        """Change settings of a number, or move it to another account of the family.

        A move is not repeated where it may have taken effect: the number is no longer where it would be sent again.
        """
        form = ({"AccountSid": to_account} if to_account else {}) | settings.wire(wanted)
        changed = self._change("POST", self._path(sid), form, repeatable=to_account is None)
        return expect(changed if to_account else self._own(changed), "sid", sid)

    def release(self, sid: str) -> None:
        """Give a number back; raises NotFound where it is not there (any more)."""
        if self.transport.request("DELETE", self._path(sid)) is not None:
            raise AnswerLost("the answer to a release is not the empty one that the service documents")

    def account(self, sid: str) -> Record:
        """Return one account, without its token."""
        return without_token(self._get(f"{ROOT}/{checked('AC', sid)}.json"))

    def accounts(self) -> Iterator[list[Record]]:
        """Yield the account and its subaccounts, a page at a time, without their tokens."""
        for page in self._pages(f"{ROOT}.json", "accounts", {"PageSize": str(PAGE_SIZE)}, key="sid"):
            yield [without_token(account) for account in page]

    def countries(self) -> Iterator[list[Record]]:
        """Yield the countries where numbers are for sale, each with the `subresource_uris` of its types."""
        return self._pages(f"{self._root}/AvailablePhoneNumbers.json", "countries", {}, key="country_code")

    def available(
        self, country: str, type: str, filters: Mapping[str, str], *, page_size: int = PAGE_SIZE
    ) -> Iterator[list[Record]]:
        """Yield numbers for sale; `filters` are request parameters by their wire names."""
        path = f"{self._root}/AvailablePhoneNumbers/{country}/{SALE_TYPES[type]}.json"
        params = {**filters, "PageSize": str(page_size)}
        return self._pages(path, "available_phone_numbers", params, key="phone_number")

    def addresses(self, country: str) -> Iterator[list[Record]]:
        """Yield the account's addresses in one country."""
        params = {"IsoCountry": country, "PageSize": str(PAGE_SIZE)}
        return self._pages(f"{self._root}/Addresses.json", "addresses", params, key="sid")

    def _path(self, sid: str) -> str:
        return f"{self._root}/IncomingPhoneNumbers/{checked('PN', sid)}.json"

    def _own(self, record: Record) -> Record:
        if record.get("account_sid") is None:
            return record
        return expect(record, "account_sid", self.account_sid)

    def _get(self, path: str, params: Mapping[str, str] | None = None) -> Record:
        answer = self.transport.request("GET", path, params=params)
        if answer is None:
            raise Malformed("the service answered with nothing where a record was asked for")
        return answer

    def _change(self, method: str, path: str, form: Mapping[str, str], *, repeatable: bool = True) -> Record:
        answer = self.transport.request(method, path, form=form, repeatable=repeatable)
        if answer is None or not is_number(answer):
            raise AnswerLost("the answer is not a phone number's record")
        return answer

    def _number(self, record: Record) -> Record:
        if not is_number(record):
            raise Malformed("the service answered with something that is not a phone number's record")
        return record

    def _pages(self, path: str, name: str, params: Mapping[str, str], *, key: str) -> Iterator[list[Record]]:
        """Yield pages, following next_page_uri within the same account; raises Malformed for a loop or another shape.

        What stands again on the page after is left out: reading a list that changes shifts it.
        """
        walk = Walk(key)
        page = self._get(path, params)
        while True:
            rows = rows_of(page, name, key)
            following = self._following(page.get("next_page_uri"), path)
            yield walk.fresh(rows, following)
            if following is None:
                return
            page = self._get(following)

    def _following(self, uri: Any, path: str) -> str | None:
        if uri is None or uri == "":
            return None
        base = self.transport.base_url
        relative = uri.removeprefix(base) if isinstance(uri, str) else ""
        if len(relative) <= LONGEST_ADDRESS and re.fullmatch(rf"{re.escape(path)}(\?[^#\s]*)?", relative):
            return relative
        raise Malformed(f"the next page is not under this account: {str(uri)[:80]!r}; the list is not complete")


class Walk:
    """Follow pages: what stands again on the page after is left out, and pages that never end are found out."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._addresses: set[str] = set()
        self._starts: set[str] = set()
        self._last: dict[str, None] = {}
        self._empty = 0

    def fresh(self, rows: list[Record], following: str | None) -> list[Record]:
        """Return the rows that the page before did not have; raises Malformed where the pages go round in a circle.

        A page that begins as an earlier one did is that page again, whatever its address.
        """
        keys = dict.fromkeys(row[self._key] for row in rows)
        fresh = [row for row in rows if row[self._key] not in self._last]
        again = not self._starts.isdisjoint(islice(keys, 1))
        self._empty = 0 if fresh else self._empty + 1
        if following in self._addresses or again or (following and (self._empty > MOST_EMPTY or (rows and not fresh))):
            raise Malformed("the service's pages go round in a circle; the list is not complete")
        self._starts.update(islice(self._last, 1))
        self._addresses.update([following] if following else ())
        self._last = keys
        return fresh


def rows_of(page: Record, name: str, key: str) -> list[Record]:
    """Return the records of a page, each once; raises Malformed unless it is a list of objects with their key."""
    rows = page.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) and isinstance(row.get(key), str) for row in rows):
        raise Malformed(f"the service answered without a list of {name.replace('_', ' ')}")
    unique = {row[key]: row for row in rows}
    return rows if len(unique) == len(rows) else list(unique.values())


def checked(prefix: str, sid: str) -> str:
    """Return a SID that may stand in a path; raises Malformed: one that a service made up could lead anywhere."""
    if re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", sid):
        return sid
    raise Malformed(f"the service named something that is not a SID: {sid[:80]!r}")


def is_number(record: Record) -> bool:
    """Say whether a record has what every number has."""
    return isinstance(record.get("sid"), str) and isinstance(record.get("phone_number"), str)


def expect(record: Record, field: str, value: str) -> Record:
    """Return the record; raises AnswerLost when it is another number's than was asked for."""
    if record[field] != value:
        # What was done, was done to another number: a look at this one cannot show that nothing happened.
        raise AnswerLost(f"the service answered for another number: {record[field]!r} instead of {value}", late=True)
    return record


def without_token(account: Record) -> Record:
    """Return an account without the secret that the service puts into it; raises Malformed for another shape."""
    if not isinstance(account.get("sid"), str):
        raise Malformed("the service answered with something that is not an account's record")
    return {name: value for name, value in account.items() if name != "auth_token"}
