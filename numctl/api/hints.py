"""What to do next, by the service's error code: https://www.twilio.com/docs/api/errors"""

from __future__ import annotations

_NOT_IN_A_REGION = "this region does not offer that: unset TWILIO_REGION and use credentials for us1"

ADVICE: dict[int, str] = {
    10002: "a trial account may not do this: upgrade it in the Console",
    20002: "give --friendly-name a name of 1 to 64 characters",
    20003: "numctl whoami shows which credentials are in use, numctl login stores others; a Standard "
    "or Restricted API key may not do everything",
    20005: "the account is suspended or closed: the Console says why, the service's support can help",
    20006: "the account is suspended or closed: the Console says why, the service's support can help",
    20008: "test credentials can only try a purchase, with the magic numbers that the service documents; use the "
    "live credentials for everything else",
    20404: "check the number, SID or country: numctl list --all-accounts shows your numbers, numctl accounts your "
    "accounts, numctl search --countries where numbers are sold",
    20409: "someone else is changing the same thing: wait a moment, check, and try again",
    20429: "wait a little, then run it again; for changes, lower --concurrency",
    21402: "give an absolute http or https URL that the service can reach, such as https://example.com/voice",
    21404: "a trial account holds few numbers and not every kind: release one (numctl release NUMBER), "
    "or upgrade the account",
    21405: "give --voice-url together with --voice-fallback-url, or --clear voice_fallback_url",
    21406: "give --sms-url together with --sms-fallback-url, or --clear sms_fallback_url",
    21407: "leave the --sms-... options out; numctl search --sms-enabled finds numbers that can receive messages",
    21409: "leave --voice-caller-id-lookup out: this number cannot look callers up",
    21420: "give --voice-application-sid or --sms-application-sid of an application in the number's own account",
    21421: "give the whole number in E.164, such as +14155550100; numctl search shows numbers for sale",
    21422: "someone else may have it, or you yourself (numctl show NUMBER); numctl search finds another",
    21451: "give a three-digit area code of the US or Canada; numctl search --area-code NNN tests it for free",
    21452: "try another area code, or numctl search with --in-region, --in-locality or --near-number",
    21470: "give an account SID, AC and 32 hexadecimal digits, as numctl accounts shows it",
    21471: "numctl accounts shows the accounts that these credentials reach",
    21472: "numctl accounts shows the status of each account; a suspended or closed one takes no changes",
    21473: "--to must name the parent or a subaccount of the account that holds the number: see numctl accounts",
    21474: "use the parent account's credentials (--profile NAME); numctl whoami shows which are in use",
    21613: "give --address-sid of an address in the account that gets the number, or find a number that "
    "needs none: numctl search --exclude-all-address-required",
    21615: "give --address-sid of an address in the same area as the number, and perhaps --bundle-sid, or find a "
    "number that needs none: numctl search --exclude-local-address-required",
    21631: "give --address-sid of an address that fits the number, and perhaps --bundle-sid, or find a number that "
    "needs none: numctl search --exclude-all-address-required",
    21649: "give --bundle-sid of an approved regulatory bundle for this country and type of number; an address given "
    "with it has to be the one in the bundle",
    21650: "give --identity-sid of an identity that has been verified, or --bundle-sid of an approved bundle",
    21651: "give --address-sid of the address that is in the bundle, or leave it out",
    22121: "only the service's support can move a hosted number",
    22222: "leave --emergency-status out: it follows --emergency-address-sid",
    22300: "the account may not buy numbers right now: the Console says why, the service's support can help",
    22401: _NOT_IN_A_REGION,
    22402: _NOT_IN_A_REGION,
    22403: _NOT_IN_A_REGION,
    70051: "the Restricted API key lacks this permission: add it in the Console (read and list are separate), or "
    "use another key",
}
"""The service says what is wrong, this says what to do; for codes that numctl's verbs can meet."""

_STANDS_FOR = {401: 20003, 404: 20404, 429: 20429}
"""HTTP status → the code that means the same, for an answer without a known code."""

FORBIDDEN = (
    "these credentials may not do this; numctl whoami shows which are in use, and a Standard or Restricted API key "
    "may not do everything"
)
"""For a 403: the login worked, so another login would not help."""

OTHER_REGION = "credentials are valid in one region only: {0} needs an API key or auth token of {0}"

SERVER_ERROR = "the service has a problem (https://status.twilio.com): try again in a few minutes"


def hint_for(code: int | None, status: int | None) -> str | None:
    """What to do next, in one line, by the service's error code, else by the HTTP status."""
    if status == 403 and code in (20003, None):
        return FORBIDDEN
    if code in ADVICE:
        return ADVICE[code]
    if status in _STANDS_FOR:
        return ADVICE[_STANDS_FOR[status]]
    if status == 403:
        return FORBIDDEN
    return SERVER_ERROR if status is not None and 500 <= status <= 599 else None
