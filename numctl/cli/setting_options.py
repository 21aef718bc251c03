"""The options of `buy` and `set`: one for each row of the table of settings."""

from __future__ import annotations

from dataclasses import make_dataclass
from typing import Annotated, Any, Optional

import typer

from numctl.model.settings import SETTINGS, URL_FIELDS, Setting, Wanted


def _metavar_of(row: Setting) -> str | None:
    """The metavar of a setting: its choices or its kind; None for a switch."""
    if row.type is bool:
        return None
    return "|".join(row.choices) or ("URL" if row.name in URL_FIELDS else row.name.rsplit("_", 1)[-1].upper())


def _settings_group() -> Any:
    rows = []
    for row in SETTINGS.values():
        names = [row.option, f"--no-{row.option[2:]}"] if row.type is bool else [row.option]
        option = typer.Option("/".join(names), metavar=_metavar_of(row), help=row.help, rich_help_panel=row.panel)
        rows.append((row.name, Annotated[Optional[row.type], option], None))
    return make_dataclass("SettingsOptions", rows, frozen=True)


SettingsOptions: Any = _settings_group()
"""One option for each row of the table of settings."""


def wanted_of(group: Any) -> Wanted:
    """The settings that were given."""
    return {name: getattr(group, name) for name in SETTINGS if getattr(group, name) is not None}
