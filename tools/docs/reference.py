"""The tables of the manual that no option carries: files, what a verb's help has no room for, examples."""

from __future__ import annotations

FILES: tuple[tuple[str, str], ...] = (
    ("~/.config/numctl/config.toml", "The profiles and which of them is the default; no secret."),
    ("~/.config/numctl/config.toml.lock", "Empty; it keeps two logins from changing the profiles at once."),
    ("~/.local/state/numctl/history.sqlite3", "What was changed from this machine."),
    ("~/.local/state/numctl/sandbox.sqlite3", "The numbers of the sandbox."),
    ("~/.local/state/numctl/sandbox-history.sqlite3", "What was changed in the sandbox."),
    ("~/.cache/numctl/", "Numbers, accounts and runs with what they are called, for the completion of the shell."),
)
"""As they are on Linux; each is readable by its owner only."""

SELECTION = (
    "NUMBER is an E.164 number or a PN SID and names exactly one number: never a prefix, never the first match. "
    "Separators that people paste are accepted after the leading +. With - one NUMBER per line is read from standard "
    "input; blank lines and # comments are skipped, and a number given twice counts once."
)
CONFIRMATION = (
    "The plan is shown on standard error and asked about once, on standard input or, where that is taken, on the "
    "controlling terminal. Without a terminal, or with --no-input, the answer is No. Each change is recorded before "
    "it is sent; numctl-undo(1) puts it back."
)

FIELD_MEANINGS: tuple[tuple[str, str], ...] = (
    ("phone_number", "The number, E.164."),
    ("sid", "The number's SID, PN and 32 hexadecimal digits."),
    ("account_sid", "The account that holds it; numctl transfer moves it."),
    ("address_requirements", "Which address regulation asks for: none, any, local or foreign."),
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
        "Data goes to standard output, everything else to standard error. Options of the group Connection stand before "
        "the command or after it. Credentials are, in this order: the sandbox, where asked for; --profile; a complete "
        "set in the environment; NUMCTL_PROFILE; the default profile.",
    ),
    "list": (
        "All pages are read and written as they arrive. --where holds for FIELD=GLOB, where the whole value matches "
        "and * is the only wildcard, or FIELD~TEXT, where the value contains TEXT whatever the case; != and !~ turn "
        "them round. An empty GLOB is a field that is not set, and any_url stands for the five URL fields.",
    ),
    "show": (
        SELECTION,
        "What handles calls and messages comes first, then the fields in groups. Dates are local on a terminal, and as "
        "the service writes them in a pipe. uri and subresource_uris are shown with --fields and in JSON alone. The "
        "settings of an application, a trunk or a Messaging Service are not shown.",
    ),
    "search": ("COUNTRY is ISO 3166-1 alpha-2, and US unless given.",),
    "buy": (
        "A number that is the account's already is not bought again. With --area-code the numbers are chosen first, "
        "shown, and bought by name; a number that someone else took meanwhile is replaced only by a spare of the plan.",
        CONFIRMATION,
    ),
    "set": (
        SELECTION,
        "Only what is given is sent. --clear takes fields in snake_case, as JSON has them: a URL, a SID or the "
        "friendly name. An empty value is an error, so that an unset shell variable disconnects nothing. One number "
        "is changed without a question unless that takes away what answers it, or a regulatory setting.",
        CONFIRMATION,
    ),
    "release": (SELECTION, "To confirm, the number is typed, or the count of several.", CONFIRMATION),
    "transfer": (SELECTION, CONFIRMATION),
    "apply": (
        "A row is matched by sid, else by phone_number. Read-only columns are compared and reported, never sent. An "
        "empty cell clears what can be cleared. A row whose number was changed since the sheet was written (its "
        "date_updated tells) is left alone unless --force is given; where the last change was this machine's own, it "
        "is carried out.",
        CONFIRMATION,
    ),
    "undo": (
        "It covers each setting that the run changed, also those that the service changed by itself, and leaves alone "
        "what was changed since unless --force is given. A purchase is not undone: the release command is shown.",
        CONFIRMATION,
    ),
    "history": (
        "Listing it never contacts the service. On a terminal times are local, and the history of a run or of a number "
        "shows each field before and after; in a pipe times are UTC. With --number, JSON, CSV, -q and pipes get the "
        "runs that touched the number. prune forgets old runs, on a terminal once it was asked. With -q the "
        "history of one run prints the numbers for which what was asked for holds.",
    ),
    "audit": (
        "On a terminal findings are grouped by number, errors first, each with the command that fixes it; what three "
        "numbers or more have in common is shown once. In a pipe each finding is a line. Words in capitals in a "
        "command, such as URL, are to be filled in.",
    ),
    "login": ("The secret goes to the keyring of the operating system, never into a file, never into an option.",),
    "sandbox": (
        "The sandbox keeps its numbers between commands and sells fictional ones. serve answers the same API on "
        "loopback and prints the environment that points a client at it.",
    ),
    "completion": (
        "The script is static: a TAB starts no Python and makes no request. Numbers, accounts and runs come from a "
        "cache that numctl-list(1), numctl-accounts(1), numctl-history(1) and every change refresh. For PowerShell "
        "there is no completion.",
    ),
    "doctor": (
        "It looks at versions, variables, folders and their rights, profiles, the keyring, the region, the way to the "
        "service, the clock, the credentials and what they may read, the history, and the completion of your shell. It "
        "changes nothing: at most four requests read from the service, and one without credentials where there are "
        "none. A warning stops nothing; with an error, some verb does not work, and the exit status is 1. -q prints "
        "the checks that are not in order. No secret is shown, so the output can be sent to whoever helps you.",
    ),
}
"""Paragraphs that follow a verb's help in its page."""

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("Try it without an account:", "numctl list --sandbox"),
        (
            "Every number that an old host answers, moved to a new one:",
            "numctl list --where 'voice_url~voice.example.com' -q | numctl set - --voice-url https://calls.example.net/voice",
        ),
    ),
    "list": (
        (
            "Numbers that nothing answers:",
            "numctl list --where voice_url= --where trunk_sid= --where voice_application_sid=",
        ),
        ("A sheet for a spreadsheet program:", "numctl list --output xlsx > numbers.xlsx"),
    ),
    "show": (("One field, for a script:", "numctl show +14155550100 --json --fields voice_url"),),
    "search": (("Where numbers are sold:", "numctl search --countries"),),
    "buy": (("Two numbers of an area:", "numctl buy --area-code 415 --count 2 --yes"),),
    "set": (("Stop answering messages:", "numctl set +14155550100 --clear sms_url --yes"),),
    "release": (("Without a question:", "numctl release +14155550100 --yes"),),
    "apply": (("What would a sheet change?", "numctl apply numbers.csv --dry-run"),),
    "history": (("What touched one number:", "numctl history --number +14155550100"),),
    "audit": (("Fail a check where something is wrong:", "numctl audit --severity error --exit-code"),),
    "whoami": (("The profiles on this machine:", "numctl whoami --profiles"),),
    "completion": (("For this bash only:", "source <(numctl completion bash)"),),
    "doctor": (("For a report of a fault:", "numctl doctor --json"),),
}
"""What follows the example of a verb's own help."""
