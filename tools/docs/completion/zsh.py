"""The completion script of zsh: the tables of the command tree, with their help, in a frame written by hand."""

from __future__ import annotations

from numctl.cli.commands import CommandTree
from tools.docs.completion.cases import argument_cases, row_case, value_cases
from tools.docs.completion.frames import filled
from tools.docs.completion.tables import groups


def script(root: CommandTree) -> str:
    """The script; every word in it is one of the code's own."""
    return filled(
        "frame.zsh",
        OPTIONS=[row_case(command, options_with_help(command)) for command in root.walk()],
        COMMANDS=[
            row_case(group, [described(row.path[-1], row.line) for row in group.commands]) for group in groups(root)
        ],
        VALUES=value_cases(root),
        ARGUMENTS=argument_cases(root),
    )


def options_with_help(command: CommandTree) -> list[str]:
    """Every name of every option with its help."""
    return [described(name, option.help) for option in command.options for name in option.all_names]


def described(word: str, help: str) -> str:
    """A word and its help as `_describe` takes them, quoted."""
    text = help.rstrip(".").replace("\\", "\\\\").replace(":", "\\:").replace("'", "'\\''")
    return f"'{word}:{text}'"
