"""`numctl set`: change settings of one number or many."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from numctl.changes.plan import check_wanted, setting
from numctl.cli.change import carry_out, connect_to_change
from numctl.cli.connection import Connection, Everywhere
from numctl.cli.options import Changing, OutputOptions, split_names
from numctl.cli.order import Order
from numctl.cli.outlet import checked
from numctl.cli.setting_options import SettingsOptions, wanted_of
from numctl.cli.targets import Numbers, find_all
from numctl.errors import ExitCode, UsageError
from numctl.model.settings import CLEARABLE, SETTINGS, Wanted
from numctl.output.results import RESULTS
from numctl.text.suggestions import unknown_field

SHAPES = (RESULTS,)
_CLEARABLE = "fields that can be cleared"


def command(
    numbers: Numbers,
    settings: SettingsOptions,
    everywhere: Everywhere,
    changing: Changing,
    output: OutputOptions,
    connection: Connection,
    clear: Annotated[
        Optional[list[str]],
        typer.Option(
            "--clear", metavar="FIELD[,FIELD]", help="Clear URLs, SIDs or the name.", rich_help_panel="Clearing"
        ),
    ] = None,
) -> ExitCode:
    """Change settings of one number or many.

    One NUMBER is changed without a question, unless it removes call or message handling or a regulatory setting.

    Example: numctl set +14155550100 --voice-url https://example.com/voice --sandbox
    """
    wanted = _with_clears(wanted_of(settings), clear or [])
    check_wanted(wanted)
    refs = numbers.refs(connection)
    shown = checked(output)
    if not wanted:
        raise UsageError("nothing to set", hint="name a setting, such as --voice-url URL, or --clear FIELD")
    session = connect_to_change(connection, changing, shown)
    found = find_all(session, refs, everywhere.all_accounts) if refs else []
    changes = [setting(live, wanted) for live in found]
    several = everywhere.all_accounts or len(connection.account or ()) > 1
    return carry_out(session, Order("set", changes, changing, shown, numbers.stdin_taken, several))


def _with_clears(wanted: Wanted, clears: list[str]) -> Wanted:
    """The settings, with the fields to clear as empty ones; raises UsageError if one cannot be cleared."""
    names = [name.replace("-", "_") for text in clears for name in split_names(text) or ()]
    for name in names:
        if name not in SETTINGS:
            raise UsageError(f"--clear: {unknown_field(name, CLEARABLE)}", see=_CLEARABLE)
        if name not in CLEARABLE:
            raise UsageError(f"--clear {name}: it cannot be cleared, only set", see=_CLEARABLE)
        if name in wanted:
            raise UsageError(f"{name} is both given and cleared")
    return wanted | dict.fromkeys(names, "")
