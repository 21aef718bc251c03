"""SIGINT, SIGTERM and SIGHUP in the middle of a run: it ends in time, and every number is accounted for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from numctl.changes.run import GRACE
from tests.cli.program import COMMAND, Ended, numctl
from tests.cli.served import ended, holding, hurried, pointed_at, run, start
from tests.wire import faults
from tests.wire.service import ACCOUNT, Service

try:
    import pty
except ImportError:
    pty = None  # type: ignore[assignment]  # Windows has none

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

NUMBERS = [f"+1415555010{digit}" for digit in range(6)]
URL = "https://voice.example.com/answer"
FINE = faults.altered("none", lambda body: body)
AT_ONCE = ("--yes", "--json", "--concurrency", "2")
SET, BUY = ("set", *NUMBERS, "--voice-url", URL), ("buy", *NUMBERS)
ENDINGS = ((129, "hung up"), (130, "interrupted"), (143, "terminated"))
AGAIN = "To finish: run the same command again.\n"


class Hanging:
    """A server that carries out two changes and then answers no more; `reached` is set when two hang."""

    def __init__(self, service: Service) -> None:
        self.service, self.reached, self._left = service, threading.Event(), 2
        service.fail(FINE, on="POST", times=2).fail(faults.Fault("hang", self._hang), on="POST", times=99)

    def _hang(self, connection: object, reply: object) -> None:
        self._left -= 1
        if not self._left:
            self.reached.set()
        faults.HANG.act(connection, reply)  # type: ignore[arg-type]  # it looks at no reply


@pytest.fixture
def place() -> Iterator[ExitStack]:
    with ExitStack() as place:
        yield place


def at_home(home: Path) -> dict[str, str]:
    """The environment of a machine with a history of its own: it knows nothing of what others have changed."""
    return {"HOME": str(home), "XDG_STATE_HOME": str(home)}


def hung(place: ExitStack, *words: str, home: Path | None = None) -> tuple[Service, subprocess.Popen[bytes]]:
    """A run of which two changes are made, two hang, and two wait their turn."""
    service = place.enter_context(holding(*(NUMBERS if words[0] == "set" else [])))
    hanging = Hanging(service)
    process = start(service, *words, *AT_ONCE, env=at_home(home) if home else {})
    assert hanging.reached.wait(30), ended(process).err
    return service, process


def check(service: Service, found: Ended, done: str) -> None:
    assert [row["phone_number"] for row in found.json] == NUMBERS
    outcomes = [row["outcome"] for row in found.json]
    assert sorted(outcomes) == sorted([done, done, "unknown", "unknown", "skipped", "skipped"])
    assert outcomes[4:] == ["skipped", "skipped"]
    assert service.count("POST") == 4
    for row in found.json:
        live = service.state.find(row["phone_number"])
        if row["outcome"] == done:
            assert (row["number"], row["error"]) == (live, None)
        elif row["outcome"] == "unknown":
            assert row["error"]["exit_code"] == 8
            assert row["error"]["hint"] == f"to check: numctl show {row['phone_number']}"
        else:
            assert row["error"]["message"] == f"{row['phone_number']}: not attempted (interrupted)"
    error = json.loads(found.err.splitlines()[-1])["error"]
    assert (error["exit_code"], error["message"]) in ENDINGS
    assert "numctl: stopping; waiting for what is under way\n" in found.err
    doubtful = " and ".join(row["phone_number"] for row in found.json if row["outcome"] == "unknown")
    assert f"  2 unknown: it was under way when the run ended: {doubtful}\n" in found.err
    assert "Traceback" not in found.err


def test_an_interrupt_ends_a_hanging_run_in_ten_seconds_with_every_number(place: ExitStack, tmp_path: Path) -> None:
    homes = [tmp_path / name for name in "abc"]
    running = [
        (*hung(place, *SET, home=homes[0]), signal.SIGINT),
        (*hung(place, *BUY, home=homes[1]), signal.SIGTERM),
        (*hung(place, *SET, home=homes[2]), signal.SIGHUP),
    ]
    for _, process, sent in running:
        process.send_signal(sent)
    found = [ended(process) for _, process, _ in running]
    assert 0 < GRACE <= 8
    assert [one.code for one in found] == [130, 143, 129]
    for (service, _, _), one, done in zip(running, found, ("changed", "bought", "changed"), strict=True):
        check(service, one, done)
        assert "interrupted: 2 done, 2 unknown, 2 not attempted\n" in one.err
        assert (AGAIN in one.err) == (done == "changed")
    for home in homes:
        assert [run["outcome"] for run in numctl("history", "--json", env=at_home(home)).json] == ["interrupted"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_second_signal_ends_the_waiting_and_not_the_account(place: ExitStack, sent: signal.Signals) -> None:
    service, process = hung(place, *BUY)
    assert process.stderr is not None
    process.send_signal(sent)
    said = b""
    while b"stopping" not in said:
        said += process.stderr.readline()
    process.send_signal(sent)
    found = ended(process)
    check(service, Ended(found.code, found.out, said.decode() + found.err), "bought")
    assert found.code == {signal.SIGINT: 130, signal.SIGTERM: 143}[sent]
    purchases = service.state.purchases
    assert (len(purchases), len(set(purchases))) == (4, 4)


def test_a_number_whose_answer_comes_during_the_grace_is_done(place: ExitStack) -> None:
    service = place.enter_context(holding(*NUMBERS))
    service.fail(faults.late(1.0), on="POST", times=9)
    process = start(service, *SET, *AT_ONCE)
    while service.count("POST") < 2:
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    found = ended(process)
    assert (found.code, service.count("POST")) == (143, 2)
    assert [row["outcome"] for row in found.json] == ["changed", "changed", *["skipped"] * 4]


def test_a_hangup_that_is_ignored_as_under_nohup_ends_nothing(place: ExitStack) -> None:
    service = place.enter_context(holding(*NUMBERS))
    service.fail(faults.late(0.5), on="POST", times=2)
    process = start(service, *SET, *AT_ONCE, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    while service.count("POST") < 2:
        assert process.poll() is None
    process.send_signal(signal.SIGHUP)
    found = ended(process)
    assert (found.code, [row["outcome"] for row in found.json]) == (0, ["changed"] * 6)


@pytest.mark.skipif(pty is None, reason="there are no pseudo-terminals here")
def test_a_dropped_connection_leaves_a_history_of_what_was_done(
    place: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"+141555501{number:02}" for number in range(30)]  # enough for a bar on the terminal
    service = place.enter_context(holding(*many))
    service.fail(faults.late(1.0), on="POST", times=99)
    for name, value in pointed_at(service).items():
        monkeypatch.setenv(name, value)
    child, terminal = pty.fork()
    if not child:
        os.execv(COMMAND[0], [*COMMAND, "set", *many, "--voice-url", URL, "--yes", "--concurrency", "2"])
    while service.count("POST") < 2:
        os.read(terminal, 4096)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 129
    (run,) = numctl("history", "--json").json
    assert (run["outcome"], run["numbers"]) == ("interrupted", 2)
    assert [change["outcome"] for change in numctl("history", run["id"], "--json").json] == ["changed"] * 2


def test_a_release_that_was_interrupted_is_finished_by_the_same_command(place: ExitStack) -> None:
    service = place.enter_context(holding(*NUMBERS))
    service.fail(faults.late(1.0), on="DELETE", times=2)
    words = ("release", *NUMBERS, *AT_ONCE)
    process = start(service, *words)
    while service.count("DELETE") < 2:
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    found = ended(process)
    assert [row["outcome"] for row in found.json] == ["released"] * 2 + ["skipped"] * 4
    assert AGAIN in found.err
    again = run(service, *words)
    assert (again.code, service.count("DELETE")) == (0, 6)
    assert [row["outcome"] for row in again.json] == ["unchanged"] * 2 + ["released"] * 4


def lose(service: Service, number: str) -> None:
    """Release a number as somebody else does."""
    record = service.state.find(number)
    assert record is not None
    service.state.delete(ACCOUNT, record["sid"])


def test_a_number_that_somebody_else_released_is_still_missing(place: ExitStack) -> None:
    service = place.enter_context(holding(*NUMBERS))
    assert hurried(service, "release", NUMBERS[0], "--yes").code == 0
    assert hurried(service, "release", NUMBERS[0], "--yes", "-q").out == f"{NUMBERS[0]}\n"
    lose(service, NUMBERS[1])
    missing = hurried(service, "release", *NUMBERS[:2], "--yes")
    assert (missing.code, missing.err.splitlines()[0]) == (4, f"numctl: {NUMBERS[1]} is not in {ACCOUNT}")
    assert hurried(service, "buy", NUMBERS[0], "--yes").code == 0
    lose(service, NUMBERS[0])
    assert hurried(service, "release", NUMBERS[0], "--yes").code == 4
