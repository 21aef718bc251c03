"""Every promise of docs/safety.md names a test, and that test is there."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests import ROOT

PAGE = "docs/safety.md"
TITLE = "## Promises, and the tests that hold them"


def rows() -> list[tuple[str, str]]:
    """The promises, each with the tests that hold it."""
    _, _, after = (ROOT / PAGE).read_text(encoding="utf-8").partition(f"\n{TITLE}\n")
    section = after.partition("\n## ")[0]
    found = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    assert found[:1] == [("promise", "held by")], f"{PAGE} has no table below {TITLE!r}"
    return found[1:]


@cache
def defined_in(path: str) -> frozenset[str]:
    """The tests that a file defines."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_")


def test_there_is_a_promise_for_each_way_in_which_things_break() -> None:
    promises = [promise for promise, _ in rows()]
    assert len(promises) >= 40
    assert len(set(promises)) == len(promises)


@pytest.mark.parametrize(("promise", "held_by"), rows(), ids=[promise for promise, _ in rows()])
def test_a_promise_is_held_by_tests_that_are_there(promise: str, held_by: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", held_by)
    assert named
    assert held_by == ", ".join(f"`{path}::{name}`" for path, name in named)
    assert [f"{path}::{name}" for path, name in named if name not in defined_in(path)] == []
