"""A command that also has subcommands: `history ID`, and `history prune`."""

from __future__ import annotations

from typing import Any

from numctl.cli.help import HelpfulCommand


class Branching(HelpfulCommand):
    """Run a subcommand if its name is the first argument, wherever options stand."""

    commands: dict[str, HelpfulCommand]

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command that is called."""
        place = self.first_argument(args)
        below = self.commands.get(args[place]) if place < len(args) else None
        if below is None:
            return super().make_context(info_name, args, parent, **extra)
        rest = [*args[:place], *args[place + 1 :]]
        return below.make_context(f"{info_name} {below.name}", rest, parent, **extra)

    def first_argument(self, args: list[str]) -> int:
        """The index of the first word that is neither an option nor an option's value."""
        valued = {name for row in self.params if not getattr(row, "is_flag", True) for name in row.opts}
        place = 0
        while place < len(args) and args[place].startswith("-"):
            place += 2 if args[place] in valued else 1
        return place
