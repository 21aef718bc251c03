"""The help: whole at every width, in one order, and with no option that the command refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pexpect
import pytest

from numctl.cli.tree import describe
from numctl.cli.verbs import EXAMPLES, VERBS
from tests.cli.program import numctl, sandbox
from tests.cli.screen import screen
from tools.terminal import on_terminal

COMMANDS = [command.words for command in describe().walk()]
SHARED = ["Safety", "Output", "Connection", "Help"]
SETTINGS = ["Name", "Calls", "Messages", "Regulatory", "Emergency calls"]
ON_TERMINAL = pytest.mark.skipif(not hasattr(pexpect, "spawn"), reason="there are no pseudo-terminals here")
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")

LOGOUT = {
    40: """\
Remove a profile and its secret.

Usage: numctl logout [OPTIONS]

Example:
  numctl logout --profile test

Connection:
  --profile NAME
      Profile (NUMCTL_PROFILE).
  --no-input
      Never prompt.

Help:
  -h, --help  Show this help.
""",
    80: """\
Remove a profile and its secret.

Usage: numctl logout [OPTIONS]

Example:
  numctl logout --profile test

Connection:
  --profile NAME  Profile (NUMCTL_PROFILE).
  --no-input      Never prompt.

Help:
  -h, --help  Show this help.
""",
}
TRANSFER_AT_40 = """\
Move numbers between an account and its
subaccounts.

Usage: numctl transfer NUMBER... --to
         ACCOUNT [OPTIONS]
"""
COLORED = """\
Remove a profile and its secret.

\x1b[1mUsage:\x1b[0m numctl logout [OPTIONS]

\x1b[1mExample:\x1b[0m
  \x1b[36mnumctl logout --profile test\x1b[0m

\x1b[1mConnection:\x1b[0m
  \x1b[36m--profile\x1b[0m NAME  Profile (NUMCTL_PROFILE).
  \x1b[36m--no-input\x1b[0m      Never prompt.

\x1b[1mHelp:\x1b[0m
  \x1b[36m-h\x1b[0m, \x1b[36m--help\x1b[0m  Show this help.
"""


def help_of(command: str, width: int = 80) -> str:
    ended = numctl(*command.split(), "--help", env={"COLUMNS": str(width)})
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def titles(command: str) -> list[str]:
    return re.findall(r"^(?!Usage|Examples?:|Fields for|Rules for)(\S.*):$", help_of(command), re.MULTILINE)


def of_example(text: str) -> set[str]:
    """The lines of the examples, which stay whole in a pipe, to be copied."""
    found = re.search(r"^Examples?:\n((?:  .*\n)+)", text, re.MULTILINE)
    return set(found[1].splitlines()) if found else set()


@pytest.mark.parametrize("width", LOGOUT)
def test_a_help_as_a_whole(width: int) -> None:
    assert help_of("logout", width) == LOGOUT[width]


@ON_TERMINAL
@pytest.mark.parametrize("width", LOGOUT)
def test_a_terminal_shows_the_same_as_a_pipe(width: int, tmp_path: Path) -> None:
    assert on_terminal("numctl logout --help", tmp_path, width=width, color=False) == LOGOUT[width]


@ON_TERMINAL
def test_headings_are_bold_and_names_are_coloured_where_there_is_colour(tmp_path: Path) -> None:
    assert on_terminal("numctl logout --help", tmp_path, width=80, color=True) == COLORED


@pytest.mark.parametrize("width", [40, 57, 80, 100, 160])
def test_on_a_terminal_no_line_is_too_wide_and_no_name_is_broken(width: int) -> None:
    for command in describe().walk():
        plain = ESCAPES.sub("", screen(*command.path, "--help", columns=width, color=True).out)
        assert [line for line in plain.splitlines() if len(line) > width and " " in line.strip()] == []
        for option in command.options:
            assert all(re.search(rf"(?m)^ +(\S.* )?{name}(?=[ ,]|$)", plain) for name in option.all_names)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", [40, 80, 100, 250])
def test_in_a_pipe_no_line_but_an_example_is_wider_than_the_columns(command: str, width: int) -> None:
    text = help_of(command, width)
    lines = set(text.splitlines()) - of_example(text)
    wide = {line for line in lines if len(line) > min(width, 100)}
    assert {line for line in wide if not line.lstrip().startswith(("Usage:", "numctl"))} == set()
    assert "\x1b" not in text


def test_a_long_usage_is_wrapped_on_a_terminal(tmp_path: Path) -> None:
    assert on_terminal("numctl transfer -h", tmp_path, width=40, color=False).startswith(TRANSFER_AT_40)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_panels_stand_in_one_order(command: str) -> None:
    found = titles(command)
    order = ["Arguments", "Commands", *(name for name in found if name not in (*SHARED, *SETTINGS)), *SETTINGS, *SHARED]
    assert found == [name for name in dict.fromkeys(order) if name in found]


def test_what_a_command_has_of_its_own_stands_before_the_settings() -> None:
    assert titles("set") == ["Arguments", "Clearing", *SETTINGS, *SHARED]
    assert titles("buy") == ["Arguments", "Instead of NUMBERs", *SETTINGS, *SHARED]
    assert titles("login") == ["Options", "Connection", "Help"]
    assert titles("transfer") == ["Arguments", "Of the target account", *SHARED]
    assert titles("audit") == ["Which findings", *SHARED[1:]]


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("login", ["--profile", "--timeout", "--no-input", "--verbose"]),
        ("logout", ["--profile", "--no-input"]),
        ("history", ["--account", "--sandbox"]),
        ("history prune", ["--sandbox", "--no-input"]),
        ("completion", []),
        ("sandbox serve", []),
        ("whoami", ["--profile", "--account", "--sandbox", "--timeout", "--no-input", "--verbose"]),
        ("accounts", ["--profile", "--account", "--sandbox", "--timeout", "--no-input", "--verbose"]),
    ],
)
def test_no_option_is_shown_that_the_command_refuses_or_ignores(command: str, options: list[str]) -> None:
    (found,) = [one for one in describe().walk() if one.words == command]
    assert [row.names[-1] for row in found.options if row.panel == "Connection"] == options


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["login", "--sandbox"], "the sandbox needs no login and has no profile"),
        (["logout", "--account", "Branch"], "--account picks a subaccount in other commands"),
        (["history", "prune", "--older-than", "9", "--account", "Branch"], "prune deletes runs of all accounts"),
    ],
)
def test_an_option_that_is_not_shown_is_still_refused_with_its_reason(words: list[str], why: str) -> None:
    ended = numctl(*words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"numctl: {why}")


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_program_work_in_the_sandbox(example: str) -> None:
    assert sandbox(*example.split()[1:]).code == 0


def test_the_help_of_the_program_says_what_it_is_for_and_names_every_command() -> None:
    text = help_of("")
    assert text.startswith(
        "Manage the phone numbers of a Twilio account. Every change is shown first and\n"
        "recorded, so that most can be undone.\n\nUsage: numctl COMMAND [OPTIONS]\n\nExamples:\n"
    )
    assert re.findall(r"^  (\w+)  ", text, re.MULTILINE) == list(VERBS)
    assert text.endswith("\nFor more: numctl COMMAND --help\nFor programs: numctl help --json\n")


def test_the_help_of_audit_lists_the_rules_with_their_severity() -> None:
    assert "\n  plain-http                 warning: Without TLS, calls," in help_of("audit")


def test_the_help_of_list_says_which_fields_where_takes() -> None:
    assert "\nFields for --where:\n  those for --fields except calls, messages, and any_url\n" in help_of("list")


def test_no_help_or_message_calls_a_command_by_another_word() -> None:
    assert [command for command in COMMANDS if re.search(r"\bverbs?\b(?!, command)", help_of(command))] == []
