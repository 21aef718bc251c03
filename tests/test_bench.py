"""The benchmarks run. No figure is judged here: the machine that runs the tests is not at rest."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests import ROOT


def bench(*words: str) -> str:
    """Run the benchmarks as the README says, small, and return what they print."""
    command = [sys.executable, "-m", "tests.bench", "--quick", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="what a process cost is asked in the way of POSIX")
@pytest.mark.parametrize(("part", "least"), [("start", 5), ("tables", 12)])
def test_each_part_prints_a_figure_with_its_unit_on_each_line(part: str, least: int) -> None:
    blank, title, *lines = bench(part).splitlines()
    assert (blank, title[:1].isupper()) == ("", True)
    assert len(lines) >= least
    assert [line for line in lines if not re.fullmatch(r"  .+? +-?\d+\.\d\d \S.*", line)] == []


def test_the_plot_in_the_readme_is_a_picture() -> None:
    assert ElementTree.parse(ROOT / "docs" / "cost.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
