"""The service's identifiers, checked before anything is sent: E.164 numbers, SIDs, URLs and the like.

Each is a named type that pydantic understands, so that command-line options and sheet cells share one check. The types
describe themselves to pydantic only when it asks: importing it costs half of numctl's start-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from unicodedata import normalize
from urllib.parse import urlsplit

from typing_extensions import TypeAliasType

from numctl.errors import UsageError
from numctl.wording import MASK, quoted

E164_FORM = re.compile(r"\+[1-9][0-9]{1,14}")
_NANP_FORM = re.compile(r"[2-9](?!11)[0-9]{2}[2-9](?!11)[0-9]{6}")
"""A number of the North American plan as people there write it, without its country code."""
_DASHES = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_BLANKS = " \u00a0\u2000-\u200a\u202f\u205f\u3000"
SEPARATORS = f"[{_BLANKS}{_DASHES}()./]+"
_ZERO_IN_BRACKETS = f"\\([{_BLANKS}]*0[{_BLANKS}]*\\)"
_TRUNK_PREFIX = f"^(\\+(?!1|39)[1-9][0-9]{{0,2}})[{_BLANKS}]*{_ZERO_IN_BRACKETS}"
"""The zero that is dialled only within a country, in brackets after the country code. North America has none, and in
Italy the zero belongs to the number."""
_USER = r"[^\s/?#<>\"{}|\\^`@\[\]]+@"
_HOST = r"(?P<host>\[[0-9a-f:.]+\]|[^\s/?#<>\"{}|\\^`@:\[\]]+)(:[0-9]*)?"
_URL_FORM = rf"(?i:https?://({_USER})?{_HOST}([/?#][^\s<>\"{{}}|\\^`]*)?)"
_DOTS = "[.\u3002]"
"""What separates the labels of a host: IDNA takes the ideographic full stop for a dot."""
LABEL_LENGTH, HOST_LENGTH = 63, 253
_JOINERS = "[\u200c\u200d]"
"""Invisible signs that names in Persian or Hindi need."""
UNSEEN = r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]"
"""Control and bidirectional characters: they make a URL look like another one."""
NO_UTF8 = r"[\ud800-\udfff]"
"""How Python sees bytes of an argument that are not UTF-8: they cannot be sent."""
FRIENDLY_NAME_LENGTH = 64
SID_LENGTH = 34


class Invalid(UsageError):
    """A value is not valid; the message names it and says what was expected."""


class _Check:
    """Tell pydantic to run a plain function on the value, and to show the function's own message."""

    choices: tuple[str, ...] = ()

    def __init__(self, check: Callable[[str], str], *, clearable: bool = False) -> None:
        self.check = check
        self.clearable = clearable

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        from pydantic_core import PydanticCustomError, core_schema

        def run(value: str) -> str:
            try:
                if value == "" and self.clearable:
                    raise Invalid("the value is empty; to clear a setting, name it: numctl set --clear FIELD")
                return self.check(value)
            except Invalid as error:
                raise PydanticCustomError("invalid", "{why}", {"why": error.message}) from error

        return core_schema.no_info_after_validator_function(run, handler(source))


def check_e164(text: str) -> str:
    """The number as `+` and digits; raises Invalid.

    After a leading `+`, separators that people paste and a trunk prefix in brackets are removed. Only ASCII digits
    count (ITU-T E.164: a country code that does not start with 0, at most 15 digits).
    """
    if E164_FORM.fullmatch(text):
        return text
    bare = re.sub(_TRUNK_PREFIX, r"\1", text.strip(" \u00a0"))
    compact = re.sub(SEPARATORS, "", bare)
    if bare.startswith("+") and E164_FORM.fullmatch(compact) and not re.search(_ZERO_IN_BRACKETS, bare):
        return compact
    if _NANP_FORM.fullmatch(compact):
        raise Invalid(f"{quoted(text)} has no leading +: did you mean +1{compact}?")
    raise Invalid(
        f"{quoted(text)} is not an E.164 number: a +, a country code and at most 15 digits, such as +14155550100"
    )


def sid_check(prefix: str, *, shown: bool = True) -> Callable[[str], str]:
    """The check of one kind of SID: two letters and 32 hexadecimal digits.

    A wrong value is not `shown` if it may be a secret in the SID's place.
    """

    def check(text: str) -> str:
        if re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", text):
            return text
        what = quoted(text) if shown else "the value"
        raise Invalid(f"{what} is not a valid SID: {prefix} and 32 hexadecimal digits")

    return check


def normal_sid(text: str) -> str:
    """A SID as the service writes it, with hexadecimal digits in lower case; other text unchanged."""
    return text[:2] + text[2:].lower() if re.fullmatch(r"[A-Z]{2}[0-9a-fA-F]{32}", text) else text


def check_number_ref(text: str) -> str:
    """An exact reference to one number: its E.164 form or its PN SID; raises Invalid."""
    if re.fullmatch(r"PN[0-9a-fA-F]{32}", text):
        return text
    if text.startswith("PN"):
        raise Invalid(f"{quoted(text)} is not a number's SID: PN and 32 hexadecimal digits")
    return check_e164(text)


def check_url(text: str) -> str:
    """An absolute http or https URL unchanged, `user:password@` included; raises Invalid."""
    found = re.fullmatch(_URL_FORM, text)
    try:
        good = found is not None and bool(urlsplit(text).hostname) and urlsplit(text).port != 0
    except ValueError:
        good = False
    if MASK in text:
        raise Invalid(f"the URL contains {MASK}, which numctl shows in place of a password: write the password itself")
    if found and good and is_host(found["host"]) and not re.search(UNSEEN, text) and not re.search(NO_UTF8, text):
        return text
    if "@" in text:
        raise Invalid(
            "the URL is not an absolute http or https URL, such as https://example.com/voice; it is not repeated here "
            "because it may hold a password (write @ in it as %40 and / as %2F)"
        )
    raise Invalid(f"{quoted(text)} is not an absolute http or https URL, such as https://example.com/voice")


def is_host(host: str) -> bool:
    """Whether a host is valid (RFC 1035, 2.3.4): an IP address, or labels of a valid form."""
    labels = re.split(_DOTS, host)
    if labels[-1] == "":
        labels.pop()
    sound = all(0 < len(label) <= LABEL_LENGTH and label[0] != "-" != label[-1] for label in labels)
    return sound and 0 < len(".".join(labels)) <= HOST_LENGTH and (host.isascii() or _reads_as_itself(host))


def _reads_as_itself(host: str) -> bool:
    """Refuse hosts with characters that stand for others, such as full-width digits and soft hyphens."""
    return normalize("NFKC", host) == host and re.sub(_JOINERS, "", host).isprintable()


def check_friendly_name(text: str) -> str:
    """Check a name; raises Invalid if it is blank, too long for the service, or not UTF-8."""
    if text and not text.strip():
        raise Invalid("the name is blank; to clear it: numctl set --clear friendly_name")
    if re.search(NO_UTF8, text):
        raise Invalid(f"{quoted(text)} is not valid UTF-8 text")
    if len(text) > FRIENDLY_NAME_LENGTH:
        raise Invalid(f"{quoted(text)} has {len(text)} characters; a friendly name has at most {FRIENDLY_NAME_LENGTH}")
    return text


class _Choice(_Check):
    """One of a few values in any case; it is sent in the documented case."""

    def __init__(self, *choices: str) -> None:
        super().__init__(self._chosen)
        self.choices = choices

    def _chosen(self, text: str) -> str:
        for choice in self.choices:
            if text.lower() == choice.lower():
                return choice
        raise Invalid(f"{quoted(text)} is not one of {', '.join(self.choices)}")


def _check_api_version(text: str) -> str:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and date.fromisoformat(text):
            return text
    except ValueError:
        pass
    raise Invalid(f"{quoted(text)} is not an API version, such as 2010-04-01")


def check_area_code(text: str) -> str:
    """A three-digit North American area code; raises Invalid."""
    if re.fullmatch(r"[2-9][0-9]{2}", text):
        return text
    raise Invalid(f"{quoted(text)} is not an area code of the US or Canada: three digits, such as 415")


def _check_country(text: str) -> str:
    if text.upper() == "UK":
        raise Invalid(f"{quoted(text)} is not the ISO 3166-1 code of the United Kingdom, which is GB")
    if re.fullmatch(r"[A-Za-z]{2}", text):
        return text.upper()
    raise Invalid(f"{quoted(text)} is not an ISO 3166-1 country code of two letters, such as US")


E164 = TypeAliasType("E164", Annotated[str, _Check(check_e164)])
Url = TypeAliasType("Url", Annotated[str, _Check(check_url, clearable=True)])
FriendlyName = TypeAliasType("FriendlyName", Annotated[str, _Check(check_friendly_name, clearable=True)])
Method = TypeAliasType("Method", Annotated[str, _Choice("GET", "POST")])
ReceiveMode = TypeAliasType("ReceiveMode", Annotated[str, _Choice("voice", "fax")])
EmergencyStatus = TypeAliasType("EmergencyStatus", Annotated[str, _Choice("Active", "Inactive")])
Capability = TypeAliasType("Capability", Annotated[str, _Choice("voice", "sms", "mms", "fax")])
ApiVersion = TypeAliasType("ApiVersion", Annotated[str, _Check(_check_api_version)])
AreaCode = TypeAliasType("AreaCode", Annotated[str, _Check(check_area_code)])
Country = TypeAliasType("Country", Annotated[str, _Check(_check_country)])
AccountSid = TypeAliasType("AccountSid", Annotated[str, _Check(sid_check("AC", shown=False))])
KeySid = TypeAliasType("KeySid", Annotated[str, _Check(sid_check("SK", shown=False))])
AddressSid = TypeAliasType("AddressSid", Annotated[str, _Check(sid_check("AD"), clearable=True)])
ApplicationSid = TypeAliasType("ApplicationSid", Annotated[str, _Check(sid_check("AP"), clearable=True)])
BundleSid = TypeAliasType("BundleSid", Annotated[str, _Check(sid_check("BU"), clearable=True)])
IdentitySid = TypeAliasType("IdentitySid", Annotated[str, _Check(sid_check("RI"), clearable=True)])
TrunkSid = TypeAliasType("TrunkSid", Annotated[str, _Check(sid_check("TK"), clearable=True)])


def is_clearable(kind: Any) -> bool:
    """Whether the service takes an empty value of this type, which clears a setting."""
    return any(check.clearable for check in _checks(kind))


def choices_of(kind: Any) -> tuple[str, ...]:
    """The values that a type can have, empty if there are more than a few."""
    return tuple(choice for check in _checks(kind) for choice in check.choices)


def _checks(kind: Any) -> tuple[_Check, ...]:
    return kind.__value__.__metadata__ if isinstance(kind, TypeAliasType) else ()
