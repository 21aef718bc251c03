"""The country to search for numbers with a North American area code."""

from __future__ import annotations

from typing import Literal

from numctl.errors import UsageError
from numctl.model.countries import PLAUSIBLE, north_american_region
from numctl.model.ids import check_area_code


def country_of(area_code: str) -> Literal["US", "CA", "toll-free"]:
    """The country of an area code, or `toll-free` for codes that the US and Canada share.

    Raises UsageError if the code is another country's, is not for places (500, 900), or is not in use. The service
    resolves area codes of the US and Canada only:
    https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
    """
    from phonenumbers import PhoneNumber, PhoneNumberType, number_type

    region = north_american_region(check_area_code(area_code))
    kind = number_type(PhoneNumber(country_code=1, national_number=int(area_code + PLAUSIBLE)))
    if kind == PhoneNumberType.TOLL_FREE:
        return "toll-free"
    geographic = kind == PhoneNumberType.FIXED_LINE_OR_MOBILE
    if geographic and region == "US":
        return "US"
    if geographic and region == "CA":
        return "CA"
    raise _elsewhere(area_code, region, geographic)


def _elsewhere(area_code: str, region: str | None, geographic: bool) -> UsageError:
    if region is None:
        why = f"{area_code} is not an area code in use"
    elif region in ("US", "CA") and not geographic:
        why = f"{area_code} is a code for services, not for places: no numbers are sold in it"
    else:
        why = f"{area_code} is an area code of {region}, not of the US or Canada"
        return UsageError(why, hint=f"numctl search {region} shows what is for sale there")
    return UsageError(why, hint="give an area code of the US or Canada, such as 415, or a toll-free one, such as 833")
