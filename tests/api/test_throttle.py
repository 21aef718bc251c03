"""How many requests at once a service turns out to allow."""

from __future__ import annotations

import heapq
import itertools
import random
import threading
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from numctl.api.throttle import FIRST_TRY, Pace

PATIENCE = 10


def succeed(pace: Pace, times: int) -> None:
    for _ in range(times):
        pace.succeeded()


def test_eight_at_once_to_a_service_that_allows_three_find_it_with_five_refusals() -> None:
    pace = Pace(8)
    assert [pace.refused() for _ in range(5)] == [True] * 5
    assert pace.limit == 3


def test_the_limit_never_falls_below_one_and_says_so() -> None:
    pace = Pace(2)
    assert ([pace.refused() for _ in range(3)], pace.limit) == ([True, False, False], 1)


def test_a_long_row_of_successes_tries_one_more() -> None:
    pace = Pace(8)
    for _ in range(5):
        pace.refused()
    succeed(pace, FIRST_TRY - 1)
    assert pace.limit == 3
    succeed(pace, 1)
    assert pace.limit == 4


def test_a_refusal_ends_the_row() -> None:
    pace = Pace(8)
    pace.refused()
    succeed(pace, FIRST_TRY - 1)
    pace.refused()
    succeed(pace, FIRST_TRY - 1)
    assert pace.limit == 6


def test_an_attempt_that_failed_is_made_more_rarely() -> None:
    pace = Pace(8)
    pace.refused()
    succeed(pace, FIRST_TRY)
    assert (pace.limit, pace.refused(), pace.limit) == (8, True, 7)
    succeed(pace, FIRST_TRY)
    assert pace.limit == 7
    succeed(pace, FIRST_TRY)
    assert pace.limit == 8


def test_more_than_the_most_is_never_tried() -> None:
    pace = Pace(2)
    succeed(pace, 10 * FIRST_TRY)
    assert pace.limit == 2


@dataclass
class Simulation:
    """So many changes by so many workers against a service that allows only so many at once, in a time of its own.

    An answer takes one second, give or take a tenth; a refusal a twentieth. Without company, it is waited for 0.6 s.
    """

    pace: Pace
    workers: int
    allowed: int
    changes: int
    seconds: float = 0.0
    refused: int = 0

    def run(self) -> Simulation:
        chance, order = random.Random(1), itertools.count()
        events: list[tuple[float, int, str, ExitStack | None]] = []
        idle, left, under_way = min(self.workers, self.changes), max(self.changes - self.workers, 0), 0
        sent = 0
        while idle or events:
            while idle and sent < self.pace.limit:
                slot = ExitStack()
                slot.enter_context(self.pace.slot())
                idle, sent = idle - 1, sent + 1
                fits = under_way < self.allowed
                under_way += fits
                takes, kind = (0.9 + 0.2 * chance.random(), "done") if fits else (0.05, "refused")
                heapq.heappush(events, (self.seconds + takes, next(order), kind, slot))
            self.seconds, _, kind, held = heapq.heappop(events)
            if held is None:
                idle += 1
                continue
            sent -= 1
            if kind == "done":
                self.pace.succeeded()
                under_way -= 1
                idle, left = idle + (left > 0), left - (left > 0)
            else:
                self.refused += 1
                again = self.pace.refused()
                idle += again
                if not again:
                    heapq.heappush(events, (self.seconds + 0.6, next(order), "waited", None))
            held.close()
        return self


@pytest.mark.parametrize("changes", [250, 400, 1000])
def test_at_most_three_percent_are_refused_if_far_too_many_are_allowed(changes: int) -> None:
    found = Simulation(Pace(32), 32, 4, changes).run()
    assert found.refused / (changes + found.refused) <= 0.03
    assert found.seconds == pytest.approx(changes / 4, rel=0.03)


@pytest.mark.parametrize(("allowed", "changes"), [(8, 400), (10, 400), (16, 400), (24, 1000), (32, 1000), (99, 1000)])
def test_starting_with_a_few_costs_at_most_a_few_per_cent_of_the_time(allowed: int, changes: int) -> None:
    few = Simulation(Pace(32), 32, allowed, changes).run()
    all_at_once = Simulation(Pace(32, first=32), 32, allowed, changes).run()
    assert few.seconds <= 1.04 * all_at_once.seconds
    assert few.refused <= all_at_once.refused
    assert few.refused / (changes + few.refused) <= 0.03


def test_as_many_as_allowed_without_being_told_are_sent_at_once() -> None:
    assert [Pace(most).limit for most in (1, 2, 8, 9, 32)] == [1, 2, 8, 8, 8]


def test_each_success_of_a_full_house_allows_one_more_until_the_first_refusal() -> None:
    pace = Pace(32, first=2)
    with pace.slot():
        pace.succeeded()
        assert pace.limit == 2  # there was room for another: it is not known that three are allowed
        with pace.slot():
            pace.succeeded()
            assert pace.limit == 3
            with pace.slot():
                assert (pace.refused(), pace.limit) == (True, 2)
                pace.succeeded()
                assert pace.limit == 2


class Crowd:
    """Threads that each want a slot, and leave it when they are told to."""

    def __init__(self, pace: Pace, size: int) -> None:
        self.pace, self.inside, self.most = pace, 0, 0
        self.entered, self.leave, self.lock = threading.Semaphore(0), threading.Semaphore(0), threading.Lock()
        self.threads = [threading.Thread(target=self.visit, daemon=True) for _ in range(size)]
        for thread in self.threads:
            thread.start()

    def visit(self) -> None:
        with self.pace.slot():
            with self.lock:
                self.inside += 1
                self.most = max(self.most, self.inside)
            self.entered.release()
            self.leave.acquire(timeout=PATIENCE)
            with self.lock:
                self.inside -= 1

    def wait_for(self, count: int) -> None:
        for _ in range(count):
            assert self.entered.acquire(timeout=PATIENCE)
        assert not self.entered.acquire(timeout=0.02)


def test_no_more_are_under_way_than_the_limit_and_each_gets_its_turn() -> None:
    crowd = Crowd(Pace(3), 10)
    crowd.wait_for(3)
    crowd.leave.release(10)
    for thread in crowd.threads:
        thread.join(PATIENCE)
    assert (crowd.most, crowd.inside, [thread.is_alive() for thread in crowd.threads]) == (3, 0, [False] * 10)


def test_a_lowered_limit_lets_nobody_in_until_enough_have_left() -> None:
    pace = Pace(3)
    crowd = Crowd(pace, 5)
    crowd.wait_for(3)
    pace.refused()
    pace.refused()
    crowd.leave.release()
    crowd.leave.release()
    assert not crowd.entered.acquire(timeout=0.05)
    crowd.leave.release()
    crowd.wait_for(1)
    crowd.leave.release(2)
    for thread in crowd.threads:
        thread.join(PATIENCE)
    assert [thread.is_alive() for thread in crowd.threads] == [False] * 5


def test_a_raised_limit_lets_a_waiting_one_in() -> None:
    pace = Pace(2)
    pace.refused()
    crowd = Crowd(pace, 2)
    crowd.wait_for(1)
    succeed(pace, FIRST_TRY)
    crowd.wait_for(1)
    crowd.leave.release(2)
    assert crowd.most == 2


def test_a_slot_is_given_back_whatever_happens_in_it() -> None:
    pace = Pace(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="broke"), pace.slot():
            raise ValueError("broke")
    with pace.slot():
        pass
