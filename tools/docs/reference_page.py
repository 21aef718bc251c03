"""docs/reference.md: all commands, options, fields, exit codes, variables, audit rules and files in one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from numctl.audit.rules import RULES
from numctl.cli.commands import CommandTree, Option
from numctl.cli.environment import ENVIRONMENT
from numctl.cli.values import FEW, of_option
from numctl.cli.verbs import VERBS
from numctl.errors import EXIT_MEANINGS
from numctl.model.number import FIELDS
from numctl.model.settings import SETTINGS
from tools.docs.reference import FIELD_MEANINGS, FILES

_COMMON = 5
"""From so many commands on, an option is described once."""

_INTRO = """\
# Reference

Every command, option, field, exit code, variable and audit rule. In a terminal `numctl COMMAND --help` and
`man numctl-COMMAND` say the same, and `numctl help --json` says it to programs.
"""


def reference(root: CommandTree) -> str:
    """Write the page."""
    described = [command for command in root.walk() if command.path]
    shared = _shared(described)
    parts = [
        _INTRO,
        "## Commands\n",
        *(_command(command, shared) for command in described),
        _section("Shared options", _shared_options(shared)),
        _section("Fields", field_rows()),
        _section("Exit codes", exit_codes()),
        _section("Environment", environment()),
        _section("Audit rules", _rules()),
        _section("Files", files()),
    ]
    return "\n".join(parts)


def commands() -> Iterator[str]:
    """The table of commands, each linked to its section of the page."""
    yield from ("| command | what it does |", "|---|---|")
    yield from (f"| [`{verb.name}`](docs/reference.md#numctl-{verb.name}) | {verb.line} |" for verb in VERBS.values())


def field_rows() -> Iterator[str]:
    """The table of fields, in the order in which numctl shows them."""
    meanings = dict(FIELD_MEANINGS)
    yield from ("| field | set with | what it is |", "|---|---|---|")
    for name in FIELDS:
        setting = SETTINGS.get(name)
        option = f"`{setting.option}`" if setting else ""
        yield f"| `{name}` | {option} | {setting.help if setting else meanings[name]} |"


def exit_codes() -> Iterator[str]:
    """The table of exit codes."""
    yield from ("| code | meaning |", "|---|---|")
    yield from (f"| {int(code)} | {meaning} |" for code, meaning in EXIT_MEANINGS.items())


def environment() -> Iterator[str]:
    """The table of environment variables."""
    yield from ("| variable | what it does |", "|---|---|")
    for names, what in ENVIRONMENT:
        yield f"| {', '.join(f'`{name}`' for name in names.split(', '))} | {what} |"


def files() -> Iterator[str]:
    """The table of the files that numctl keeps."""
    yield from ("| file | what it holds |", "|---|---|")
    yield from (f"| `{path}` | {what} |" for path, what in FILES)


def _section(title: str, lines: Iterable[str]) -> str:
    return f"## {title}\n\n" + "".join(f"{line}\n" for line in lines)


def _shared(commands: Iterable[CommandTree]) -> list[Option]:
    """The options that many commands have, with the same meaning."""
    counts = Counter(_spoken(option) for command in commands for option in command.options)
    found = {_spoken(option): option for command in commands for option in command.options}
    return [option for key, option in found.items() if counts[key] >= _COMMON]


def _spoken(option: Option) -> tuple[str, ...]:
    return (*option.all_names, option.metavar, option.help)


def _command(command: CommandTree, shared: list[Option]) -> str:
    known = {_spoken(option) for option in shared}
    own = [option for option in command.options if _spoken(option) not in known]
    others = [option for option in command.options if _spoken(option) in known]
    takes = [*(row.usage for row in command.arguments), "[OPTIONS]"] if command.by_itself else ["COMMAND", "[OPTIONS]"]
    usage = " ".join([f"numctl {command.words}", *takes])
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in command.help.split("\n\n"))
    parts = [f"### numctl {command.words}\n", f"{text}\n", f"```text\n{usage}\n```\n"]
    parts += [f"Example: `{example}`\n" for example in command.examples]
    if not command.by_itself:
        return "\n".join(parts)
    parts += ["".join(f"{line}\n" for line in _options(command, own))] if own else []
    parts += [f"Also: {', '.join(f'`{option.names[-1]}`' for option in others)} ([shared options](#shared-options)).\n"]
    parts += [f"Output fields: {_fields(command)}.\n"] if command.fields else []
    return "\n".join(parts)


def _fields(command: CommandTree) -> str:
    """What --fields takes; the fields of a number are described once."""
    if not set(FIELDS) <= set(command.fields):
        return ", ".join(f"`{name}`" for name in command.fields)
    more = [f"`{name}`" for name in command.fields if name not in FIELDS]
    return ", ".join(["[those of a number](#fields)", *more])


def _options(command: CommandTree, options: Iterable[Option]) -> Iterator[str]:
    yield from ("| option | what it does |", "|---|---|")
    for option in options:
        words = of_option(command, option).words
        choices = f" One of {', '.join(f'`{word}`' for word in words)}." if 0 < len(words) <= FEW else ""
        yield f"| {_names(option)} | {option.help}{choices} |"


def _shared_options(shared: Iterable[Option]) -> Iterator[str]:
    yield from ("| option | what it does |", "|---|---|")
    yield from (f"| {_names(option)} | {option.help} |" for option in shared)


def _names(option: Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.all_names)
    return f"{names} `{_cell(option.metavar)}`" if option.takes_value else names


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _rules() -> Iterator[str]:
    yield from ("| rule | severity | why |", "|---|---|---|")
    yield from (f"| `{rule.id}` | {rule.severity} | {rule.reason} |" for rule in RULES)
