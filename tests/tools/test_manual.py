"""The generated files are fresh, and the manual reads like one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from numctl.audit.rules import RULES
from tests import ROOT
from tests.programs import needs

PAGES = sorted((ROOT / "man").glob("*.1"))
SECTIONS = (
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "OPTIONS",
    "EXIT STATUS",
    "ENVIRONMENT",
    "FILES",
    "EXAMPLES",
    "SEE ALSO",
)


def test_what_is_generated_from_the_code_is_fresh() -> None:
    found = subprocess.run(
        [sys.executable, "tools/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "", ""), "run: python tools/generate.py"


def test_there_is_a_page_for_the_program_and_for_each_verb() -> None:
    from numctl.cli.verbs import VERBS

    assert {page.stem for page in PAGES} == {"numctl", *(f"numctl-{verb}" for verb in VERBS)}


@needs("mandoc")
def test_mandoc_has_nothing_to_complain_about() -> None:
    found = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", *PAGES], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def rendered(page: Path) -> str:
    """A page as plain text, without overstriking."""
    import re

    text = subprocess.run(["mandoc", "-T", "utf8", page], capture_output=True, text=True, check=True).stdout
    return re.sub(".\b", "", text)


@needs("mandoc")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_every_section_in_order_and_no_markup_left(page: Path) -> None:
    lines = rendered(page).splitlines()
    found = [line for line in lines if line in SECTIONS]
    assert found == list(SECTIONS)
    assert [line for line in lines if "\\f" in line or line.startswith(".") or "**" in line or "`" in line] == []


SHARED = ("Safety", "Output", "Connection", "Help")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_options_that_verbs_share_come_after_those_of_their_own(page: Path) -> None:
    titles = [line.removeprefix(".SS ") for line in page.read_text(encoding="utf-8").splitlines() if ".SS " in line]
    titles = [title for title in titles if not title.startswith("Options of ")]  # of the commands below
    shared = [title for title in SHARED if title in titles]
    assert titles[len(titles) - len(shared) :] == shared


@needs("mandoc")
def test_the_page_of_set_has_each_of_its_options_and_every_exit_code() -> None:
    from numctl.errors import EXIT_MEANINGS
    from numctl.model.settings import SETTINGS

    text = rendered(ROOT / "man" / "numctl-set.1")
    assert [row.option for row in SETTINGS.values() if f"{row.option} " not in text.replace(",", " ")] == []
    flat = " ".join(text.split())
    assert [int(code) for code, meaning in EXIT_MEANINGS.items() if f"{int(code)} {meaning}." not in flat] == []


@needs("mandoc")
def test_the_page_of_the_audit_has_each_rule_with_its_severity() -> None:
    text = " ".join(rendered(ROOT / "man" / "numctl-audit.1").split())
    assert [rule.id for rule in RULES if f" {rule.id} ({rule.severity}) {rule.reason} " not in text] == []
