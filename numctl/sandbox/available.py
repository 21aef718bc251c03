"""AvailablePhoneNumbers: where numbers are sold, and which.

https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

from numctl.model.countries import country_of_number
from numctl.model.number import Record
from numctl.sandbox import records, search
from numctl.sandbox.paging import size_of
from numctl.sandbox.state import State
from numctl.sandbox.stock import COUNTRIES, SOLD, Offer, capabilities, describe, find, offers

_SAMPLE = 30
"""The most numbers for sale in one answer."""

RESOURCES = {
    "Local": "local",
    "TollFree": "toll-free",
    "Mobile": "mobile",
    "National": "national",
    "SharedCost": "shared-cost",
    "Voip": "voip",
    "MachineToMachine": "machine-to-machine",
}
"""Each subresource and the type of number that it sells."""


def country(account_sid: str, code: str) -> Record:
    """One country, with a subresource for each of its types."""
    uri = f"{records.account_uri(account_sid)}/AvailablePhoneNumbers/{code}"
    kinds = {
        kind.replace("-", "_"): f"{uri}/{resource}.json" for resource, kind in RESOURCES.items() if kind in SOLD[code]
    }
    return {
        "country_code": code,
        "country": COUNTRIES[code],
        "uri": f"{uri}.json",
        "beta": False,
        "subresource_uris": kinds,
    }


class Shop:
    """What is for sale: released numbers only if the shop resells them."""

    def __init__(self, state: State, seed: int, resells: bool) -> None:
        self._state = state
        self._seed = seed
        self._resells = resells

    def sample(self, code: str, type: str, query: Mapping[str, str]) -> list[Record]:
        """The answer to one search: another sample each time, of at most 30 numbers; raises Problem.

        The samples are the same for the same seed and a fresh file, so that a rehearsal can be repeated.
        """
        size = size_of(query)
        tests = search.filters(query)
        stock = [*offers(code, type), *self._returned(code, type)]
        held = self.for_sale(offer for offer in stock if all(holds(offer) for holds in tests))
        chance = Random(f"{self._seed}:{self._state.count_answer()}")
        return [describe(offer) for offer in chance.sample(held, min(_SAMPLE, len(held)))[:size]]

    def for_sale(self, wanted: Iterable[Offer]) -> list[Offer]:
        """The offers that can be bought now."""
        listed = list(wanted)
        gone = self._state.gone([offer.phone_number for offer in listed], released=not self._resells)
        return [offer for offer in listed if offer.phone_number not in gone]

    def offer(self, phone_number: str) -> Offer | None:
        """The number's offer: from the stock or, if they are resold, from the released ones."""
        if offer := find(phone_number):
            return offer
        records = self._state.released(phone_number) if self._resells else []
        return _offer_again(records[0]) if records else None

    def _returned(self, code: str, type: str) -> list[Offer]:
        """Released numbers of one kind that came with `load` and that the stock does not have."""
        again = map(_offer_again, self._state.released() if self._resells else ())
        wanted = [offer for offer in again if (offer.country, offer.type) == (code, type)]
        return [offer for offer in wanted if not find(offer.phone_number)]


def _offer_again(record: Record) -> Offer:
    """The offer of a number as it was when it was released."""
    phone_number = record["phone_number"]
    requirement = str(record.get("address_requirements") or "none")
    able = capabilities(False, False, False) | (record.get("capabilities") or {})
    country, type = country_of_number(phone_number) or "", str(record.get("type") or "local")
    return Offer(phone_number, country, type, able, None, requirement, record.get("beta") is True)
