"""The values that completion offers for each option and argument."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from numctl.audit.rules import RULES, SEVERITIES
from numctl.cli.commands import CommandTree, Option
from numctl.model.number import CAPABILITIES
from numctl.model.settings import CLEARABLE, RESTORABLE, SETTINGS
from numctl.text.filters import NAMES

Kind = Literal["words", "list", "test", "number", "account", "run", "profile", "file", "free"]


@dataclass(frozen=True)
class Values:
    """A kind of value: one of `words`, a comma-separated `list` of them, a `test` that begins with one, or other."""

    kind: Kind = "free"
    words: tuple[str, ...] = ()


FREE = Values()
FEW = 30
"""The most values of an option to list; there are more countries than that."""

_CODES = """
AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD
CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI
KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC
SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ
VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = tuple(re.findall("[A-Z]{2}", _CODES))
"""ISO 3166-1 codes of the countries that have phone numbers."""


def of_option(command: CommandTree, option: Option) -> Values:
    """The values of an option."""
    if option.choices:
        return Values("words", option.choices)
    if option.name == "fields":
        return Values("list", command.fields)
    if option.name == "profile":
        return Values("profile")
    if option.name in ("account", "to"):
        return Values("account")
    if option.name == "number" and command.path == ("history",):
        return Values("number")
    return tables().get(option.name, FREE)


def of_arguments(command: CommandTree) -> Values:
    """The values of a command's positional arguments."""
    for argument in command.arguments:
        if argument.metavar == "FILE|-":
            return Values("file")
        if argument.name in ("number", "numbers") and command.path != ("buy",):
            return Values("number")
        if argument.choices:
            return Values("words", argument.choices)
        if argument.name == "country":
            return Values("words", COUNTRIES)
        if argument.name == "id":
            return Values("run")
    return FREE


def tables() -> dict[str, Values]:
    """The options whose values stand in a table of the code."""
    rules = Values("words", tuple(rule.id for rule in RULES))
    return {
        "where": Values("test", NAMES),
        "clear": Values("list", CLEARABLE),
        "only": Values("list", tuple(name for name in SETTINGS if name in RESTORABLE)),
        "country": Values("words", COUNTRIES),
        "capability": Values("words", CAPABILITIES),
        "rule": rules,
        "skip_rule": rules,
        "severity": Values("words", SEVERITIES),
    }
