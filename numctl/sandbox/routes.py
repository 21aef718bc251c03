"""The routes of the stand-in, some twenty resources.

https://www.twilio.com/docs/phone-numbers/api
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from numctl.model.number import Record
from numctl.sandbox import available, emergency, numbers
from numctl.sandbox.access import Reach
from numctl.sandbox.paging import answer, asked, page_of
from numctl.sandbox.parameters import boolean
from numctl.sandbox.problems import missing
from numctl.sandbox.state import State
from numctl.sandbox.stock import COUNTRIES, SOLD

_ACCOUNT = "/2010-04-01/Accounts/<account_sid>"
_NUMBERS = f"{_ACCOUNT}/IncomingPhoneNumbers"
_AVAILABLE = f"{_ACCOUNT}/AvailablePhoneNumbers"


class Call(NamedTuple):
    """An authorised request: what it reaches, the account that it acts on, its parameters and its path."""

    state: State
    shop: available.Shop
    reach: Reach
    account_sid: str
    query: dict[str, str]
    form: dict[str, str]
    path: str

    @property
    def uri(self) -> str:
        """The path with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def _as_json(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type="application/json")


def _one(record: Record | None, path: str, status: int = 200) -> Response:
    """Raises Problem if there is no record."""
    if record is None:
        raise missing(path)
    return _as_json(json.dumps(record), status)


def _many(call: Call, key: str, held: Sequence[Any]) -> Response:
    """The requested page of a list."""
    wanted = asked(call.query)
    return _as_json(answer(key, page_of(held, wanted), call.path, call.query, wanted))


def _filtered(call: Call, held: Sequence[Record], names: dict[str, str]) -> list[Record]:
    """The records with exactly the given properties."""
    given = {field: call.query[name] for name, field in names.items() if call.query.get(name)}
    return [record for record in held if all(record[field] == value for field, value in given.items())]


def _list_accounts(call: Call) -> Response:
    call.reach.check_reads_accounts()
    names = {"FriendlyName": "friendly_name", "Status": "status"}
    return _many(call, "accounts", _filtered(call, call.state.accounts(), names))


def _fetch_account(call: Call) -> Response:
    call.reach.check_reads_accounts()
    found = [account for account in call.state.accounts() if account["sid"] == call.account_sid]
    return _one(found[0], call.path)


def _list_addresses(call: Call) -> Response:
    names = {"IsoCountry": "iso_country", "FriendlyName": "friendly_name", "CustomerName": "customer_name"}
    found = _filtered(call, call.state.addresses(call.account_sid), names)
    if call.query.get("EmergencyEnabled"):
        wanted = boolean("EmergencyEnabled", call.query["EmergencyEnabled"])
        found = [address for address in found if address["emergency_enabled"] == wanted]
    return _many(call, "addresses", found)


def _list_numbers(call: Call, type: str | None = None) -> Response:
    wanted = asked(call.query)
    conditions = numbers.conditions(call.query, _kind(call, type))
    page = call.state.page(call.account_sid, conditions, wanted.cursor, wanted.size)
    if type is not None:
        page = page._replace(texts=[json.dumps(_untyped(json.loads(text))) for text in page.texts])
    return _as_json(answer("incoming_phone_numbers", page, call.path, call.query, wanted))


def _create_number(call: Call, type: str | None = None) -> Response:
    bought = numbers.buy(call.state, call.shop, call.account_sid, call.form, _kind(call, type))
    return _one(bought if type is None else _untyped(bought), call.path, 201)


def _untyped(record: Record) -> Record:
    """The resources of one type leave the property `type` out."""
    return {name: value for name, value in record.items() if name != "type"}


def _kind(call: Call, subresource: str | None) -> str | None:
    """The type of a subresource; raises Problem if there is no such subresource."""
    if subresource is not None and subresource not in numbers.TYPES:
        raise missing(call.path)
    return numbers.TYPES[subresource] if subresource else None


def _fetch_number(call: Call, sid: str) -> Response:
    return _one(call.state.number(call.account_sid, sid), call.path)


def _update_number(call: Call, sid: str) -> Response:
    return _one(numbers.update(call.state, call.reach, call.account_sid, sid, call.form), call.path)


def _delete_number(call: Call, sid: str) -> Response:
    """The answer has no body."""
    if not call.state.remove(call.account_sid, sid, emergency.check_release):
        raise missing(call.path)
    return Response(status=204)


def _list_add_ons(call: Call, sid: str) -> Response:
    """There are none here."""
    if call.state.number(call.account_sid, sid) is None:
        raise missing(call.path)
    return _many(call, "assigned_add_ons", [])


def _list_countries(call: Call) -> Response:
    """This list is not paged."""
    countries = [available.country(call.account_sid, code) for code in COUNTRIES]
    return _as_json(json.dumps({"countries": countries, "uri": call.path}))


def _fetch_country(call: Call, country: str) -> Response:
    code = country.upper()
    return _one(available.country(call.account_sid, code) if code in COUNTRIES else None, call.path)


def _list_available(call: Call, country: str, type: str) -> Response:
    """A sample without pages; a type that the country does not have is a 404."""
    code, wanted = country.upper(), available.RESOURCES.get(type)
    if wanted not in SOLD.get(code, ()):
        raise missing(call.path)
    found = call.shop.sample(code, wanted, call.query)
    return _as_json(json.dumps({"available_phone_numbers": found, "uri": call.uri}))


def _rule(path: str, method: str, endpoint: Callable[..., Response]) -> Rule:
    """Werkzeug answers HEAD as it does GET."""
    return Rule(f"{path}.json", methods=[method], endpoint=endpoint)


ROUTES = Map(
    [
        _rule("/2010-04-01/Accounts", "GET", _list_accounts),
        _rule(_ACCOUNT, "GET", _fetch_account),
        _rule(f"{_ACCOUNT}/Addresses", "GET", _list_addresses),
        _rule(_NUMBERS, "GET", _list_numbers),
        _rule(_NUMBERS, "POST", _create_number),
        _rule(f"{_NUMBERS}/<any(Local, Mobile, TollFree):type>", "GET", _list_numbers),
        _rule(f"{_NUMBERS}/<any(Local, Mobile, TollFree):type>", "POST", _create_number),
        _rule(f"{_NUMBERS}/<sid>", "GET", _fetch_number),
        _rule(f"{_NUMBERS}/<sid>", "POST", _update_number),
        _rule(f"{_NUMBERS}/<sid>", "DELETE", _delete_number),
        _rule(f"{_NUMBERS}/<sid>/AssignedAddOns", "GET", _list_add_ons),
        _rule(_AVAILABLE, "GET", _list_countries),
        _rule(f"{_AVAILABLE}/<country>", "GET", _fetch_country),
        _rule(f"{_AVAILABLE}/<country>/<type>", "GET", _list_available),
    ],
    strict_slashes=False,
    merge_slashes=False,
)
