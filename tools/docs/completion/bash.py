"""The completion script of bash: the tables of the command tree in a frame that is written by hand."""

from __future__ import annotations

from numctl.cli.commands import CommandTree
from tools.docs.completion.cases import argument_cases, row_case, value_cases
from tools.docs.completion.frames import filled
from tools.docs.completion.tables import groups, option_words


def script(root: CommandTree) -> str:
    """The script; every word in it is one of the code's own."""
    return filled(
        "frame.bash",
        OPTIONS=[row_case(command, option_words(command)) for command in root.walk()],
        COMMANDS=[row_case(group, [row.path[-1] for row in group.commands]) for group in groups(root)],
        VALUES=value_cases(root),
        ARGUMENTS=argument_cases(root),
    )
