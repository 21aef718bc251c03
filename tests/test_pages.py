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
from tools.transcripts import BLOCK, Session, pages, sections, steps

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
}
PAGES = {page.name: page.read_text(encoding="utf-8") for page in pages()}
RUN = [(page, title, body) for page, text in PAGES.items() for title, body in sections(text) if BLOCK.search(body)]
WITH_JQ = re.compile(r"^[$>] .*\bjq ", re.MULTILINE)

NOT_RUN = {
    "sh": "sets the project up, installs it, or needs a real account or a shell that stays open",
    "cron": "lines of a crontab",
    "yaml": "a job of a CI service",
    "text": "is no command",
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
    session = Session(tmp_path)
    found = [session.run(step.command) for step in said]
    assert [step.text for step in found] == [step.text for step in said], "run: python tools/transcripts.py"


def test_every_command_is_tried_out_in_some_page() -> None:
    commands = "\n".join(
        step.command for text in PAGES.values() for block in BLOCK.findall(text) for step in steps(block)
    )
    elsewhere = {"login", "logout", "completion", "sandbox", "doctor"}
    assert {verb for verb in VERBS if f"numctl {verb}" not in commands} == elsewhere


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_run_or_says_by_its_kind_why_not(page: str) -> None:
    kinds = re.findall(r"^ *```(\w*)\n.*?^ *```$", PAGES[page], re.DOTALL | re.MULTILINE)
    assert set(kinds) - set(NOT_RUN) == {"console"}


def test_the_readme_is_short_and_its_first_two_commands_set_up_and_test() -> None:
    lines = README.splitlines()
    assert len(lines) <= 250
    assert [line for line in lines if line.startswith("python3 -m venv")] == [
        "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt . && .venv/bin/numctl list --sandbox",
        "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[dev]' && .venv/bin/pytest -n 4",
    ]


@pytest.mark.parametrize("page", TEXTS)
def test_links_to_files_and_headings_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    for target, _, heading in (link.partition("#") for link in re.findall(r"\]\((?!https?:)([^)]+)\)", TEXTS[page])):
        path = (folder / target).resolve() if target else ROOT / page
        assert path.exists(), target
        if heading:
            assert heading in headings(path.read_text(encoding="utf-8")), f"{target}#{heading}"


def headings(text: str) -> set[str]:
    """The anchors of a page as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_a_program_is_told_what_to_do_on_each_exit_code() -> None:
    cells = re.findall(r"^\| ([0-9, ]+) \|", PAGES["agents.md"], re.MULTILINE)
    assert [int(code) for cell in cells for code in cell.split(", ")] == [int(code) for code in EXIT_MEANINGS]


def test_the_table_of_fields_has_every_field() -> None:
    reference = TEXTS["docs/reference.md"]
    table = reference[reference.index("## Fields") : reference.index("## Exit codes")]
    named = re.findall(r"^\| `(\w+)` ", table, re.MULTILINE)
    assert set(named) == set(FIELDS) | set(COLUMNS) - {name for name in COLUMNS if name.startswith("capabilities_")}
