"""Client: one short method for each operation of the REST API, 2010-04-01.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from numctl.api.paging import Collection, Paging, pages
from numctl.api.request import Request
from numctl.api.scope import Scope
from numctl.api.transport import Transport
from numctl.errors import AnswerLost, AuthError, Malformed
from numctl.model import settings
from numctl.model.number import Record
from numctl.model.settings import Wanted

_ROOT = "/2010-04-01/Accounts"
_PAGE_SIZE = 1000
_NUMBERS = Collection("incoming_phone_numbers", "sid")
_ACCOUNTS = Collection("accounts", "sid")
_ADDRESSES = Collection("addresses", "sid")
_COUNTRIES = Collection("countries", "country_code", Paging.NONE)
_FOR_SALE = Collection("available_phone_numbers", "phone_number", Paging.NONE)

_NUMBER_TYPES = {"local": "Local", "mobile": "Mobile", "toll-free": "TollFree"}
_SALE_TYPES = {
    **_NUMBER_TYPES,
    "national": "National",
    "shared-cost": "SharedCost",
    "voip": "Voip",
    "machine-to-machine": "MachineToMachine",
}


class Client:
    """The operations on one account; `on` gives the same for another account of the family."""

    def __init__(self, transport: Transport, account_sid: str, scope: Scope | None = None) -> None:
        self.transport = transport
        self.account_sid = account_sid
        self.scope = scope or Scope(account_sid, transport.keyed, transport.region)
        self._root = f"{_ROOT}/{_checked('AC', account_sid)}"

    def on(self, account_sid: str) -> Client:
        """The client of another account, with the same credentials and connections."""
        return self if account_sid == self.account_sid else Client(self.transport, account_sid, self.scope)

    def hurried(self, seconds: float) -> Client:
        """The same client, giving up on a request after this many seconds."""
        return Client(self.transport.hurried(seconds), self.account_sid, self.scope)

    def once(self, seconds: float) -> Client:
        """The same client, without retries, giving up after this many seconds."""
        return Client(self.transport.once(seconds), self.account_sid, self.scope)

    def pages(
        self,
        *,
        type: str | None = None,
        page_size: int = _PAGE_SIZE,
        beta: bool | None = None,
        friendly_name: str | None = None,
        phone_number: str | None = None,
        origin: str | None = None,
    ) -> Iterator[list[Record]]:
        """The account's numbers, a page at a time; `phone_number` may be partial, with `*` for any digit."""
        asked = {"Beta": beta, "FriendlyName": friendly_name, "PhoneNumber": phone_number, "Origin": origin}
        params = {name: settings.wire_text(value) for name, value in asked.items() if value is not None}
        kind = f"/{_NUMBER_TYPES[type]}" if type else ""
        path = f"{self._root}/IncomingPhoneNumbers{kind}.json"
        return self._pages(path, _NUMBERS, {**params, "PageSize": str(page_size)})

    def fetch(self, sid: str) -> Record:
        """The number's record; raises NotFound."""
        record = self._number(self._get(self._path(sid), self.account_sid))
        if record["sid"].lower() != sid.lower():
            raise Malformed(f"the service answered for another number: {record['sid']!r} instead of {sid}")
        return record

    def owned(self, phone_number: str) -> Record | None:
        """The account's record of exactly this number; the service's filter also matches parts of numbers."""
        for page in self.pages(phone_number=phone_number):
            for record in page:
                if record.get("phone_number") == phone_number:
                    return record
        return None

    def buy(self, phone_number: str, wanted: Wanted) -> Record:
        """Buy a number and set it up; raises AnswerLost if it may have been bought all the same."""
        form = {"PhoneNumber": phone_number, **settings.wire(wanted)}
        with self._explaining(self.account_sid):
            bought = self._change("POST", f"{self._root}/IncomingPhoneNumbers.json", form, repeatable=False)
        return _expect(self._own(bought), "phone_number", phone_number)

    def update(self, sid: str, wanted: Wanted, *, to_account: str | None = None) -> Record:
        """Change settings of a number, or move it to another account of the family.

        A move that may have taken effect is not repeated: the number is no longer at the same path.
        """
        form = ({"AccountSid": to_account} if to_account else {}) | settings.wire(wanted)
        with self._explaining(to_account or self.account_sid):
            changed = self._change("POST", self._path(sid), form, repeatable=to_account is None)
        return _expect(changed if to_account else self._own(changed), "sid", sid)

    def release(self, sid: str) -> None:
        """Release a number; raises NotFound if the account does not have it."""
        with self._explaining(self.account_sid):
            answer = self.transport.request(Request("DELETE", self._path(sid)))
        if answer is not None:
            raise AnswerLost("the answer to a release is not empty, as the service documents it", late=True)

    def account(self, sid: str) -> Record:
        """One account, without its token."""
        return _without_token(self._get(f"{_ROOT}/{_checked('AC', sid)}.json", sid))

    def accounts(self) -> Iterator[list[Record]]:
        """The account and its subaccounts, a page at a time, without their tokens."""
        request = Request("GET", f"{_ROOT}.json", {"PageSize": str(_PAGE_SIZE)})
        with self._explaining(None):
            for page in pages(self.transport, request, _ACCOUNTS):
                yield [_without_token(account) for account in page]

    def countries(self) -> Iterator[list[Record]]:
        """The countries where numbers are for sale, each with the `subresource_uris` of its types."""
        return self._pages(f"{self._root}/AvailablePhoneNumbers.json", _COUNTRIES, {})

    def available(
        self, country: str, type: str, filters: Mapping[str, str], *, page_size: int = _PAGE_SIZE
    ) -> Iterator[list[Record]]:
        """Numbers for sale; `filters` are request parameters by their wire names."""
        path = f"{self._root}/AvailablePhoneNumbers/{country}/{_SALE_TYPES[type]}.json"
        params = {**filters, "PageSize": str(page_size)}
        return self._pages(path, _FOR_SALE, params)

    def addresses(self, country: str) -> Iterator[list[Record]]:
        params = {"IsoCountry": country, "PageSize": str(_PAGE_SIZE)}
        return self._pages(f"{self._root}/Addresses.json", _ADDRESSES, params)

    def _path(self, sid: str) -> str:
        return f"{self._root}/IncomingPhoneNumbers/{_checked('PN', sid)}.json"

    def _own(self, record: Record) -> Record:
        if record.get("account_sid") is None:
            return record
        return _expect(record, "account_sid", self.account_sid)

    def _pages(self, path: str, collection: Collection, params: Mapping[str, str]) -> Iterator[list[Record]]:
        with self._explaining(self.account_sid):
            yield from pages(self.transport, Request("GET", path, params), collection)

    @contextmanager
    def _explaining(self, account_sid: str | None) -> Iterator[None]:
        try:
            yield
        except AuthError as error:
            raise self.scope.explain(error, account_sid) from error

    def _get(self, path: str, account_sid: str) -> Record:
        with self._explaining(account_sid):
            answer = self.transport.request(Request("GET", path))
        if answer is None:
            raise Malformed("the service sent an empty answer instead of a record")
        return answer

    def _change(self, method: str, path: str, form: Mapping[str, str], *, repeatable: bool = True) -> Record:
        answer = self.transport.request(Request(method, path, form=form, repeatable=repeatable))
        if answer is None or not _is_number(answer):
            raise AnswerLost("the answer is not a phone number's record", late=True)
        return answer

    def _number(self, record: Record) -> Record:
        if not _is_number(record):
            raise Malformed("the service's answer is not a phone number's record")
        return record


def _checked(prefix: str, sid: str) -> str:
    """Check a SID before it goes into a path: one that a service made up could lead anywhere."""
    if re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", sid):
        return sid
    raise Malformed(f"the service sent something that is not a SID: {sid[:80]!r}")


def _is_number(record: Record) -> bool:
    return isinstance(record.get("sid"), str) and isinstance(record.get("phone_number"), str)


def _expect(record: Record, field: str, value: str) -> Record:
    if record[field] != value:
        # The change was made to another number: looking at this one cannot show that nothing happened.
        raise AnswerLost(f"the service answered for another number: {record[field]!r} instead of {value}", late=True)
    return record


def _without_token(account: Record) -> Record:
    if not isinstance(account.get("sid"), str):
        raise Malformed("the service's answer is not an account's record")
    return {name: value for name, value in account.items() if name != "auth_token"}
