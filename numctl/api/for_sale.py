"""Numbers for sale: where they are, what they can do, and what they need before they are bought.

One answer of the service is a sample of about 30 numbers without further pages; the next answer is another sample:
https://github.com/twilio/twilio-node/issues/316
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice

from numctl.api.client import Client
from numctl.errors import NotFound, NumctlError, Refused
from numctl.model.number import Record, abilities

_SPARES = 3
"""Extra numbers in a plan, each bought only if someone else takes one of the others in between."""

_MOST_SEARCHES = 50
_FRUITLESS = 3
"""Stop after this many answers in a row that add nothing."""


def in_area(client: Client, area_code: str, count: int, found_one: Callable[[], None] = lambda: None) -> list[Record]:
    """`count` numbers for sale with an area code, and up to three spares; `found_one` is called for each.

    Raises UsageError if the code is not in the US or Canada, Refused if fewer are found.
    """
    from numctl.model.area_codes import country_of

    place = country_of(area_code)
    country, kind = ("US", "toll-free") if place == "toll-free" else (place, "local")
    wanted = count + _SPARES
    answers = samples(client, country, kind, {"AreaCode": area_code}, wanted=wanted, page_size=min(wanted, 1000))
    found: list[Record] = []
    for offer in chain.from_iterable(answers):
        found.append(offer)
        found_one()
    del found[wanted:]
    if len(found) < count:
        fewer = f"ask for fewer (--count {len(found)}), " if found else ""
        raise Refused(
            f"found {len(found)} so far with area code {area_code}, not {count}; nothing was bought",
            hint=f"the service shows a sample at a time: try again, {fewer}or try another area code",
        )
    return found


def samples(
    client: Client, country: str, kind: str, filters: Mapping[str, str], *, wanted: int, page_size: int
) -> Iterator[list[Record]]:
    """Yield what is for sale, answer by answer without repeats, until there are at least `wanted`.

    Ends early after three answers in a row that add nothing, and after 50 in all.
    """
    seen: set[str] = set()
    fruitless = 0
    for _ in range(_MOST_SEARCHES):
        answer = _for_sale(client, country, kind, filters, page_size)
        fresh = [offer for offer in answer if offer["phone_number"] not in seen]
        seen.update(offer["phone_number"] for offer in fresh)
        yield fresh
        fruitless = 0 if fresh else fruitless + 1
        if len(seen) >= wanted or fruitless == _FRUITLESS:
            return


def _for_sale(client: Client, country: str, kind: str, filters: Mapping[str, str], size: int) -> Iterator[Record]:
    for page in client.available(country, kind, filters, page_size=size):
        yield from page


def offer_line(offer: Record) -> str:
    """Where a number is, what it can do, and whether it needs an address, in one line."""
    place = ", ".join(str(offer[name]) for name in ("locality", "region") if offer.get(name))
    return "; ".join(part for part in (place, abilities(offer), need(offer)) if part)


def need(offer: Record) -> str:
    """The address that a number needs, empty if it needs none."""
    requirement = offer.get("address_requirements")
    if requirement in (None, "", "none"):
        return ""
    return f"needs {'an' if requirement == 'any' else f'a {requirement}'} address: --address-sid"


def look_up(client: Client, phone_number: str) -> Record | None:
    """The number's offer; None if it is not found, or is in the US or Canada, which need no look."""
    from numctl.model.countries import country_of_number

    country = country_of_number(phone_number)
    if country in (None, "US", "CA"):
        return None
    for kind in kinds_of(phone_number):
        try:
            offers = _for_sale(client, str(country), kind, {"Contains": phone_number.lstrip("+")}, 20)
            found = next((offer for offer in islice(offers, 20) if offer["phone_number"] == phone_number), None)
        except NumctlError:
            continue
        if found:
            return found
    return None


def is_offered(client: Client, phone_number: str, kind: str | None) -> bool:
    """Whether exactly this number is for sale now, as this type or, without one, as the likely types."""
    from numctl.model.countries import country_of_number

    country = country_of_number(phone_number)
    digits = phone_number[2:] if phone_number.startswith("+1") else phone_number[1:]
    for one in (kind,) if kind else kinds_of(phone_number):
        try:
            answer = list(_for_sale(client, str(country), one, {"Contains": digits}, 20)) if country else []
        except NotFound:
            continue
        if any(offer["phone_number"] == phone_number for offer in answer):
            return True
    return False


def kinds_of(phone_number: str) -> tuple[str, ...]:
    """The type that a number is sold as, or the likely ones if the numbering plan does not tell."""
    import phonenumbers
    from phonenumbers import PhoneNumberType

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(phone_number))
    except phonenumbers.NumberParseException:
        return ()
    known = {
        PhoneNumberType.MOBILE: "mobile",
        PhoneNumberType.FIXED_LINE: "local",
        PhoneNumberType.TOLL_FREE: "toll-free",
        PhoneNumberType.SHARED_COST: "shared-cost",
        PhoneNumberType.VOIP: "voip",
    }.get(kind)
    return (known,) if known else ("mobile", "local")
