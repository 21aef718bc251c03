"""Purchases, settings, releases and transfers under random faults: nothing is done twice, and no result is a lie.

A hundred runs; `--hypothesis-profile explore` makes a thousand, other ones each time.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from numctl.api.client import Client
from numctl.api.transport import Transport
from numctl.changes import plan
from numctl.changes.change import Change, Result, exit_code
from numctl.changes.perform import Performer
from numctl.changes.run import Run
from numctl.errors import ExitCode
from numctl.model.settings import Wanted
from tests.examples import fewer_examples
from tests.wire import faults
from tests.wire.diary import Diary
from tests.wire.fake_clock import FakeClock
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, TOKEN, Service, running

NUMBERS = [f"+1415555010{digit}" for digit in range(6)]
OWNED = NUMBERS[:4]
WANTED: Wanted = {"voice_url": "https://voice.example.com/answer", "voice_caller_id_lookup": True}

SHOWING = 3.9
"""Seconds after which the looks for a lost answer no longer find what reading does not show yet."""

LOST = (*faults.PASSING, *faults.PENDING, *faults.FOREIGN, faults.ANOTHER_NUMBER)
LATER = (faults.status(504).taking(2), faults.status(504).taking(30))
REFUSED = (faults.throttled(), faults.throttled("2"), faults.throttled("21600"), faults.throttled("soon"))
FAULTS = (*LOST, *(fault.before() for fault in LOST), *LATER, *LATER, *REFUSED)
FINE = faults.altered("none", lambda body: body)


@dataclass(frozen=True)
class Step:
    """One thing that is asked for."""

    operation: str
    phone_number: str


def steps() -> some.SearchStrategy[list[Step]]:
    """A run over distinct numbers, as a command gets them: what is owned is changed, anything is bought."""
    changes = some.sampled_from(["set", "release", "transfer", "buy"])
    owned = some.builds(Step, changes, some.sampled_from(OWNED))
    new = some.builds(Step, some.just("buy"), some.sampled_from(NUMBERS))
    return some.lists(owned | new, min_size=1, max_size=5, unique_by=lambda step: step.phone_number)


def weather() -> some.SearchStrategy[list[faults.Fault]]:
    """What each request in turn meets: mostly trouble, with fine spells."""
    return some.lists(some.just(FINE) | some.sampled_from(FAULTS) | some.sampled_from(FAULTS), max_size=40)


def planned(service: Service, step: Step) -> Change:
    """Plan a step as the verbs do, on what the account holds."""
    live = copy.deepcopy(service.state.find(step.phone_number))
    if step.operation == "buy" or live is None:
        return plan.buying(ACCOUNT, step.phone_number, WANTED, live)
    if step.operation == "set":
        return plan.setting(live, WANTED)
    return plan.releasing(live) if step.operation == "release" else plan.transferring(live, OTHER_ACCOUNT, {})


def carried_out(service: Service, changes: list[Change]) -> list[Result]:
    clock = FakeClock()
    service.state.now = clock.now
    client = Client(Transport(service.url, (ACCOUNT, TOKEN), clock=clock), ACCOUNT)
    perform = Performer(client, Diary(), clock)
    run = Run(changes, perform, 1)
    for _ in run:
        pass
    perform.gone.settle()
    return perform.gone.final(run.results)


def holds(change: Change, live: dict[str, Any] | None) -> bool:
    """Whether what was asked for is so on the server."""
    if change.operation.name == "release":
        return live is None
    account = change.to_account or change.account_sid
    return (
        live is not None
        and live["account_sid"] == account
        and all(live[name] == value for name, value in change.wanted.items())
    )


def check(result: Result, before: dict[str, Any] | None, live: dict[str, Any] | None) -> None:
    """Check one result, and the row that scripts read, against what the server holds."""
    change, row = result.change, result.as_json()
    if result.holds:
        assert holds(change, live), row
        assert row["number"] == live or change.operation.name == "release", row
        assert row["error"] is None
    elif row["outcome"] == "failed":
        assert live == before, row
        assert row["error"]["exit_code"] != ExitCode.UNKNOWN, row
    else:
        assert row["outcome"] == "unknown", row
        assert row["error"]["exit_code"] == ExitCode.UNKNOWN, row
        assert row["error"]["hint"].startswith(f"look before repeating: numctl show {change.phone_number}"), row


def likely(fault: faults.Fault, lag: float) -> bool:
    """Whether a fault is met: the service does not fail what it carries out, and hide it for long as well."""
    return lag <= SHOWING or fault not in faults.PASSING or fault in faults.UNANSWERED


@given(steps(), weather(), some.sampled_from([0.0, 0.3, 2.0, SHOWING, 9.0]))
def test_under_random_faults_nothing_is_bought_twice_and_every_result_is_true(
    asked: list[Step], met: list[faults.Fault], lag: float
) -> None:
    with running() as service:
        for phone_number in OWNED:
            service.state.add(ACCOUNT, phone_number)
        before = {number: copy.deepcopy(service.state.find(number)) for number in NUMBERS}
        service.state.lag = lag
        for fault in met:
            if likely(fault, lag):
                service.fail(fault)
        changes = [planned(service, step) for step in asked]
        results = carried_out(service, changes)
        service.carry_out(math.inf)
        after = {number: service.state.find(number) for number in NUMBERS}
        asked_for = {change.phone_number for change in changes if change.operation.name == "buy" and not change.settled}
        assert len(service.state.purchases) == len(set(service.state.purchases))
        assert set(service.state.purchases) <= asked_for
        assert [result.change for result in results] == changes
        for result in results:
            check(result, before[result.change.phone_number], after[result.change.phone_number])
        untouched = set(NUMBERS) - {step.phone_number for step in asked}
        assert {number: after[number] for number in untouched} == {number: before[number] for number in untouched}
        check_exit_code(results, after)


def check_exit_code(results: list[Result], after: dict[str, Any]) -> None:
    """Exit 0 if, and only if, all that was asked for is so; 8 if, and only if, something is not known."""
    code = exit_code(results)
    assert (code == ExitCode.UNKNOWN) == any(result.outcome == "unknown" for result in results)
    if code == ExitCode.OK:
        assert all(holds(result.change, after[result.change.phone_number]) for result in results)
    elif code != ExitCode.UNKNOWN:
        assert not all(holds(result.change, after[result.change.phone_number]) for result in results)


@fewer_examples(5)
@given(steps())
def test_without_faults_everything_that_can_be_done_is_done_with_one_request_each(asked: list[Step]) -> None:
    with running() as service:
        for phone_number in OWNED:
            service.state.add(ACCOUNT, phone_number)
        changes = [planned(service, step) for step in asked]
        results = carried_out(service, changes)
        assert all(result.holds or result.change.settled == "failed" for result in results)
        assert len(service.received) == sum(change.settled is None for change in changes)
