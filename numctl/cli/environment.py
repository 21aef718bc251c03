"""The environment variables that numctl reads."""

from __future__ import annotations

ENVIRONMENT: tuple[tuple[str, str], ...] = (
    ("TWILIO_ACCOUNT_SID", "The account; with a token or an API key it is used without touching the keyring."),
    ("TWILIO_AUTH_TOKEN", "The account's auth token."),
    ("TWILIO_API_KEY, TWILIO_API_SECRET", "An API key and its secret; they win over the auth token."),
    ("TWILIO_REGION, TWILIO_EDGE", "Where the service is reached; ie1 alone means its edge, dublin."),
    ("NUMCTL_PROFILE", "The profile, if neither --profile nor credentials in the environment are given."),
    ("NUMCTL_ACCOUNT", "The subaccount to act on, without --account."),
    ("NUMCTL_SANDBOX", "1 answers every command from the sandbox, as --sandbox does."),
    ("NUMCTL_API_URL", "Another base URL, with credentials in the environment only; plain http only to loopback."),
    ("NUMCTL_HISTORY", "off changes numbers without recording what was changed; undo then cannot put it back."),
    ("NUMCTL_MAX", "The most changes that a plan may have, without --max."),
    ("HTTPS_PROXY, NO_PROXY", "The proxy; loopback never goes through one."),
    ("REQUESTS_CA_BUNDLE, SSL_CERT_FILE", "A file of certificate authorities to trust; the first wins."),
    ("NO_COLOR, FORCE_COLOR, TERM", "Whether tables are coloured on a terminal; in a pipe they never are."),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME", "Where numctl keeps its files; enough without a HOME."),
)
