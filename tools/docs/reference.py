"""What the manual says beyond options: files, notes and examples of each command."""

from __future__ import annotations

FILES: tuple[tuple[str, str], ...] = (
    ("~/.config/numctl/config.toml", "The profiles and which of them is the default; no secret."),
    ("~/.config/numctl/config.toml.lock", "Empty; it keeps two logins from changing the profiles at once."),
    ("~/.local/state/numctl/history.sqlite3", "What was changed from this machine."),
    ("~/.local/state/numctl/sandbox.sqlite3", "The numbers of the sandbox."),
    ("~/.local/state/numctl/sandbox-history.sqlite3", "What was changed in the sandbox."),
    ("~/.cache/numctl/", "Numbers, accounts and runs with their names, for shell completion."),
)
"""Paths on Linux; only their owner can read them."""

SELECTION = (
    "NUMBER is an E.164 number or a PN SID, and names exactly one number. Pasted separators are accepted after the "
    "leading +. With - numctl reads one NUMBER per line from standard input; blank lines and # comments are skipped, "
    "and a number given twice counts once."
)
CONFIRMATION = (
    "The plan is shown on standard error, followed by one question. The answer is read from standard input, or from "
    "the controlling terminal if standard input carries data. Without a terminal, or with --no-input, the answer is "
    "No. Each change is recorded before it is sent; numctl-undo(1) puts it back."
)

FIELD_MEANINGS: tuple[tuple[str, str], ...] = (
    ("phone_number", "The number, E.164."),
    ("sid", "The number's SID, PN and 32 hexadecimal digits."),
    ("account_sid", "The account that holds it; numctl transfer moves it."),
    ("address_requirements", "Which address regulation requires: none, any, local or foreign."),
    ("beta", "Whether the number is new to the platform."),
    ("capabilities", "Capabilities: voice, sms, mms, fax."),
    ("date_created", "When it was bought."),
    ("date_updated", "When its settings were last changed."),
    ("emergency_address_status", "Whether the emergency address is registered."),
    ("origin", "twilio, or hosted by another carrier."),
    ("status", "Whether it is in use."),
    ("type", "local, mobile or toll-free."),
    ("uri", "Its path in the API."),
    ("subresource_uris", "The paths of what belongs to it, such as its add-ons."),
)
"""The fields that no option sets; the others are in the table of settings."""

NOTES: dict[str, tuple[str, ...]] = {
    "": (
        "Data goes to standard output, everything else to standard error. Connection options may stand before or "
        "after the command. Credentials come from the first of: the sandbox, if it is asked for; --profile; a "
        "complete set in the environment; NUMCTL_PROFILE; the default profile.",
    ),
    "list": (
        "Pages are read and written as they arrive. --where FIELD=GLOB compares the whole value (* is the only "
        "wildcard, and an empty GLOB means not set); FIELD~TEXT looks for TEXT in any case. != and !~ negate them. "
        "any_url stands for the five URL fields.",
    ),
    "show": (
        SELECTION,
        "What handles calls and messages comes first, then the fields in groups. Dates are local on a terminal, and "
        "as the service writes them in a pipe. uri and subresource_uris are shown only with --fields and in JSON. "
        "Settings of applications, trunks and Messaging Services are not shown.",
    ),
    "search": ("COUNTRY is an ISO 3166-1 alpha-2 code; the default is US.",),
    "buy": (
        "A number that the account already has is not bought again. With --area-code, numbers are found, shown and "
        "bought by name; one that somebody else takes in the meantime is replaced only by a fallback from the plan.",
        CONFIRMATION,
    ),
    "set": (
        SELECTION,
        "Only the given settings are sent. --clear takes field names as JSON has them: a URL, a SID or the friendly "
        "name. An empty value is an error, so that an unset shell variable removes nothing. One number is changed "
        "without a question, unless that removes what handles its calls or messages, or a regulatory setting.",
        CONFIRMATION,
    ),
    "release": (SELECTION, "To confirm, type the number, or the count of several.", CONFIRMATION),
    "transfer": (SELECTION, CONFIRMATION),
    "apply": (
        "A row is matched by sid, otherwise by phone_number. Read-only columns are compared and reported, never sent. "
        "An empty cell clears what can be cleared. A row is skipped if its number was changed since the sheet was "
        "written (date_updated tells), except by this machine; --force applies it anyway.",
        CONFIRMATION,
    ),
    "undo": (
        "It puts back each setting that the run changed, including those that the service changed by itself. What was "
        "changed since is left alone unless --force is given. A purchase is not undone: the release command is shown.",
        CONFIRMATION,
    ),
    "history": (
        "Listing the history never contacts the service. On a terminal times are local, and the history of a run or "
        "of a number shows each field before and after; in a pipe times are UTC. With --number, JSON, CSV, -q and "
        "pipes get the runs that changed the number. prune deletes old runs; on a terminal it asks first. With -q the "
        "history of one run prints the numbers for which the requested state is in place.",
    ),
    "audit": (
        "On a terminal findings are grouped by number, errors first, each with the command that fixes it; a finding "
        "that three numbers or more share is shown once. In a pipe each finding is one line. Words in capitals in a "
        "command, such as URL, are for you to fill in.",
    ),
    "login": ("The secret goes to the keyring of the operating system, never to a file or an option.",),
    "sandbox": (
        "The sandbox keeps its numbers between commands and sells fictional ones. serve answers the same API on "
        "loopback and prints the environment variables that point a client to it.",
    ),
    "completion": (
        "The script is static: a TAB starts no Python and makes no request. Numbers, accounts and runs come from a "
        "cache that numctl-list(1), numctl-accounts(1), numctl-history(1) and every change refresh. There is no "
        "completion for PowerShell.",
    ),
    "doctor": (
        "It checks versions, variables, folders and their permissions, profiles, the keyring, the region, the "
        "connection to the service, the clock, the credentials and what they may read, the history, and the "
        "completion of your shell. It changes nothing: it sends at most four read requests, or one without "
        "credentials if there are none. After a warning everything still works; after an error some command does not, "
        "and the exit status is 1. -q prints only the checks that found something. No secret is shown, so you can "
        "send the output to whoever helps you.",
    ),
}
"""Paragraphs that follow a verb's help in its page."""

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("Try it without an account:", "numctl list --sandbox"),
        (
            "Move every number from an old host to a new one:",
            "numctl list --where 'voice_url~voice.example.com' -q | numctl set - --voice-url https://calls.example.net/voice",
        ),
    ),
    "list": (
        (
            "Numbers without anything that handles calls:",
            "numctl list --where voice_url= --where trunk_sid= --where voice_application_sid=",
        ),
        ("A sheet for a spreadsheet:", "numctl list --output xlsx > numbers.xlsx"),
    ),
    "show": (("One field, for a script:", "numctl show +14155550100 --json --fields voice_url"),),
    "search": (("Where numbers are sold:", "numctl search --countries"),),
    "buy": (("Two numbers with one area code:", "numctl buy --area-code 415 --count 2 --yes"),),
    "set": (("Stop answering messages:", "numctl set +14155550100 --clear sms_url --yes"),),
    "release": (("Without a question:", "numctl release +14155550100 --yes"),),
    "apply": (("What would a sheet change?", "numctl apply numbers.csv --dry-run"),),
    "history": (("What changed one number:", "numctl history --number +14155550100"),),
    "audit": (("Fail a CI check if something is wrong:", "numctl audit --severity error --exit-code"),),
    "whoami": (("The profiles on this machine:", "numctl whoami --profiles"),),
    "completion": (("For this bash only:", "source <(numctl completion bash)"),),
    "doctor": (("For a bug report:", "numctl doctor --json"),),
}
"""What follows the example of a verb's own help."""
