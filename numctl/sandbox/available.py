"""AvailablePhoneNumbers: where numbers are sold, and which.

https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from numctl.model.number import Record
from numctl.sandbox import records, search
from numctl.sandbox.state import State
from numctl.sandbox.stock import COUNTRIES, SOLD, Offer, describe, offers

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
    """Return one country, with a subresource for each type that it has."""
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


def found(state: State, code: str, type: str, query: Mapping[str, str]) -> list[Record]:
    """Return what a search finds, as it is answered; raises Problem."""
    tests = search.filters(query)
    matching = (offer for offer in offers(code, type) if all(holds(offer) for holds in tests))
    return [describe(offer) for offer in for_sale(state, matching)]


def for_sale(state: State, wanted: Iterable[Offer]) -> list[Offer]:
    """Return the offers whose number nobody has."""
    listed = list(wanted)
    owned = state.owned([offer.phone_number for offer in listed])
    return [offer for offer in listed if offer.phone_number not in owned]
