"""What --fields accepts is what help, completion and manual say: both read what the verb says of its rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from numctl.cli.tree import describe
from tests.cli.program import FRONT_DESK, sandbox

FIELDS = {
    verb.path[0]: verb.fields for verb in describe().commands if any(one.name == "fields" for one in verb.options)
}
WAYS: dict[str, tuple[list[str], ...]] = {
    "show": ([FRONT_DESK],),
    "search": ([], ["--countries"]),
    "buy": (["+14155550190"],),
    "set": ([FRONT_DESK, "--voice-url", "https://example.com"],),
    "release": ([FRONT_DESK],),
    "transfer": ([FRONT_DESK, "--to", "Branch"],),
    "apply": (["sheet.csv"],),
    "history": ([], ["577egfqfy5e"]),
    "whoami": ([], ["--profiles"]),
}
"""All kinds of row that a verb prints; one of which the tables here know nothing has one kind, and needs no words."""


UNKNOWN = re.compile(r"numctl: there is no field '(\w+)'.*")


@pytest.mark.parametrize("verb", FIELDS)
def test_a_command_accepts_the_fields_that_its_help_lists(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sheet.csv").write_text("sid\n", encoding="utf-8")
    accepted: set[str] = set()
    for words in WAYS.get(verb, ([],)):
        fields = dict.fromkeys([*FIELDS[verb], "nonsense"])
        while unknown := UNKNOWN.search(sandbox(verb, *words, "--fields", ",".join(fields)).err):
            del fields[unknown[1]]
        accepted |= set(fields)
    listed = re.search(r"^Fields for --fields:\n((?:  .*\n)+)", sandbox(verb, "--help").out, re.MULTILINE)
    assert listed
    assert tuple(re.findall(r"\w+", listed[1])) == FIELDS[verb]
    assert accepted == set(FIELDS[verb])


def test_a_verb_that_names_no_rows_of_its_own_cannot_be_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("numctl.cli.verbs.audit.SHAPES")
    with pytest.raises(AttributeError, match="SHAPES"):
        describe()
