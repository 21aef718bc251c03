"""The pages tell the truth: every command in them is run on the sandbox, and prints what stands below it."""

from __future__ import annotations

import re
from pathlib import Path

import pexpect
import pytest

from numctl.cli.verbs import VERBS
from numctl.errors import EXIT_MEANINGS
from numctl.model.number import COLUMNS, FIELDS
from tests import ROOT
from tests.programs import needs
from tools.transcripts import BLOCK, Step, pages, printed, sections, steps

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {page.name: page.read_text(encoding="utf-8") for page in pages()}
RUN = [(page, title, body) for page, text in PAGES.items() for title, body in sections(text) if BLOCK.search(body)]
WITH_JQ = re.compile(r"^[$>] .*\bjq ", re.MULTILINE)

NOT_RUN = {
    "sh": "sets the project up, installs it, or needs a real account or a shell that stays open",
    "cron": "lines of a crontab",
    "yaml": "a job of a CI service",
}
"""The other kinds of block that there may be, and why their lines are not run here."""


@pytest.mark.skipif(not hasattr(pexpect, "spawn"), reason="there are no pseudo-terminals here")
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(body, id=f"{page}: {title}", marks=needs("jq") if WITH_JQ.search(body) else ())
        for page, title, body in RUN
    ],
)
def test_each_command_prints_what_the_page_says(body: str, tmp_path: Path) -> None:
    said = [step for block in BLOCK.findall(body) for step in steps(block)]
    found = [Step(step.command, printed(step.command, tmp_path)) for step in said]
    assert [step.text for step in found] == [step.text for step in said], "run: python tools/transcripts.py"


def test_a_stranger_finds_the_main_verbs_tried_out() -> None:
    commands = "\n".join(step.command for block in BLOCK.findall(README) for step in steps(block))
    elsewhere = {"login", "logout", "completion"}
    assert {verb for verb in VERBS if f"numctl {verb}" not in commands} == elsewhere


def test_every_block_is_run_or_says_by_its_kind_why_not() -> None:
    kinds = re.findall(r"^```(\w*)\n.*?^```$", README, re.DOTALL | re.MULTILINE)
    assert set(kinds) == {"console", *NOT_RUN}


def test_the_first_two_commands_set_up_and_test() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert lines == [
        "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt . && .venv/bin/numctl list --sandbox",
        "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[dev]' && .venv/bin/pytest -n 4",
    ]


def test_the_other_pages_have_no_block_that_could_be_run_and_is_not() -> None:
    others = [text for name, text in PAGES.items() if name != "README.md"]
    kinds = {kind for text in others for kind in re.findall(r"^```(\w*)\n.*?^```$", text, re.DOTALL | re.MULTILINE)}
    assert kinds - {*NOT_RUN, "text"} == {"console"}


def test_links_to_files_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_a_program_is_told_what_to_do_on_each_exit_code() -> None:
    cells = re.findall(r"^\| ([0-9, ]+) \|", PAGES["agents.md"], re.MULTILINE)
    assert [int(code) for cell in cells for code in cell.split(", ")] == [int(code) for code in EXIT_MEANINGS]


def test_the_table_of_fields_has_every_field() -> None:
    table = README[README.index("<!-- fields -->") : README.index("<!-- end of fields -->")]
    named = re.findall(r"^\| `(\w+)` ", table, re.MULTILINE)
    assert set(named) == set(FIELDS) | set(COLUMNS) - {name for name in COLUMNS if name.startswith("capabilities_")}
