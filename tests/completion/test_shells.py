"""TAB in the real shells: the right candidates, no Python, and nothing of the cache is ever run."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from shlex import quote

import pexpect
import pytest

from tests import ROOT
from tests.completion.shells import FEATURES, Home, ended, seen, started, typed
from tests.programs import needs

README = ROOT / "README.md"
SHELLS = ("bash", "zsh", "fish")
pytestmark = pytest.mark.skipif(not hasattr(pexpect, "spawn"), reason="there are no pseudo-terminals here")
each_shell = pytest.mark.parametrize("shell", [pytest.param(shell, marks=needs(shell)) for shell in SHELLS])


@pytest.fixture
def furnished(tmp_path: Path) -> Home:
    """A home with caches and profiles."""
    home = Home(tmp_path / "person")
    home.path.mkdir()
    home.furnish()
    return home


CASES = [
    ("numctl l\t\t", ["list", "login", "logout"], ["whoami", "release"]),
    ("numctl list --fi\t", ["list --fields"], ["--friendly"]),
    ("numctl list -o \t\t", ["table", "json", "jsonl", "csv", "xlsx"], ["sheet.csv"]),
    ("numctl list --output=xl\t", ["--output=xlsx"], []),
    ("numctl list --fields sid,latit\t", ["sid,latit"], ["latitude"]),
    ("numctl search --fields region,latit\t", ["region,latitude"], []),
    ("numctl set +1 --clear voice_u\t", ["voice_url"], ["voice_url_"]),
    ("numctl list --where friendly\t", ["friendly_name"], []),
    ("numctl apply F --only trunk\t", ["trunk_sid"], []),
    ("numctl whoami --profile t\t", ["te.st"], ["prod"]),
    ("numctl apply she\t", ["sheet.csv"], []),
    ("numctl sandbox load she\t", ["sheet.csv"], []),
    ("numctl sandbox r\t", ["sandbox reset"], []),
    ("numctl history pr\t", ["history prune"], []),
    ("numctl history prune --old\t", ["prune --older-than"], []),
    ("numctl history 577fc21cfrk --js\t", ["577fc21cfrk --json"], []),
    ("numctl --sandbox sho\t", ["show"], []),
    ("numctl undo 577egfqfy5\t\t", ["577egfqfy5", "set, 3 numbers", "buy, 1 number"], ["5aaaaaaaaaa"]),
    ("numctl history 577egfqfy5d\t", ["577egfqfy5d"], ["buy, 1"]),
    ("numctl history \t\t", ["577egfqfy5d", "577egfqfy5e", "prune"], ["5aaaaaaaaaa"]),
    ("numctl undo --sandbox 5\t", ["5aaaaaaaaaa"], ["577"]),
    ("numctl undo 577egfqfy5e 5\t\t", [], ["577egfqfy5d"]),
    ("numctl list --account AC\t", [f"AC{'7' * 32}"], ["Shop", "touch"]),
    ("numctl list --sandbox --account AC\t\t", ["Sandbox", "Branch"], ["Shop"]),
    ("numctl transfer +1 --account AC0 --to AC\t", [f"AC{'7' * 32}"], []),
    ("numctl search D\t\t", ["DE", "DK"], ["GB"]),
    ("numctl list --country SE\t", ["SE"], []),
    ("numctl audit --skip-rule plain\t", ["plain-http"], []),
    ("numctl audit --rule demo\t", ["demo-url"], []),
    ("numctl help tr\t", ["help transfer"], []),
    ("numctl help sandbox lo\t", ["sandbox load"], []),
]


@each_shell
def test_tab_offers_what_fits_and_nothing_else(furnished: Home, shell: str) -> None:
    terminal = started(shell, furnished)
    wrong = []
    for keys, shown, hidden in CASES:
        terminal.send(keys)
        awaited = [word for word in shown if word not in keys]  # what is typed is there before the shell has looked
        text = seen(terminal, awaited[-1] if awaited else "")
        wrong += [(keys, text) for word in shown if word not in text]
        wrong += [(keys, text) for word in hidden if word in text]
        terminal.send("\x03")
        seen(terminal, "\n", patience=1)  # fish 4 stays on its line
    ended(terminal)
    assert wrong == []
    assert furnished.harmed() == []


@each_shell
def test_the_line_of_the_readme_loads_it_and_from_then_on_no_python_starts(furnished: Home, shell: str) -> None:
    (line,) = re.findall(rf"^(\S.+?) +# {shell}\b", README.read_text(encoding="utf-8"), re.MULTILINE)
    installed = Path(sys.executable).parent
    path = (quote(f"{first}{os.pathsep}{os.environ['PATH']}") for first in (installed, furnished.path / "bin"))
    first, then = (f"set -gx PATH {one}" if shell == "fish" else f"export PATH={one}" for one in path)
    ready = "autoload -Uz compinit; compinit -u -D; " if shell == "zsh" else ""
    terminal = started(shell, furnished, f"{first}; {ready}{line}; {then}")
    terminal.send("numctl list --fi\t")
    assert "list --fields" in seen(terminal, "--fields")
    ended(terminal)
    assert furnished.harmed() == []


@each_shell
def test_numbers_stand_with_their_names_and_no_name_is_ever_run(furnished: Home, shell: str) -> None:
    text = typed(shell, furnished, "numctl set +1415\t\t\t", "`touch pwned`")
    for number, name in (
        ("+14155550100", "Front desk"),
        ("+14155550111", "$(touch pwned)"),
        ("+14155550112", "`touch pwned`"),
    ):
        assert number[-4:] in text
        assert name in text
    assert "Support" not in text
    assert furnished.harmed() == []


@each_shell
def test_the_one_number_that_fits_is_inserted_without_its_name(furnished: Home, shell: str) -> None:
    text = typed(shell, furnished, "numctl release +14155550111 --yes +14155550112 +12\t", "+12125550101")
    assert "Support" not in text
    assert furnished.harmed() == []


BY_OPTION: list[tuple[str, str]] = [
    ("numctl --sandbox show +\t", "+18005550100"),
    ("numctl --profile te.st show +\t", "+15125550105"),
    ("numctl show --profile te.st +\t", "+15125550105"),
    ("numctl show --profile TeSt +\t", "+13055550108"),
    (f"numctl show --account AC{'0' * 32} +\t", "+447700900123"),
]
BY_ENVIRONMENT = [
    ("numctl show +\t", {"NUMCTL_SANDBOX": "1"}, "+18005550100"),
    ("numctl show +\t", {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32}, "+447700900123"),
    ("numctl show +\t", {"NUMCTL_PROFILE": "te.st"}, "+15125550105"),
    ("numctl show --profile te.st +\t", {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32}, "+15125550105"),
]


@each_shell
@pytest.mark.parametrize(
    ("keys", "environment", "number"), [*((keys, {}, number) for keys, number in BY_OPTION), *BY_ENVIRONMENT]
)
def test_the_cache_is_that_of_the_credentials_in_force(
    furnished: Home, shell: str, keys: str, environment: dict[str, str], number: str
) -> None:
    assert number in typed(shell, furnished, keys, number, **environment)
    assert furnished.harmed() == []


@needs("fish")
@pytest.mark.parametrize(("keys", "number"), BY_OPTION)
def test_fish_reads_options_where_a_question_mark_is_no_wildcard(furnished: Home, keys: str, number: str) -> None:
    features = f"{FEATURES},qmark-noglob"  # as in fish 4
    assert number in typed("fish", furnished, keys, number, fish_features=features)


@each_shell
@pytest.mark.parametrize("profile", ["../../secret", "none"])
def test_no_number_is_offered_where_there_is_no_such_cache(furnished: Home, shell: str, profile: str) -> None:
    (furnished.path / "secret.tsv").write_text("+19995550100\tSecret\n")
    (furnished.path / "cache" / "numctl" / "numbers" / "profile-..").mkdir()
    text = typed(shell, furnished, "numctl show +\t\t", "", NUMCTL_PROFILE=profile)
    assert "555" not in text
