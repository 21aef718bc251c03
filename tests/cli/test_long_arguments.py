"""An argument that is far too long is named in an error, and not printed back whole."""

from __future__ import annotations

import pytest

from tests.cli.program import FRONT_DESK, numctl

LONG = "x" * 100_000
SET = ("set", FRONT_DESK)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list", "--where", LONG), 2),
        (("list", "--limit", LONG), 2),
        (("list", f"--{LONG}"), 2),
        (("list", "--fields", LONG), 2),
        (("list", "-o", LONG), 2),
        (("list", "--account", LONG, "--sandbox"), 4),
        (("list", "--profile", LONG), 2),
        ((LONG,), 2),
        (("search", "US", LONG), 2),
        (("show", f"+{LONG}"), 2),
        ((*SET, "--clear", LONG), 2),
        ((*SET, "--voice-url", LONG), 2),
        ((*SET, "--friendly-name", LONG), 2),
        (("apply", f"{LONG}.csv"), 2),
        (("apply", "numbers.csv", "--only", LONG), 2),
        (("sandbox", "load", LONG), 2),
        (("history", LONG), 4),
        (("history", "--since", LONG), 2),
        (("undo", LONG, "--sandbox"), 4),
        (("audit", "--rule", LONG), 2),
    ],
)
def test_a_long_argument_is_cut_to_eighty_characters(words: tuple[str, ...], code: int) -> None:
    ended = numctl(*words)
    assert (ended.code, ended.out) == (code, "")
    assert "x" * 80 not in ended.err
    assert ended.err.count("x" * 30 + "…" + "x" * 30) <= 1
