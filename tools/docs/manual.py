"""The manual: one page for the program and one for each command, from the command tree and the tables of the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numctl import __version__
from numctl.audit.rules import RULES
from numctl.cli.commands import Argument, CommandTree, Option
from numctl.cli.environment import ENVIRONMENT
from numctl.cli.values import FEW, of_option
from numctl.errors import EXIT_MEANINGS
from tools.docs.reference import EXAMPLES, FILES, NOTES

REVISED = "2026-11-24"
"""The day that stands at the foot of each page."""


def pages(root: CommandTree) -> dict[str, str]:
    """Each page by its file's name."""
    return {f"{title(command)}.1": page(command, root) for command in (root, *root.commands)}


def title(command: CommandTree) -> str:
    """The name of a command's page."""
    return "-".join(("numctl", *command.path))


def page(command: CommandTree, root: CommandTree) -> str:
    """One page, in the man macros (man(7))."""
    lines = [
        f'.TH {roff(title(command).upper())} 1 {REVISED} "numctl {__version__}" "numctl manual"',
        *section("NAME", [f"{roff(title(command))} \\- {roff(command.line.rstrip('.'))}"]),
        *section("SYNOPSIS", synopsis(command)),
        *section("DESCRIPTION", description(command)),
        *section("COMMANDS", commands(command)),
        *section("OPTIONS", options(command)),
        *section("FIELDS", fields(command)),
        *section("RULES", rules(command)),
        *section("EXIT STATUS", tagged((str(int(code)), text + ".") for code, text in EXIT_MEANINGS.items())),
        *section("ENVIRONMENT", tagged(ENVIRONMENT)),
        *section("FILES", tagged(FILES)),
        *section("EXAMPLES", examples(command)),
        *section("SEE ALSO", see_also(command, root)),
    ]
    return "".join(f"{line}\n" for line in lines)


def section(name: str, lines: Iterable[str]) -> list[str]:
    """A section, nothing if it would be empty."""
    body = list(lines)
    return [f".SH {name}", *body] if body else []


def synopsis(command: CommandTree) -> Iterator[str]:
    """Yield how the command is called: by itself where it can be, and once for each command below it."""
    if not command.path:
        yield "\\fBnumctl\\fR \\fICOMMAND\\fR [\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]"
        return
    by_itself = [command] if command.by_itself else []
    for index, row in enumerate([*by_itself, *command.commands]):
        yield from [] if index == 0 else [".br"]
        yield called(row)


def called(command: CommandTree) -> str:
    """One line of a synopsis."""
    needed = [f"\\fB{roff(row.names[-1])}\\fR \\fI{roff(row.metavar)}\\fR" for row in command.options if row.required]
    name = f"\\fB{roff(' '.join(('numctl', *command.path)))}\\fR"
    return " ".join([name, *map(called_with, command.arguments), *needed, "[\\fIOPTIONS\\fR]"])


def called_with(argument: Argument) -> str:
    """An argument as a synopsis has it: in brackets where it may be left out."""
    shown = f"\\fI{roff(placeholder(argument))}\\fR"
    return shown if argument.required else f"[{shown}]"


def placeholder(argument: Argument) -> str:
    """What stands for an argument: with dots where several may be given."""
    return argument.metavar + ("…" if argument.many and not argument.metavar.endswith("…") else "")


def description(command: CommandTree) -> Iterator[str]:
    """Yield the command's help without its example, its arguments, and the notes on it."""
    for index, text in enumerate([*prose(command.help), *NOTES.get(command.words, ())]):
        yield from [] if index == 0 else [".PP"]
        yield roff(text)
    for argument in command.arguments:
        yield from tag(f"\\fI{roff(placeholder(argument))}\\fR", argument.help)


def prose(help: str) -> list[str]:
    """The paragraphs of a help text."""
    return [" ".join(paragraph.split()) for paragraph in help.split("\n\n")]


def commands(command: CommandTree) -> Iterator[str]:
    """Yield the commands below this one, in their panels, each with its line."""
    panel = ""
    for row in command.commands:
        if row.panel != panel and not command.path:
            panel = row.panel
            yield f".SS {roff(panel)}"
        name = f"{roff(title(row))}(1)" if not command.path else roff(row.path[-1])
        yield from tag(f"\\fB{name}\\fR", row.line)


def options(command: CommandTree) -> Iterator[str]:
    """Yield the options in their panels, and those of the commands below in a group."""
    for row in (command, *(command.commands if command.path else ())):
        if row is not command:
            yield f".SS Options of {roff(row.words)}"
        for panel in dict.fromkeys(option.panel for option in row.options):
            if row is command and len(row.options) > 1:
                yield f".SS {roff(panel)}"
            for option in row.options:
                if option.panel == panel:
                    yield from tag(option_tag(option), option_text(row, option))


def option_tag(option: Option) -> str:
    """An option's names and what it takes."""
    names = ", ".join(f"\\fB{roff(name)}\\fR" for name in option.all_names)
    return f"{names} \\fI{roff(option.metavar)}\\fR" if option.takes_value else names


def option_text(command: CommandTree, option: Option) -> str:
    """An option's help, with the words it takes and whether it may be repeated."""
    values = of_option(command, option)
    said = f"{option.metavar} {option.help}"
    few = values.kind == "words" and len(values.words) <= FEW
    listed = few and not all(word in said for word in values.words)
    words = f" One of {', '.join(values.words)}." if listed else ""
    return f"{option.help.rstrip('.')}.{words}{' May be given several times.' if repeats(command, option) else ''}"


def repeats(command: CommandTree, option: Option) -> bool:
    """Whether an option may be given several times: --account, only where a verb looks in several accounts."""
    everywhere = any(other.name == "all_accounts" for other in command.options)
    return option.multiple and (option.name != "account" or everywhere)


def fields(command: CommandTree) -> Iterator[str]:
    """Yield what `--fields` and its kin accept."""
    for option in command.options:
        values = of_option(command, option)
        if values.kind in ("list", "test"):
            yield from tag(f"\\fB{roff(option.names[-1])}\\fR", ", ".join(values.words) + ".")


def rules(command: CommandTree) -> Iterator[str]:
    """Yield the rules of the audit, each with its severity."""
    if command.path == ("audit",):
        for rule in RULES:
            yield from tag(f"\\fB{roff(rule.id)}\\fR ({rule.severity})", rule.reason)


def examples(command: CommandTree) -> Iterator[str]:
    """Yield the example of the help, then those of the table."""
    own = [("", example) for example in command.examples] if command.path else []
    rows = [*own, *EXAMPLES.get(command.words, ())]
    for index, (text, line) in enumerate(rows):
        yield from [] if index == 0 else [".PP"]
        yield from [roff(text)] if text else []
        yield from [".RS 4", ".nf", roff(line), ".fi", ".RE"]


def see_also(command: CommandTree, root: CommandTree) -> Iterator[str]:
    """Yield the other pages: all of them from the program's, those of the same panel from a command's."""
    others = [row for row in root.commands if row != command and (not command.path or row.panel == command.panel)]
    names = [title(row) for row in ([root] if command.path else []) + others]
    for name in names:
        yield f".BR {roff(name)} (1)" + ("," if name != names[-1] else "")


def tagged(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a list of names and what they mean."""
    for name, text in rows:
        yield from tag(f"\\fB{roff(name)}\\fR", text)


def tag(name: str, text: str) -> list[str]:
    """One name with its text below it."""
    return [".TP", name, roff(text)]


def roff(text: str) -> str:
    """Text that stands for itself: no character of it is an instruction, a hyphen stays one when copied."""
    plain = text.replace("…", "...").replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return f"\\&{plain}" if plain[:1] in (".", "'") else plain
