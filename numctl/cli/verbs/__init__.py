"""The verbs: the module, the help panel and the one-line help of each.

A verb's module is imported when the verb is called. Its line is the first line of its own help; a test checks that.
"""

from __future__ import annotations

from typing import NamedTuple

NUMBERS, SHEETS, ACCOUNT, TOOLS = "Numbers", "Sheets and safety", "Account", "Tools"


class Verb(NamedTuple):
    """One verb of the command line.

    Its module defines `command`; where that takes --fields, SHAPES names all kinds of row that it prints; and where it
    has commands `below` it, those.
    """

    name: str
    panel: str
    line: str

    @property
    def module(self) -> str:
        """The module that defines it."""
        return f"numctl.cli.verbs.{self.name}"


_ROWS = (
    Verb("list", NUMBERS, "List the account's numbers."),
    Verb("show", NUMBERS, "Show one number in full, and what handles its calls and messages."),
    Verb("search", NUMBERS, "Find numbers for sale."),
    Verb("buy", NUMBERS, "Buy numbers, with settings applied at purchase."),
    Verb("set", NUMBERS, "Change settings of one number or many."),
    Verb("release", NUMBERS, "Release numbers, perhaps for good."),
    Verb("transfer", NUMBERS, "Move numbers between an account and its subaccounts."),
    Verb("apply", SHEETS, "Make the account match a sheet."),
    Verb("history", SHEETS, "List what was changed from this machine."),
    Verb("undo", SHEETS, "Undo a recorded change."),
    Verb("audit", SHEETS, "Find numbers whose configuration cannot work or is probably a mistake."),
    Verb("login", ACCOUNT, "Store an account's credentials in the keyring."),
    Verb("logout", ACCOUNT, "Remove a profile and its secret."),
    Verb("whoami", ACCOUNT, "Show the account and the credentials in use."),
    Verb("accounts", ACCOUNT, "List the account and its subaccounts."),
    Verb("sandbox", TOOLS, "Serve, load or reset the sandbox."),
    Verb("completion", TOOLS, "Print the shell's completion script."),
    Verb("doctor", TOOLS, "Check this machine and these credentials, and say how to fix what is wrong."),
)

VERBS: dict[str, Verb] = {verb.name: verb for verb in _ROWS}

PURPOSE = """Manage the phone numbers of a Twilio account.
Every change is shown first and recorded, so that most can be undone."""

EXAMPLES = (
    "numctl list --sandbox",
    "numctl search US --area-code 415 --sandbox",
    "numctl set +14155550100 --voice-url https://example.com/voice --sandbox",
)
"""Examples in the program's help; they need no account."""

_FAMILIES = {
    "list": ("ls", "all", "numbers", "export"),
    "show": ("get", "describe", "view", "info", "cat"),
    "search": ("find", "available", "lookup", "query"),
    "buy": ("purchase", "order", "create", "add", "provision"),
    "set": ("update", "edit", "modify", "change", "configure"),
    "release": ("delete", "remove", "rm", "drop", "destroy"),
    "transfer": ("move", "mv"),
    "apply": ("import", "load", "sync", "push"),
    "history": ("log", "runs"),
    "undo": ("revert", "rollback", "restore"),
    "audit": ("check", "lint", "validate"),
    "login": ("auth", "signin", "authenticate"),
    "whoami": ("status", "me", "profiles"),
    "accounts": ("subaccounts",),
}
MEANINGS = {word: name for name, words in _FAMILIES.items() for word in words}
"""Other programs' names for commands → ours: suggested, never run."""
