"""What regulation requires to buy, change or move a number: an address, a bundle, and the address in the bundle.

https://www.twilio.com/docs/phone-numbers/regulatory

Each refusal hides the next, as on the service: address, then its place, then bundle, then address in the bundle.
"""

from __future__ import annotations

from numctl.model.countries import country_of_number
from numctl.model.number import Record
from numctl.sandbox.problems import (
    ADDRESS_NOT_IN_BUNDLE,
    ADDRESS_REQUIRED,
    BUNDLE_REQUIRED,
    LOCAL_ADDRESS_REQUIRED,
    TARGET_NEEDS_ADDRESS,
    Problem,
    bad,
)
from numctl.sandbox.records import hex_of

_NEEDS_BUNDLE = frozenset({("DE", "mobile"), ("GB", "local"), ("GB", "mobile"), ("IE", "local")})
"""The numbers sold here that need a bundle. A GB mobile number needs one though `address_requirements` is none."""

BUNDLES = {
    city: ("BU" + hex_of(city), "AD" + hex_of("address", country))
    for city, country in (("london", "GB"), ("berlin", "DE"), ("dublin", "IE"))
}
"""The approved bundles of the assortment, each with its address. Nothing is known of any other."""


def unmet(number: Record, address: Record | None, *, moving: bool = False) -> Problem | None:
    """What regulation still requires; `address` is the one given, if it is known here."""
    phone_number, country = number["phone_number"], country_of_number(number["phone_number"])
    requirement = number.get("address_requirements") or "none"
    if requirement != "none" and not number.get("address_sid"):
        if moving:
            return bad(TARGET_NEEDS_ADDRESS, f"{phone_number} requires an Address of the target account")
        return bad(ADDRESS_REQUIRED, f"{phone_number} requires an Address but the AddressSid parameter was empty")
    if requirement == "local" and address and address["iso_country"] != country:
        return bad(LOCAL_ADDRESS_REQUIRED, f"{phone_number} requires an Address in {country}")
    if (country, number.get("type")) in _NEEDS_BUNDLE and not number.get("bundle_sid"):
        what = f"country: [{country}] and numberType: [{str(number['type']).upper()}]"
        return bad(BUNDLE_REQUIRED, f"Bundle required and not provided for {what}")
    inside = dict(BUNDLES.values()).get(str(number.get("bundle_sid")))
    if inside and number.get("address_sid") not in (None, inside):
        return bad(ADDRESS_NOT_IN_BUNDLE, f"Address {number['address_sid']} not contained in bundle")
    return None
