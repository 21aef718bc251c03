"""Commands with numctl's own --help: Typer's shortens the longest option names at 80 columns."""

from __future__ import annotations

from typing import Any, ClassVar

from typer.core import TyperCommand, TyperGroup

from numctl.cli.lazy_validation import given_only
from numctl.errors import UsageError
from numctl.text.stdout import write_lines
from numctl.text.suggestions import did_you_mean
from numctl.wording import quoted


class _Helpful:
    """The option --help, written like all output, so that a failed write is an error."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option, None if the command has none."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # of the command that this is mixed into
        if option is not None:
            option.callback = show_help
        return option


def show_help(ctx: Any, param: Any = None, asked: bool = True) -> None:
    """Write the help of a command, and exit."""
    if asked and not ctx.resilient_parsing:
        from numctl.cli.help_page import page, width  # a command that runs needs nothing of it

        write_lines(page(ctx.command, ctx.command_path, width()))
        ctx.exit()


class HelpfulCommand(_Helpful, TyperCommand):
    """A command with numctl's own help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words, and check those that were given."""
        with given_only(self, ctx, args):
            return super().parse_args(ctx, args)


class HelpfulGroup(_Helpful, TyperGroup):
    """A group of commands with numctl's own help, and with suggestions for mistyped names."""

    meanings: ClassVar[dict[str, str]] = {}
    """Other programs' names for commands → ours."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words, and check those that were given."""
        with given_only(self, ctx, args):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Find the called command; raises UsageError with a suggestion if there is none."""
        name = args[0]
        if name not in self.commands and not name.startswith("-") and not ctx.resilient_parsing:
            meant = did_you_mean(name, list(self.commands), self.meanings)
            raise UsageError(
                f"there is no command {quoted(name)}{meant}", see="for help", command_path=ctx.command_path
            )
        return super().resolve_command(ctx, args)
