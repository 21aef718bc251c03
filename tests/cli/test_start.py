"""How numctl starts: what it loads, what it says where it does not understand, and its version."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import numctl as package
from numctl.cli.app import asks_for_json, load
from numctl.cli.verbs import VERBS
from tests.cli.program import FRONT_DESK, alone, numctl, sandbox
from tests.surroundings import unmeasured

HEAVY = {"requests", "keyring", "numctl.sandbox", "werkzeug", "openpyxl", "sqlite3", "phonenumbers", "rich.console"}


def loaded_by(*words: str) -> set[str]:
    """The modules that a command line has loaded when it ends."""
    script = (
        "import sys; sys.argv[1:] = {words!r}\n"
        "from numctl.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script.format(words=list(words))],
        capture_output=True,
        text=True,
        timeout=60,
        env=unmeasured(),
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_version_is_answered_before_anything_is_loaded() -> None:
    assert alone("--version").out == f"numctl {package.__version__}\n"
    assert not loaded_by("--version") & {*HEAVY, "typer", "pydantic"}


def test_the_help_loads_nothing_heavy() -> None:
    assert not loaded_by("--help") & {*HEAVY, "pydantic"}


@pytest.mark.parametrize(
    "words", [("list",), ("set", FRONT_DESK, "--friendly-name", "受付"), ("lst",), ("list", "--help")]
)
def test_no_verb_loads_the_highlighting_that_comes_with_rich(words: tuple[str, ...]) -> None:
    assert "pygments" not in loaded_by(*words, "--sandbox")


def test_the_bar_of_a_long_run_loads_no_highlighting_either() -> None:
    bar = "from rich.console import Console; from rich.progress import Progress; Progress(console=Console()).start()"
    done = subprocess.run([sys.executable, "-c", f"import sys; {bar}; sys.exit('pygments' in sys.modules)"], timeout=60)
    assert done.returncode == 0


def help_of(command: str) -> str:
    return f"  for help: numctl {command} --help"


def test_numctl_alone_says_where_to_start() -> None:
    ended = alone()
    assert (ended.code, ended.err) == (0, "")
    assert "numctl list --sandbox" in ended.out


@pytest.mark.parametrize(
    ("words", "same_as"),
    [
        (["help"], ["--help"]),
        (["help", "set"], ["set", "--help"]),
        (["help", "sandbox", "load"], ["sandbox", "load", "-h"]),
    ],
)
def test_help_is_a_verb_too(words: list[str], same_as: list[str]) -> None:
    assert numctl(*words) == numctl(*same_as)
    assert "\nUsage: numctl " in numctl(*words).out


@pytest.mark.parametrize("name", VERBS)
def test_the_line_of_a_verb_is_the_first_of_its_own_help(name: str) -> None:
    help_text = str(load(VERBS[name]).help)
    assert help_text.startswith(VERBS[name].line)


def test_a_purchase_is_not_offered_sids_that_what_is_for_sale_does_not_have() -> None:
    help_text = numctl("buy", "--help").out
    assert "\n  NUMBER  E.164 numbers, or - for one per line on standard input.\n" in help_text
    assert "PN SID" not in help_text


def test_on_json_output_a_usage_error_is_the_last_line_of_standard_error() -> None:
    ended = numctl("list", "--json", "--limit", "0")
    assert (ended.code, ended.out) == (2, "")
    error = json.loads(ended.err.splitlines()[-1])["error"]
    assert set(error) == {"exit_code", "message", "hint", "status", "code", "more_info"}
    assert error["exit_code"] == 2


@pytest.mark.parametrize("asked", ["--json", "-ojson", "-o json", "-qojson", "-qo jsonl", "--output=jsonl"])
def test_json_is_asked_for_in_each_way_that_an_option_is_given(asked: str) -> None:
    ended = numctl("list", *asked.split(), "--limit", "0")
    assert (ended.code, ended.out) == (2, "")
    assert json.loads(ended.err)["error"]["exit_code"] == 2


@pytest.mark.parametrize("asked", ["json", "-o csv json", "-o", "--output=json5", "--output-json", "-q json", "--csv"])
def test_json_is_not_asked_for_by_a_word_that_only_looks_like_it(asked: str) -> None:
    assert asks_for_json(["list", *asked.split()]) is False


def test_options_stand_before_the_verb_or_after_it() -> None:
    assert numctl("--sandbox", "list", "-q").out == numctl("list", "-q", "--sandbox").out


def test_two_formats_are_a_usage_error() -> None:
    ended = sandbox("list", "--csv", "-o", "xlsx")
    assert (ended.code, ended.err) == (2, "numctl: two output formats are asked for: csv and xlsx\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["list", "-o", "foo"], "'foo' is not one of 'table', 'json', 'jsonl', 'csv', 'xlsx'"),
        (["list", "--page-size", "1001"], "invalid value for '--page-size': it must be less than or equal to 1000"),
        (["show"], "missing argument 'NUMBER'"),
        (["list", "extra"], "got unexpected extra argument(s) (extra)"),
        (["login"], "which account? there is no terminal to ask on"),
    ],
)
def test_a_wrong_command_line_is_named_in_one_plain_line(words: list[str], message: str) -> None:
    ended = numctl(*words)
    assert (ended.code, ended.out) == (2, "")
    first, second = ended.err.splitlines()
    assert first.startswith("numctl: ")
    assert first.endswith(message)
    assert second == ("  name it: numctl login --account-sid AC…" if words == ["login"] else help_of(words[0]))


def test_a_group_alone_shows_what_it_has() -> None:
    assert numctl("sandbox") == numctl("sandbox", "--help")
    assert "reset" in numctl("sandbox").out
