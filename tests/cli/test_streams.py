"""Standard streams that cannot be written: an error where output is lost, and never the exit code of something else.

Python flushes its streams at exit and exits 120 where that fails, but not under PYTHONUNBUFFERED: children go without.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import COMMAND, Ended
from tests.cli.served import ended, holding, run
from tests.wire.service import Service

NUMBER, OTHER = "+14155550123", "+14155550124"
FULL = "numctl: standard output could not be written: No space left on device\n"
CLOSED = "numctl: standard output is closed\n"

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")


@pytest.fixture(autouse=True)
def buffered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(OTHER) as service:
        yield service


def alone(*words: str, **options: Any) -> Ended:
    """Run numctl with the standard streams that are given, the others in pipes."""
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = subprocess.run([*COMMAND, *words], timeout=60, **(pipes | options))
    return Ended(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode())


def closing(*streams: int) -> dict[str, Any]:
    """How a process is started with `>&-`, `2>&-` or both."""
    names = {1: "stdout", 2: "stderr"}
    return {**{names[one]: None for one in streams}, "preexec_fn": lambda: [*map(os.close, streams)]}


@pytest.mark.parametrize(
    "words", ["", "--version", "--help", "list --help", "help list", "history prune -h", "sandbox"]
)
def test_a_help_that_cannot_be_written_is_an_error_in_one_line(words: str) -> None:
    with open("/dev/full", "wb") as full:
        assert alone(*words.split(), stdout=full) == Ended(1, "", FULL)


@pytest.mark.parametrize("words", ["", "--help", "list --help", "help list", "completion bash", "--sandbox --version"])
def test_a_help_to_a_closed_standard_output_is_an_error_and_not_silence(words: str) -> None:
    assert alone(*words.split(), **closing(1)) == Ended(1, "", CLOSED)


def test_with_both_streams_closed_the_exit_code_says_that_the_help_was_lost() -> None:
    assert alone("--help", **closing(1, 2)).code == 1


def test_a_closed_standard_error_is_nobodys_concern() -> None:
    found = alone("--help", **closing(2))
    assert (found.code, found.out[:6]) == (0, "Manage")


def test_a_help_in_a_pipe_has_no_escape_sequence_and_its_reader_may_leave() -> None:
    assert "\x1b" not in alone("list", "--help", env={**os.environ, "FORCE_COLOR": "1"}).out
    process = subprocess.Popen([*COMMAND, "list", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    assert ended(process) == Ended(0, "", "")


def test_a_server_that_cannot_say_where_it_listens_does_not_serve(home: Path) -> None:
    assert alone("sandbox", "serve", **closing(1)) == Ended(1, "", CLOSED)


VERBS = [
    (["list", "-q"], 0),
    (["list", "--where", "nope=1"], 2),
    (["show", NUMBER], 4),
    (["release", OTHER], 5),
    (["buy", NUMBER, "--yes", "--json"], 0),
    (["set", OTHER, "--friendly-name", "Desk"], 0),
    (["release", OTHER, NUMBER, "--yes"], 0),
    (["history"], 0),
    (["undo"], 1),
    (["lst"], 2),
]


@pytest.mark.parametrize("how", ["full", "closed"])
def test_a_standard_error_that_cannot_be_written_changes_no_exit_code(service: Service, how: str) -> None:
    with open("/dev/full", "wb") as full:
        lost = {"stderr": full} if how == "full" else closing(2)
        codes = [run(service, *words, **lost).code for words, _ in VERBS]
    assert codes == [code for _, code in VERBS]
    assert service.state.purchases == [NUMBER]
    assert [service.state.find(number) for number in (NUMBER, OTHER)] == [None, None]
