"""IncomingPhoneNumbers: list, buy, fetch, update and release.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from numctl.model.number import Record
from numctl.sandbox import emergency, records
from numctl.sandbox.access import Reach
from numctl.sandbox.available import Shop
from numctl.sandbox.parameters import REGULATORY, applied, boolean, settings
from numctl.sandbox.problems import (
    AREA_CODE_OF_A_TYPE,
    HOSTED_STAYS,
    INVALID_AREA_CODE,
    INVALID_NUMBER,
    NONE_IN_AREA_CODE,
    NOT_FOR_SALE,
    OTHER_TYPE,
    TARGET_INACTIVE,
    TARGET_INVALID,
    TARGET_UNKNOWN,
    bad,
)
from numctl.sandbox.regulation import unmet
from numctl.sandbox.state import Condition, State, Taken
from numctl.sandbox.stock import Offer, in_area

TYPES = {"Local": "local", "Mobile": "mobile", "TollFree": "toll-free"}
_EXACT = 8
"""A pattern of + and at least this many characters is looked up, not compared with every number."""


def conditions(query: Mapping[str, str], type: str | None) -> Iterator[Condition]:
    """The filters of a list; raises Problem. Only Beta=false leaves anything out."""
    if type:
        yield Condition("type = ?", type)
    if query.get("FriendlyName"):
        yield Condition("friendly_name = ?", query["FriendlyName"])
    if query.get("Origin"):
        yield Condition("origin = ?", query["Origin"])
    if query.get("Beta") and not boolean("Beta", query["Beta"]):
        yield Condition("beta = ?", 0)
    if query.get("PhoneNumber"):
        yield from phone_conditions(query["PhoneNumber"])


def phone_conditions(pattern: str) -> Iterator[Condition]:
    """The conditions for a partial number in which `*` is any digit; raises Problem."""
    if not re.fullmatch(r"\+?[0-9*]*", pattern):
        raise bad(INVALID_NUMBER, f"PhoneNumber {pattern} is not a valid pattern")
    anchored = pattern.startswith("+")
    glob = ("" if anchored else "*") + pattern.replace("*", "[0-9]") + "*"
    yield Condition("+phone_number GLOB ?", glob)
    beginning = pattern.partition("*")[0]
    if anchored and len(beginning) >= _EXACT:
        yield Condition("phone_number >= ?", beginning, few=True)
        # The colon is the character after 9.
        yield Condition("phone_number < ?", beginning + ":", few=True)


def buy(state: State, shop: Shop, account_sid: str, form: Mapping[str, str], type: str | None) -> Record:
    """Buy a number by name or by area code; raises Problem, and then nothing is kept.

    Like the service, it drops an emergency address without a word.
    """
    wanted = settings(form)
    wanted.pop("emergency_address_sid", None)
    for offer in _candidates(shop, form, type):
        number = applied(records.number(offer, account_sid, "", records.now()), wanted)
        if problem := unmet(number, state.address(str(number["address_sid"]))):
            raise problem
        try:
            return state.add(number)
        except Taken:
            continue
    if form.get("PhoneNumber"):
        raise bad(NOT_FOR_SALE, f"{form['PhoneNumber']} is not available.")
    raise bad(NONE_IN_AREA_CODE, f"No phone numbers found in area code {form['AreaCode']}.")


def _candidates(shop: Shop, form: Mapping[str, str], type: str | None) -> list[Offer]:
    """The numbers for sale that a purchase asks for, in the order to try them."""
    if form.get("PhoneNumber"):
        offer = _offered(shop, form["PhoneNumber"])
        if offer and type not in (None, offer.type):
            raise bad(OTHER_TYPE, f"{form['PhoneNumber']} is not a {type} number")
        return shop.for_sale([offer]) if offer else []
    if type and form.get("AreaCode"):
        raise bad(AREA_CODE_OF_A_TYPE, "AreaCode is not supported for one type of number")
    if not form.get("AreaCode"):
        raise bad(INVALID_NUMBER, "PhoneNumber is required" if type else "PhoneNumber or AreaCode is required")
    if not re.fullmatch(r"[0-9]{3}", form["AreaCode"]):
        raise bad(INVALID_AREA_CODE, f"AreaCode {form['AreaCode']} is not valid")
    return shop.for_sale(in_area(form["AreaCode"]))


def _offered(shop: Shop, phone_number: str) -> Offer | None:
    """The number's offer, None if there is none."""
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", phone_number):
        raise bad(INVALID_NUMBER, f"{phone_number} is not a valid phone number.")
    return shop.offer(phone_number)


def update(state: State, reach: Reach, account_sid: str, sid: str, form: Mapping[str, str]) -> Record | None:
    """Change a number, and move it if AccountSid names another account.

    Raises Problem, and then nothing is kept. None if the account does not have the number.
    """
    wanted = settings(form)
    target = _target_of(state, form["AccountSid"]) if "AccountSid" in form else account_sid
    reach.check(target)
    address = state.address(str(wanted.get("address_sid")))

    def change(before: Record) -> Record:
        after = applied(before, wanted | emergency.requested(before, wanted))
        moving = target != before["account_sid"]
        if moving:
            after = _moved(after, wanted, target)
        judged = moving or wanted.keys() & {"address_sid", "bundle_sid"}
        if judged and (problem := unmet(after, address, moving=moving)):
            raise problem
        return after if after == before else after | {"date_updated": records.after(before.get("date_updated"))}

    return state.change(account_sid, sid, change)


def _target_of(state: State, account_sid: str) -> str:
    """The account that a number is to move to."""
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", account_sid):
        raise bad(TARGET_INVALID, f"AccountSid {account_sid} is not valid")
    found = [account for account in state.accounts() if account["sid"] == account_sid]
    if not found:
        raise bad(TARGET_UNKNOWN, f"Account {account_sid} does not exist")
    if found[0]["status"] != "active":
        raise bad(TARGET_INACTIVE, f"Account {account_sid} is not active")
    return account_sid


def _moved(number: Record, wanted: Record, target: str) -> Record:
    """The number in another account, with the address, bundle and identity given, if any."""
    if number.get("origin") == "hosted":
        raise bad(HOSTED_STAYS, f"{number['phone_number']} is hosted, and only support moves such numbers")
    return number | {field: wanted.get(field) for field in REGULATORY} | records.belonging(target, number["sid"])
