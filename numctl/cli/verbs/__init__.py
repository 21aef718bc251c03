"""The verbs: where each lives, in which panel the help shows it, and what it does in a line.

A verb's module is imported when the verb is called. Its line is the first of its own help, which a test holds.
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
        """Return the module that defines it."""
        return f"numctl.cli.verbs.{self.name}"


_ROWS = (
    Verb("list", NUMBERS, "List the account's numbers."),
    Verb("show", NUMBERS, "Show one number in full, and what handles its calls and messages."),
    Verb("search", NUMBERS, "Find numbers for sale."),
    Verb("buy", NUMBERS, "Buy numbers, with settings applied at purchase."),
    Verb("set", NUMBERS, "Change settings of one number or many."),
    Verb("release", NUMBERS, "Give numbers back."),
    Verb("transfer", NUMBERS, "Move numbers between the accounts of one family."),
    Verb("apply", SHEETS, "Make the account match a sheet."),
    Verb("history", SHEETS, "Show what was changed from this machine, with what outcome."),
    Verb("undo", SHEETS, "Put back what a recorded change replaced."),
    Verb("audit", SHEETS, "Find numbers whose configuration cannot work or is probably a mistake."),
    Verb("login", ACCOUNT, "Store an account's credentials in the keyring."),
    Verb("logout", ACCOUNT, "Forget a profile and its secret."),
    Verb("whoami", ACCOUNT, "Show which credentials are in force, and from where."),
    Verb("accounts", ACCOUNT, "List the account and its subaccounts, never a token."),
    Verb("sandbox", TOOLS, "Serve, load or reset the built-in stand-in."),
    Verb("completion", TOOLS, "Print the shell's completion script."),
    Verb("doctor", TOOLS, "Check this machine and these credentials, and say how to fix what is wrong."),
)

VERBS: dict[str, Verb] = {verb.name: verb for verb in _ROWS}
