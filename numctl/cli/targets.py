"""NUMBER…: from words to the account's records, or one error that lists all that are missing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Optional

import typer

from numctl.api.client import Client
from numctl.api.lookup import Found, refs_of
from numctl.cli.connection import Connection
from numctl.cli.friendly_names import checked_ref
from numctl.cli.session import Session
from numctl.errors import NotFound, UsageError
from numctl.model.number import Record
from numctl.text.encoding import encoding_of

LARGEST = 16 * 1024 * 1024
"""Bytes of a million NUMBERs; larger input is not a list of numbers, or never ends."""


@dataclass(frozen=True)
class Numbers:
    """The NUMBER… arguments of a verb."""

    numbers: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="NUMBER", help="E.164 numbers or PN SIDs, or - for one per line on standard input."),
    ] = None

    @property
    def stdin_taken(self) -> bool:
        """Whether standard input carries NUMBERs."""
        return "-" in (self.numbers or ())

    def refs(self, connection: Connection) -> list[str]:
        """The references asked for, each once; raises UsageError for a bad one, or for no argument at all."""
        if not self.numbers:
            raise UsageError("no NUMBER given", hint="name numbers, or - to read one per line from standard input")
        for number in self.numbers:
            if number != "-":
                checked_ref(number, connection)

        return refs_of(self.numbers, _stdin_lines)


def _stdin_lines() -> Iterable[str]:
    """The lines of standard input; raises UsageError if it is not text, or too much of it."""
    if sys.stdin is None:
        raise UsageError("standard input is closed, and - reads NUMBERs from it")
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise UsageError(f"standard input holds more than {LARGEST >> 20} MiB, which is not a list of NUMBERs")
        return raw.decode(encoding_of(raw)).splitlines()
    except OSError as error:
        raise UsageError(f"standard input cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError("standard input is not UTF-8 or UTF-16 text with one NUMBER per line") from error


def find_all(session: Session, refs: Sequence[str], all_accounts: bool) -> list[Record]:
    """The record of each reference; raises NotFound that lists all that are missing."""
    clients = session.clients(all_accounts)
    found = session.find(refs, clients)
    refuse_missing(found, clients, all_accounts)
    return found.numbers


def refuse_missing(found: Found, clients: Sequence[Client], all_accounts: bool) -> None:
    """Raise NotFound for what no account holds."""
    if not found.missing:
        return
    where = clients[0].account_sid if len(clients) == 1 else f"{len(clients)} accounts"
    verb = "is" if len(found.missing) == 1 else "are"
    hint = "every account was looked in" if all_accounts else "not found here; try --all-accounts"
    raise NotFound(f"{', '.join(found.missing)} {verb} not in {where}", hint=hint, **found.said)
