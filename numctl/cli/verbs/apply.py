"""`numctl apply`: make the account match a sheet."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Optional

import typer

from numctl import sheets
from numctl.api.lookup import by_ref, key_of
from numctl.changes.change import Change
from numctl.changes.from_sheet import changes_of, differences, ref_of
from numctl.cli.change import carry_out, connect_to_change
from numctl.cli.connection import Connection, Everywhere
from numctl.cli.messages import say
from numctl.cli.options import Changing, OutputOptions, split_names
from numctl.cli.order import Order
from numctl.cli.outlet import checked
from numctl.cli.session import Session
from numctl.cli.targets import refuse_missing
from numctl.errors import ExitCode, UsageError
from numctl.history.reader import History
from numctl.model.number import Record
from numctl.output.results import RESULTS
from numctl.sheets import Row, Sheet, wanted_by_row
from numctl.wording import counted, cut

_SHEET = "The sheet"
_REPORTED = 20
"""The most differences of read-only columns to list; the rest are counted."""


SHAPES = (RESULTS,)


def command(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="CSV, JSON, JSON Lines or XLSX, as list writes it.")],
    everywhere: Everywhere,
    changing: Changing,
    output: OutputOptions,
    connection: Connection,
    only: Annotated[
        Optional[str],
        typer.Option("--only", metavar="FIELD[,FIELD]", help="Apply these columns.", rich_help_panel=_SHEET),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Apply even if changed since the export.", rich_help_panel=_SHEET)
    ] = False,
) -> ExitCode:
    """Make the account match a sheet. Rows that are absent are left alone; nothing is bought or released.

    Example: numctl list --sandbox --csv | numctl apply - --sandbox
    """
    shown = checked(output)
    sheets = [_read_sheet(file, frozenset(split_names(only) or ()) or None)]
    session = connect_to_change(connection, changing, shown)
    changes = _planned(session, sheets.pop(), everywhere.all_accounts, force)  # nobody keeps the rows while they run
    return carry_out(session, Order("apply", changes, changing, shown, file == "-"))


def _read_sheet(file: str, only: frozenset[str] | None) -> Sheet:
    """Read the sheet from a file or standard input; raises UsageError for all that is wrong with it."""
    if file != "-":
        return sheets.read(Path(file), only=only, name=cut(file))
    if sys.stdin is None:
        raise UsageError("standard input is closed, and - reads the sheet from it")
    return sheets.read(sys.stdin.buffer, only=only, name="-")


def _matched(session: Session, sheet: Sheet, all_accounts: bool) -> tuple[Sheet, list[Record]]:
    """The sheet and the live record of each row; raises NotFound that lists all that are missing.

    What is wrong with the sheet's values comes first, also in rows whose number is missing.
    """
    refs = [ref_of(row) for row in sheet.rows]
    clients = session.clients(all_accounts) if refs else []
    found = session.find(refs, clients)
    held = by_ref(found.numbers)
    lives = [held.get(key_of(ref)) for ref in refs]
    sheet = _in_the_services_case(sheet, lives)
    if found.missing:
        wanted_by_row(sheet, lives)
        places = {ref_of(row): f"{row.place}: {_named(row)}" for row in sheet.rows}
        refuse_missing(replace(found, missing=[places[ref] for ref in found.missing]), clients, all_accounts)
    return sheet, [live for live in lives if live is not None]


def _named(row: Row) -> str:
    """What a row's number was looked up by; the number beside a SID may exist under another SID."""
    if row.sid and row.phone_number:
        return f"{row.sid} ({row.phone_number} in the sheet)"
    return row.sid or row.phone_number or ""


def _in_the_services_case(sheet: Sheet, lives: Sequence[Record | None]) -> Sheet:
    """The sheet with each SID spelled as in its record, since they are compared letter by letter next."""
    pairs = zip(sheet.rows, lives, strict=True)
    rows = [
        row if live is None or row.sid in (None, live["sid"]) else replace(row, sid=live["sid"]) for row, live in pairs
    ]
    return replace(sheet, rows=rows)


def _planned(session: Session, sheet: Sheet, all_accounts: bool, force: bool) -> list[Change]:
    """The changes that the sheet asks for, after saying what of it can't be carried out."""
    sheet, lives = _matched(session, sheet, all_accounts)
    if session.keeps_history():
        with History.open(session.history_path) as history:
            changes = changes_of(sheet, lives, history.left_by_us, force=force)
    else:
        changes = changes_of(sheet, lives, lambda *_: None, force=force)
    told = list(differences(sheet, lives))
    for line in told[:_REPORTED]:
        say(f"numctl: {line}")
    if len(told) > _REPORTED:
        more = len(told) - _REPORTED
        say(f"numctl: {counted(more, 'more read-only cell')} {'differs' if more == 1 else 'differ'}")
    if sheet.rows and not sheet.has_dates:
        say(f"numctl: {sheet.lacking_dates} no date_updated: what was changed since it was written is not noticed")
    return changes
