"""Check the environment for variables whose names or values are probably mistakes. No value is ever shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from numctl.doctor.finding import Finding, Situation, ok, warning

_KNOWN = (
    *("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET"),
    *("TWILIO_REGION", "TWILIO_EDGE"),
    *("NUMCTL_PROFILE", "NUMCTL_ACCOUNT", "NUMCTL_SANDBOX", "NUMCTL_API_URL", "NUMCTL_HISTORY", "NUMCTL_MAX"),
)
_OTHER_NAMES = {
    "TWILIO_SID": "TWILIO_ACCOUNT_SID",
    "TWILIO_ACCOUNT": "TWILIO_ACCOUNT_SID",
    "TWILIO_TOKEN": "TWILIO_AUTH_TOKEN",
    "TWILIO_API_KEY_SID": "TWILIO_API_KEY",
    "TWILIO_API_SID": "TWILIO_API_KEY",
    "TWILIO_API_KEY_SECRET": "TWILIO_API_SECRET",
    "TWILIO_SECRET": "TWILIO_API_SECRET",
}
"""Other programs' names for the same, which people set by mistake."""

_CLOSE = 0.88


def variables(situation: Situation) -> Iterator[Finding]:
    """Yield a warning for each variable that looks wrong."""
    environ = situation.environ
    wrong = [finding for name in sorted(environ) for finding in _of(name, environ[name], situation)]
    yield from wrong
    if not wrong:
        used = [name for name in _KNOWN if environ.get(name)]
        yield ok(f"set: {', '.join(used)}" if used else "no variable of numctl's is set")


def _of(name: str, value: str, situation: Situation) -> Iterator[Finding]:
    if name in _KNOWN:
        yield from _of_value(name, value)
    elif meant := _meant(name, situation):
        yield warning(f"{name} is not read", f"did you mean {meant}?")
    elif name.startswith("NUMCTL_"):
        known = ", ".join(known for known in _KNOWN if known.startswith("NUMCTL_"))
        yield warning(f"{name} is not read", f"numctl's own are {known}")


def _meant(name: str, situation: Situation) -> str | None:
    """The variable that a name was probably meant to be.

    One that is not numctl's own may be another program's, as long as the variable that numctl reads is set as well.
    """
    by_letters = {known.replace("_", ""): known for known in _KNOWN}
    own_name = name.upper()
    swapped = re.sub("^NUMCTL_", "TWILIO_", own_name)
    meant = (
        by_letters.get(own_name.replace("_", ""))
        or _OTHER_NAMES.get(own_name)
        or (swapped if swapped in _KNOWN else _OTHER_NAMES.get(swapped))
        or next(iter(get_close_matches(own_name, _KNOWN, n=1, cutoff=_CLOSE)), None)
    )
    return None if meant is None or (situation.environ.get(meant) and not name.startswith("NUMCTL_")) else meant


def _of_value(name: str, value: str) -> Iterator[Finding]:
    if value != value.strip():
        yield warning(f"{name} has white space around its value", f"set {name} again, without it")
    elif len(value) > 1 and value[0] in "'\"" and value[0] == value[-1]:
        yield warning(f"{name} has quotes around its value", "env files that are not read by a shell need no quotes")
    elif name == "NUMCTL_MAX" and not re.fullmatch("[0-9]{0,9}", value):
        yield warning("NUMCTL_MAX is not a whole number", "set it to a number of changes, such as 20, or unset it")
