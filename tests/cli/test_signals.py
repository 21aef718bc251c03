"""A signal at any place from the first change to the last line hides nothing of what was done."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from tests.cli import nursery, signalled
from tests.cli.program import Ended, numctl
from tests.cli.served import ended, holding, pointed_at, start
from tests.wire.service import Service

pytestmark = pytest.mark.skipif(not nursery.FORKS, reason="signals are POSIX's, and a place is chosen in a fork")

NUMBERS = [f"+1415555010{digit}" for digit in range(3)]
URL = "https://voice.example.com/answer"
SET, BUY = ("set", *NUMBERS, "--voice-url", URL, "--yes", "--json"), ("buy", *NUMBERS, "--yes", "--json")
HASTY = [sys.executable, "-m", "tests.cli.signalled"]
ENDINGS = {signal.SIGINT: (130, "interrupted"), signal.SIGTERM: (143, "terminated"), signal.SIGHUP: (129, "hung up")}
AFTER_THE_LAST_ANSWER = [
    "numctl.cli.progress:Progress.__exit__",
    "numctl.changes.recorder:JournalRecorder.close",
    "numctl.completion.cache:amend",
    "numctl.cli.change:report",
    "numctl.output.results:open_writer",
    "numctl.text.stdout:Out._send",
    "numctl.text.stdout:_write_all",
    "numctl.cli.report:conclude",
    "numctl.cli.report:say",
    "numctl.cli.report:_say_closing",
]


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(*NUMBERS) as service:
        yield service


def signalled_at(service: Service, place: str, sent: Sequence[signal.Signals], *words: str) -> Ended:
    """Run numctl, which sends itself signals at a place."""
    code, out, err = nursery.run(words, pointed_at(service), b"", partial(signalled.at, place, sent))
    return Ended(code, out.decode(), err.decode())


def check_whole(service: Service, found: Ended, first: signal.Signals, outcome: str) -> None:
    """Check that results, run ID and way back are all there, and the exit code that of the first signal."""
    code, message = ENDINGS[first]
    *said, last = found.err.splitlines()
    assert (found.code, json.loads(last)["error"]["message"]) == (code, message)
    assert [(row["phone_number"], row["outcome"]) for row in found.json] == [(one, outcome) for one in NUMBERS]
    assert [row["number"] for row in found.json] == [service.state.find(number) for number in NUMBERS]
    assert service.count("POST") == len(NUMBERS)
    (made,) = numctl("history", "--json").json
    back = f"; undo: numctl undo {made['id']}" if outcome == "changed" else ""
    assert said[-1] == f"run {made['id']}{back}"
    assert made["outcome"] == outcome
    assert "Traceback" not in found.err


@pytest.mark.parametrize("place", AFTER_THE_LAST_ANSWER[::2])
def test_a_signal_after_the_last_answer_hides_nothing(service: Service, place: str) -> None:
    sent = list(ENDINGS)[AFTER_THE_LAST_ANSWER.index(place) // 2 % 3]
    check_whole(service, signalled_at(service, place, [sent], *SET), sent, "changed")


@pytest.mark.parametrize("place", AFTER_THE_LAST_ANSWER[1::2])
def test_many_signals_after_the_last_purchase_hide_nothing(place: str) -> None:
    with holding() as service:
        found = signalled_at(service, place, [signal.SIGINT, signal.SIGTERM] * 15, *BUY)
        check_whole(service, found, signal.SIGINT, "bought")
        assert f"purchases can't be undone; to release: numctl release {' '.join(NUMBERS)}\n" in found.err


def test_an_interrupt_that_is_held_down_from_the_first_purchase_on_loses_none() -> None:
    with holding() as service:
        process = start(service, *BUY)
        while not service.count("POST"):
            assert process.poll() is None
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.001)
        found = ended(process)
        assert found.code == 130
        assert [row["phone_number"] for row in found.json] == NUMBERS
        outcomes = {row["phone_number"]: row["outcome"] for row in found.json}
        assert {outcomes[number] for number in service.state.purchases} <= {"bought", "unknown"}
        bought = [number for number in NUMBERS if outcomes[number] == "bought"]
        assert set(bought) <= set(service.state.purchases)
        assert not bought or f"to release: numctl release {' '.join(bought)}\n" in found.err
        assert re.search(r"^run [0-9a-z]{11}$", found.err, re.MULTILINE)
        assert "Traceback" not in found.err


def test_a_signal_before_the_first_change_leaves_all_of_them_untried(service: Service) -> None:
    found = signalled_at(service, "numctl.cli.change:open_recorder", [signal.SIGTERM], *SET)
    assert (found.code, service.count("POST")) == (143, 0)
    assert [row["outcome"] for row in found.json] == ["skipped"] * 3
    assert "interrupted: 0 done, 0 unknown, 3 not attempted\n" in found.err
    assert numctl("history", "--json").json == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_in_a_finalizer_ends_the_command_without_a_traceback(service: Service, sent: signal.Signals) -> None:
    before = partial(signalled.in_a_finalizer, sent)
    code, out, err = nursery.run(SET, pointed_at(service), b"", before)
    (last,) = err.decode().splitlines()
    assert (code, out, json.loads(last)["error"]["message"]) == (ENDINGS[sent][0], b"", ENDINGS[sent][1])
    assert service.count("POST") == 0


@pytest.mark.parametrize("place", ["numctl.cli.progress:Progress.advance", "numctl.completion.cache:amend"])
def test_an_unexpected_fault_after_a_purchase_hides_nothing(
    place: str,
) -> None:
    with holding() as service:
        code, out, err = nursery.run(
            (*BUY, "--concurrency", "1"), pointed_at(service), b"", partial(signalled.failing, place)
        )
        rows = {row["phone_number"]: row["outcome"] for row in json.loads(out)}
        assert (code, list(rows)) == (8, NUMBERS)
        bought = [number for number, outcome in rows.items() if outcome == "bought"]
        assert bought == service.state.purchases != []
    *said, last = err.decode().splitlines()
    assert f"purchases can't be undone; to release: numctl release {' '.join(bought)}" in said
    assert json.loads(last)["error"]["exit_code"] == 8
    assert json.loads(last)["error"]["message"].endswith("RuntimeError: nobody foresaw this")


# --- A reader that is slow


MANY = [f"+1415{5550000 + index}" for index in range(150)]
"""So many that their results do not go into a pipe at once."""


def begun(process: subprocess.Popen[bytes]) -> bytes:
    """Wait until the results begin to come, and return their first bytes."""
    assert process.stdout is not None
    return os.read(process.stdout.fileno(), 10)


def test_a_signal_while_the_reader_is_slow_does_not_tear_the_results() -> None:
    with holding(*MANY) as service:
        process = start(service, "set", *MANY, "--voice-url", URL, "--yes", "--json")
        first = begun(process)
        process.send_signal(signal.SIGTERM)
        found = ended(process)
    assert found.code == 143
    assert [row["outcome"] for row in json.loads(first.decode() + found.out)] == ["changed"] * len(MANY)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in the main thread", "in another thread"])
def test_a_second_signal_stops_waiting_for_a_reader_and_reports_what_was_done(elsewhere: bool) -> None:
    env = {"TEST_SECOND_ELSEWHERE": "1"} if elsewhere else {}
    with holding(*MANY) as service:
        process = start(service, "set", *MANY, "--voice-url", URL, "--yes", "--json", command=HASTY, env=env)
        begun(process)
        process.send_signal(signal.SIGINT)
        if not elsewhere:
            process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        kill = threading.Timer(30, process.kill)
        kill.start()
        err = process.stderr.read().decode()
        kill.cancel()
        assert process.wait(30) in (130, 143)  # two that arrive at once are taken in the order of their numbers
    assert "numctl: standard output was not read in time; this is what was done:\n" in err
    assert [line for line in err.splitlines() if line.endswith(": changed")] == [f"  {one}: changed" for one in MANY]
    assert re.search(r"^run (\w+); undo: numctl undo \1$", err, re.MULTILINE)
    assert "Traceback" not in err


def test_a_command_whose_reader_takes_not_even_errors_is_ended_by_a_second_signal(service: Service) -> None:
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    while True:
        try:
            os.write(writes, bytes(65536))
        except BlockingIOError:
            break
    os.set_blocking(writes, True)
    process = start(service, "set", *NUMBERS, "--voice-url", URL, "--yes", stderr=writes, command=HASTY)
    while not service.received:
        assert process.poll() is None
    while process.poll() is None:
        process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
    assert (process.returncode, service.count("POST")) == (143, 0)
    os.close(reads)
    os.close(writes)
