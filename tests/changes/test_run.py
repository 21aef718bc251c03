"""Many changes at once: bounded, in order, and accounted for at every moment."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.changes import plan
from numctl.changes.change import Change, Result, exit_code
from numctl.changes.run import Run
from numctl.cli.reach import Reach
from numctl.errors import OutcomeUnknown, Refused
from numctl.model.outcome import Outcome
from tests.fakes import MAIN, SMS, a_record, number_of

PATIENCE = 10
"""Seconds after which a test gives up on a thread: far more than it takes."""


def changes_of(count: int) -> list[Change]:
    return [plan.setting(a_record(index), {"voice_url": SMS}) for index in range(count)]


def changed(change: Change) -> Result:
    return Result(change, Outcome.CHANGED, {**(change.before or {}), **change.wanted})


def outcomes(run: Run) -> list[str]:
    return [result.outcome for result in run.results]


class Gate:
    """A performer whose changes wait until they are let go; `begun` holds their numbers."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.open = threading.Event()
        self.arrived = threading.Semaphore(0)

    def __call__(self, change: Change) -> Result:
        self.begun.append(change.phone_number)
        self.arrived.release()
        self.open.wait(PATIENCE)
        return changed(change)

    def wait_for(self, count: int) -> None:
        for _ in range(count):
            assert self.arrived.acquire(timeout=PATIENCE)


def started(run: Run) -> threading.Thread:
    """Follow a run on a thread of its own, as the main thread does until a signal comes."""
    follower = threading.Thread(target=lambda: list(run), daemon=True)
    follower.start()
    return follower


def test_every_change_is_performed_once_and_the_results_stand_in_the_order_asked() -> None:
    changes, performed = changes_of(20), []

    def perform(change: Change) -> Result:
        performed.append(change.phone_number)
        time.sleep(0.001 * (20 - int(change.phone_number[-4:])))
        return changed(change)

    run = Run(changes, perform, 8)
    yielded = list(run)
    assert run.results == [changed(change) for change in changes]
    assert sorted(performed) == [number_of(index) for index in range(20)]
    assert sorted(result.change.phone_number for result in yielded) == sorted(performed)
    assert exit_code(run.results) == 0


@pytest.mark.parametrize(("count", "concurrency", "at_once"), [(10, 3, 3), (2, 8, 2), (5, 1, 1)])
def test_no_more_are_under_way_than_asked(count: int, concurrency: int, at_once: int) -> None:
    gate = Gate()
    run = Run(changes_of(count), gate, concurrency)
    follower = started(run)
    gate.wait_for(at_once)
    assert not gate.arrived.acquire(timeout=0.05)
    assert (len(gate.begun), outcomes(run).count("unknown")) == (at_once, at_once)
    gate.open.set()
    follower.join(PATIENCE)
    assert outcomes(run) == ["changed"] * count


def test_what_is_settled_comes_first_and_needs_no_worker() -> None:
    settled = plan.setting(a_record(0), {})
    main = threading.current_thread()
    seen: dict[str, bool] = {}

    def perform(change: Change) -> Result:
        seen[change.phone_number] = threading.current_thread() is main
        return changed(change) if change.settled is None else Result(change, change.settled, change.before)

    run = Run([*changes_of(3)[1:], settled], perform, 2)
    assert [result.outcome for result in run] == ["unchanged", "changed", "changed"]
    assert outcomes(run) == ["changed", "changed", "unchanged"]
    assert seen == {number_of(0): True, number_of(1): False, number_of(2): False}


def test_nothing_to_do_ends_at_once() -> None:
    run = Run([], changed, 8)
    assert (list(run), run.results, exit_code(run.results)) == ([], [], 0)


def test_before_it_starts_every_change_is_not_tried() -> None:
    change = changes_of(1)[0]
    run = Run([change], changed, 8)
    (result,) = run.results
    assert result.as_json() == {
        "phone_number": number_of(0),
        "sid": change.sid,
        "account_sid": change.account_sid,
        "outcome": "skipped",
        "changes": {},
        "number": a_record(0),
        "error": Refused(f"{number_of(0)}: not attempted (interrupted)").as_json(),
        "run": None,
    }


def test_an_interrupt_leaves_every_number_done_unknown_or_not_tried() -> None:
    gate, changes = Gate(), changes_of(6)

    def perform(change: Change) -> Result:
        return changed(change) if change is changes[0] else gate(change)

    run = Run(changes, perform, 2)
    follower = started(run)
    gate.wait_for(2)
    run.halt(grace=0.05)
    assert outcomes(run) == ["changed", "unknown", "unknown", "skipped", "skipped", "skipped"]
    assert [result.change.phone_number for result in run.results] == [change.phone_number for change in changes]
    message = f"{number_of(1)}: it was under way when the run ended"
    error = OutcomeUnknown(message, hint=f"to check: numctl show {number_of(1)}")
    assert run.results[1].as_json(Reach((), MAIN).line)["error"] == error.as_json()
    assert exit_code(run.results) == 8
    gate.open.set()
    follower.join(0.01)


def test_after_an_interrupt_nothing_more_is_started_and_what_is_under_way_may_end() -> None:
    gate = Gate()
    run = Run(changes_of(6), gate, 2)
    started(run)
    gate.wait_for(2)
    threading.Timer(0.05, gate.open.set).start()
    run.halt(grace=PATIENCE)
    assert outcomes(run) == ["changed", "changed", "skipped", "skipped", "skipped", "skipped"]
    assert gate.begun == [number_of(0), number_of(1)]
    assert exit_code(run.results) == 6


def test_the_grace_is_for_all_that_hang_together_and_not_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    run = Run(changes_of(8), gate, 8)
    started(run)
    gate.wait_for(8)
    waited: list[float] = []
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "join", lambda worker, seconds: waited.append(seconds))
        patch.setattr(time, "monotonic", lambda: sum(waited))
        run.halt(grace=0.2)
    assert sum(waited) == pytest.approx(0.2)
    assert outcomes(run) == ["unknown"] * 8
    gate.open.set()


def test_once_a_signal_has_come_nothing_more_is_begun() -> None:
    performed: list[Change] = []

    def perform(change: Change) -> Result:
        performed.append(change)
        return changed(change)

    run = Run(changes_of(3), perform, 1, signals=lambda: len(performed))
    list(run)
    run.halt()
    assert (outcomes(run), len(performed), run.is_over) == (["changed", "skipped", "skipped"], 1, False)


def test_a_second_signal_ends_the_waiting_for_what_is_under_way() -> None:
    gate = Gate()
    sent: list[int] = []
    run = Run(changes_of(2), gate, 1, signals=lambda: len(sent))
    started(run)
    gate.wait_for(1)
    sent.extend([1, 2])
    run.halt(grace=60)  # far longer than a test may take
    assert (outcomes(run), run.is_over) == (["unknown", "skipped"], False)
    gate.open.set()


def test_a_run_that_never_started_halts_at_once() -> None:
    run = Run(changes_of(3), changed, 2)
    run.halt()
    assert outcomes(run) == ["skipped"] * 3


def test_an_unexpected_error_makes_one_number_unknown_and_the_others_go_on() -> None:
    changes = changes_of(3)

    def perform(change: Change) -> Result:
        if change is changes[1]:
            raise KeyError("sid")
        return changed(change)

    run = Run(changes, perform, 2)
    assert len(list(run)) == 3
    assert outcomes(run) == ["changed", "unknown", "changed"]
    assert run.results[1].as_json(Reach((), MAIN).line)["error"] == {
        "exit_code": 8,
        "message": f"{number_of(1)}: KeyError: 'sid'",
        "hint": f"look before repeating: numctl show {number_of(1)}",
        "status": None,
        "code": None,
        "more_info": None,
    }


@given(st.integers(0, 12), st.integers(1, 10), st.data())
def test_whatever_becomes_of_each_change_none_is_lost(count: int, concurrency: int, data: st.DataObject) -> None:
    ends: dict[str, Callable[[Change], Result]] = {
        "changed": changed,
        "failed": lambda change: Result(change, Outcome.FAILED, error=Refused("no")),
        "unknown": lambda change: Result(change, Outcome.UNKNOWN, error=OutcomeUnknown("who knows")),
    }
    drawn = data.draw(st.lists(st.sampled_from(sorted(ends)), min_size=count, max_size=count))
    by_number = {number_of(index): ends[name] for index, name in enumerate(drawn)}
    run = Run(changes_of(count), lambda change: by_number[change.phone_number](change), concurrency)
    assert sorted(result.outcome for result in run) == sorted(drawn)
    assert outcomes(run) == drawn


HANGS = """
import sys, threading, time
from numctl.changes import operation
from numctl.changes.change import Change
from numctl.changes.run import Run
from numctl.api.lookup import at_once
from numctl.system.deadline import Expired, within
from numctl.api.prefetch import ahead

def hang(*given):
    hanging.release()
    threading.Event().wait()

def pages():
    yield 1
    hang()

hanging = threading.Semaphore(0)
run = Run([Change(operation.RELEASE, "AC", "+14155550100")] * 3, hang, 2)
threading.Thread(target=lambda: list(run), daemon=True).start()
threading.Thread(target=lambda: at_once(hang, [1, 2]), daemon=True).start()
next(ahead(pages()))
for _ in range(5):
    hanging.acquire()
run.halt(grace=0.05)
try:
    within(0.05, hang)
except Expired:
    print([result.outcome.value for result in run.results])
"""


def test_what_hangs_keeps_no_process_alive() -> None:
    ended = subprocess.run([sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("['unknown', 'unknown', 'skipped']\n", "", 0)
