"""SIGINT and SIGTERM in the middle of a run: it ends in time, and every number is accounted for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from numctl.run import GRACE
from tests.verbs.program import Ended
from tests.verbs.served import ended, holding, start
from tests.wire import faults
from tests.wire.service import Service

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

NUMBERS = [f"+1415555010{digit}" for digit in range(6)]
URL = "https://voice.example.com/answer"
FINE = faults.altered("none", lambda body: body)
AT_ONCE = ("--yes", "--json", "--concurrency", "2")
SET, BUY = ("set", *NUMBERS, "--voice-url", URL), ("buy", *NUMBERS)


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


def hung(place: ExitStack, *words: str) -> tuple[Service, subprocess.Popen[bytes]]:
    """Return a run of which two changes are made, two hang, and two wait their turn."""
    service = place.enter_context(holding(*(NUMBERS if words[0] == "set" else [])))
    hanging = Hanging(service)
    process = start(service, *words, *AT_ONCE)
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
            assert row["error"]["hint"] == f"look: numctl show {row['phone_number']}"
            assert f"numctl: {row['error']['message']}\n" in found.err
        else:
            assert row["error"]["message"] == f"{row['phone_number']}: not tried, the run ended before"
    error = json.loads(found.err.splitlines()[-1])["error"]
    assert (error["exit_code"], error["message"]) in ((130, "interrupted"), (143, "terminated"))
    assert "numctl: stopping; waiting for what is under way\n" in found.err
    assert "Traceback" not in found.err


def test_an_interrupt_ends_a_run_that_hangs_with_every_number_accounted_for(
    place: ExitStack,
) -> None:
    running = [(*hung(place, *SET), signal.SIGINT), (*hung(place, *BUY), signal.SIGTERM)]
    for _, process, sent in running:
        process.send_signal(sent)
    found = [ended(process) for _, process, _ in running]
    assert [one.code for one in found] == [130, 143]
    for (service, _, _), one, done in zip(running, found, ("changed", "bought"), strict=True):
        check(service, one, done)


def test_what_hangs_is_waited_for_less_than_the_ten_seconds_until_a_supervisor_kills() -> None:
    assert 0 < GRACE <= 8


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
