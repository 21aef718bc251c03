"""NO_COLOR wins over FORCE_COLOR, and a pipe stays plain unless it may be forced."""

from __future__ import annotations

import pytest

from numctl.system.color import is_colored


@pytest.mark.parametrize(
    ("environ", "on_terminal", "in_pipe", "in_forced_pipe"),
    [
        ({"TERM": "xterm"}, True, False, False),
        ({"TERM": "xterm", "FORCE_COLOR": "0"}, True, False, False),
        ({"TERM": "xterm", "FORCE_COLOR": "1"}, True, False, True),
        ({"TERM": "dumb"}, False, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, False, True),
        ({"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, False, False),
    ],
)
def test_colour_is_decided_by_the_stream_and_the_environment(
    environ: dict[str, str], on_terminal: bool, in_pipe: bool, in_forced_pipe: bool
) -> None:
    assert is_colored(environ, terminal=True) is on_terminal
    assert is_colored(environ, terminal=False) is in_pipe
    assert is_colored(environ, terminal=False, forcible=True) is in_forced_pipe
