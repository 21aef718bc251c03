"""The completion script of fish: a line for each verb and option, under a frame that is written by hand."""

from __future__ import annotations

from collections.abc import Iterator

from numctl.cli.commands import CommandTree, Option
from numctl.cli.values import Values, of_option
from tools.docs.completion.frames import filled
from tools.docs.completion.tables import argument_values, groups


def script(root: CommandTree) -> str:
    """The script; every word in it is one of the code's own."""
    return filled(
        "frame.fish",
        NESTED=[f"set -g __numctl_nested {' '.join(quoted(row.words) for row in nested(root))}"],
        VALUED=[f"set -g __numctl_valued {' '.join(valued(root))}"],
        COMMANDS=[command_line(group, row) for group in groups(root) for row in group.commands],
        ARGUMENTS=[f"complete -c numctl {at(words)} {words_of(values)}" for words, values in argument_values(root)],
        OPTIONS=[option_line(command, option) for command in root.walk() for option in command.options],
    )


def nested(root: CommandTree) -> list[CommandTree]:
    """The commands of several words."""
    return [row for row in root.walk() if len(row.path) > 1]


def valued(root: CommandTree) -> list[str]:
    """The names of all options that take a value, in whatever command."""
    names = (name for command in root.walk() for row in command.options if row.takes_value for name in row.names)
    return sorted(set(names))


def command_line(group: CommandTree, row: CommandTree) -> str:
    """The line of one verb."""
    return f"complete -c numctl {at(group.words)} -a {row.path[-1]} -d {quoted(row.line.rstrip('.'))}"


def option_line(command: CommandTree, option: Option) -> str:
    """The line of one option of one verb."""
    value = f" {words_of(of_option(command, option))}" if option.takes_value else ""
    names = " ".join(named(option))
    required = " -r" if option.takes_value else ""
    return f"complete -c numctl {at(command.words)} {names}{required}{value} -d {quoted(option.help.rstrip('.'))}"


def named(option: Option) -> Iterator[str]:
    """Yield the names of an option as `complete` takes them."""
    for name in option.all_names:
        yield f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"


def at(words: str) -> str:
    """The condition that this command is being typed."""
    return "-n " + quoted(f'__numctl_at "{words}"')


def words_of(values: Values) -> str:
    """What a value is completed from."""
    words = " ".join(values.words)
    return {
        "words": f"-f -a {quoted(words)}",
        "list": f"-f -a {quoted(f'(__numctl_list {words})')}",
        "test": f"-f -a {quoted(' '.join(f'{word}=' for word in values.words))}",
        "number": "-f -a '(__numctl_numbers)'",
        "account": "-f -a '(__numctl_accounts)'",
        "run": "-f -a '(__numctl_runs)'",
        "profile": "-f -a '(__numctl_profiles)'",
        "file": "-F",
        "free": "-f",
    }[values.kind]


def quoted(text: str) -> str:
    """Text in single quotes, in which fish expands nothing."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
