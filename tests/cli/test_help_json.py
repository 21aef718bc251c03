"""`numctl help --json` alone is enough to build and to check command lines."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import typer

import numctl as package
from numctl.cli.app import load
from numctl.cli.tree import describe
from numctl.cli.verbs import VERBS
from numctl.errors import EXIT_MEANINGS
from tests import ROOT
from tests.cli.program import numctl
from tests.cli.test_start import HEAVY, loaded_by
from tools.docs.reference import EXAMPLES
from tools.transcripts import steps

TYPES = {"string": str, "list": str, "integer": int, "number": float}
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(console|sh|yaml|cron)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@cache
def described() -> Any:
    ended = numctl("help", "--json")
    assert (ended.code, ended.err) == (0, "")
    return ended.json


class Refused(Exception):
    """The parser did not take the words."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise Refused(message)


def add_option(parser: Parser, row: dict[str, Any]) -> None:
    asked = {"dest": row["names"][-1], "default": argparse.SUPPRESS}
    if row["metavar"] is None:
        parser.add_argument(*row["names"], action="store_true", **asked)
        for name in row["off_names"]:
            parser.add_argument(name, action="store_false", **asked)
        return
    choices = row["choices"] if row["type"] == "string" and row["choices"] else None
    action = "append" if row["repeatable"] else "store"
    takes = {"type": TYPES[row["type"]], "choices": choices, "required": row["required"]}
    parser.add_argument(*row["names"], action=action, **takes, **asked)


def parser_of(command: dict[str, Any]) -> Parser:
    parser = Parser(prog="numctl", add_help=False, allow_abbrev=False)
    for row in command["options"]:
        add_option(parser, row)
    for row in command["arguments"]:
        counts = {(True, True): "+", (False, True): "*", (False, False): "?", (True, False): None}
        nargs = counts[row["required"], row["repeatable"]]
        parser.add_argument(row["name"], nargs=nargs, choices=row["choices"] or None)
    return parser


def parsed(words: list[str]) -> tuple[str, dict[str, Any]]:
    """Parse a command line from the JSON alone: the options before the command, the command, and the rest."""
    first = Parser(prog="numctl", add_help=False, allow_abbrev=False)
    for row in described()["global_options"]:
        add_option(first, row)
    first.add_argument("rest", nargs=argparse.REMAINDER)
    before = vars(first.parse_args(words))
    rest = before.pop("rest")
    commands = {command["name"]: command for command in described()["commands"]}
    name = " ".join(rest[:2]) if " ".join(rest[:2]) in commands else rest[0]
    if name not in commands:
        raise Refused(f"no command {name}")
    given = vars(parser_of(commands[name]).parse_intermixed_args(rest[len(name.split()) :]))
    return name, before | given


def calls(line: str) -> Iterator[list[str]]:
    """Yield the words of each call of numctl in a line for a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] | None = None
    for word in [*lexer, ";"]:
        if word and not word.strip("|&;<>()"):
            if words is not None:
                yield words[:-1] if word.startswith(">") and words[-1:] == ["2"] else words
            words = None
        elif words is not None:
            words.append(word)
        elif word in ("numctl", ".venv/bin/numctl"):
            words = []


def lines() -> Iterator[str]:
    """Yield the lines for a shell of all pages, the manual and the help."""
    for page in PAGES:
        for kind, block in BLOCK.findall(page.read_text(encoding="utf-8")):
            yield from (step.command for step in steps(block)) if kind == "console" else block.splitlines()
    yield from (example for command in describe().walk() for example in command.examples)
    yield from (line for rows in EXAMPLES.values() for _, line in rows)


GIVEN = sorted({tuple(words) for line in lines() for words in calls(line) if words and words[0] != "help"})


def test_there_are_examples_enough() -> None:
    assert len(GIVEN) > 60
    assert {words[0] for words in GIVEN} >= set(VERBS)


@pytest.mark.parametrize("words", GIVEN, ids=" ".join)
def test_every_example_is_understood_from_the_json_alone(words: tuple[str, ...]) -> None:
    name, given = parsed(list(words))
    command = load(VERBS[name.split()[0]])
    for part in name.split()[1:]:
        command = command.commands[part]
    place = min(place for place, word in enumerate(words) if word == name.split()[0])
    rest = list(words[place + len(name.split()) :])
    said, _, _ = command.make_parser(typer.Context(command)).parse_args(args=rest)
    for param in command.params:
        value = said.get(param.name)
        if value not in (None, ()):
            key = param.opts[-1] if param.param_type_name == "option" else param.name
            assert str(given[key]) == str(list(value) if isinstance(value, tuple) else value)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "lst",
            "list --voice-url x",
            "list --limit many",
            "list --type loca",
            "show",
            "show a b",
            "transfer +14155550100",
        ),
        *("set --concurrency", "completion tcsh", "history prune", "login --sandbox", "sandbox load"),
    ],
)
def test_what_numctl_refuses_is_refused_from_the_json_as_well(words: str) -> None:
    with pytest.raises(Refused):
        parsed(words.split())
    assert numctl(*words.split()).code == 2


def test_every_option_of_every_command_is_there_as_the_parser_has_it() -> None:
    for row in described()["commands"]:
        command = load(VERBS[row["name"].split()[0]])
        for part in row["name"].split()[1:]:
            command = command.commands[part]
        options = [param for param in command.params if param.param_type_name == "option" and not param.hidden]
        assert {
            (frozenset(param.opts), frozenset(param.secondary_opts), not param.is_flag, param.multiple, param.required)
            for param in options
        } | {(frozenset({"-h", "--help"}), frozenset[str](), False, False, False)} == {
            (
                frozenset(option["names"]),
                frozenset(option["off_names"]),
                option["metavar"] is not None,
                option["repeatable"],
                option["required"],
            )
            for option in row["options"]
        }


def test_the_keys_are_the_documented_ones() -> None:
    whole = described()
    assert list(whole) == ["version", "commands", "global_options", "exit_codes", "environment"]
    assert whole["version"] == package.__version__
    for command in whole["commands"]:
        assert list(command) == [
            *("name", "summary", "help", "examples", "arguments", "options", "output_fields", "changes", "exit_codes")
        ]
        for argument in command["arguments"]:
            assert list(argument) == ["name", "metavar", "required", "repeatable", "choices", "help"]
        for option in command["options"]:
            assert set(option) - {"default", "minimum", "maximum"} == {
                *("names", "off_names", "type", "metavar", "choices", "repeatable", "required", "help", "group")
            }
            assert option["type"] in {"boolean", *TYPES}
    assert whole["exit_codes"] == {str(int(code)): meaning for code, meaning in EXIT_MEANINGS.items()}
    assert whole["environment"]["NUMCTL_MAX"] == "The most changes that a plan may have, without --max."


def test_one_command_by_its_parts() -> None:
    (found,) = [command for command in described()["commands"] if command["name"] == "set"]
    options = {option["names"][-1]: option for option in found["options"]}
    assert (found["changes"], found["exit_codes"]) == (True, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 129, 130, 143])
    assert found["arguments"] == [
        {
            "name": "numbers",
            "metavar": "NUMBER",
            "required": True,
            "repeatable": True,
            "choices": [],
            "help": "E.164 numbers or PN SIDs, or - for one per line on standard input.",
        }
    ]
    assert options["--voice-method"] == {
        "names": ["--voice-method"],
        "off_names": [],
        "type": "string",
        "metavar": "GET|POST",
        "choices": ["GET", "POST"],
        "repeatable": False,
        "required": False,
        "help": "How voice_url is called.",
        "group": "Calls",
    }
    assert (options["--concurrency"]["default"], options["--concurrency"]["maximum"]) == (8, 64)
    assert options["--clear"]["type"] == "list"
    assert "voice_url" in options["--clear"]["choices"]
    assert "outcome" in found["output_fields"]


def test_what_does_not_change_numbers_says_so() -> None:
    changing = {command["name"] for command in described()["commands"] if command["changes"]}
    assert changing == {"buy", "set", "release", "transfer", "apply", "undo"}


def test_one_command_can_be_asked_for() -> None:
    assert [row["name"] for row in numctl("help", "history", "--json").json["commands"]] == ["history", "history prune"]
    assert [row["name"] for row in numctl("help", "--json", "sandbox", "load").json["commands"]] == ["sandbox load"]


def test_a_command_that_there_is_not_is_an_error_in_json() -> None:
    ended = numctl("help", "lst", "--json")
    error = json.loads(ended.err)["error"]
    assert (ended.code, ended.out) == (2, "")
    assert (error["message"], error["hint"]) == (
        "there is no command 'lst': did you mean list?",
        "for help: numctl --help",
    )


def test_other_commands_load_nothing_for_it() -> None:
    described = {"numctl.cli.help_json", "numctl.cli.commands", "numctl.cli.values", "numctl.cli.help_page"}
    assert not loaded_by("list", "--sandbox", "-q") & described
    assert not loaded_by("help", "--json") & (HEAVY - {"numctl.sandbox"})
