"""What --fields accepts is what help, completion and manual say: both read what the verb says of its rows."""

from __future__ import annotations

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
    "history": ([], ["20260101T000000-abcd"]),
    "whoami": ([], ["--profiles"]),
}
"""All kinds of row that a verb prints; one of which the tables here know nothing has one kind, and needs no words."""


@pytest.mark.parametrize("verb", FIELDS)
def test_a_verb_accepts_the_fields_that_it_is_documented_with(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sheet.csv").write_text("sid\n", encoding="utf-8")
    accepted: list[str] = []
    for words in WAYS.get(verb, ([],)):
        ended = sandbox(verb, *words, "--fields", "nonsense")
        refusal, hint = ended.said.splitlines()
        assert (ended.code, ended.out, refusal) == (2, "", "numctl: unknown field: 'nonsense'")
        accepted += hint.removeprefix("  the fields are: ").split(", ")
    assert tuple(dict.fromkeys(accepted)) == FIELDS[verb]


def test_a_verb_that_names_no_rows_of_its_own_cannot_be_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("numctl.cli.verbs.audit.SHAPES")
    with pytest.raises(AttributeError, match="SHAPES"):
        describe()
