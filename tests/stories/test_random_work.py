"""Sequences of commands among colleagues, lagging reads and late answers: no result, and no history, is a lie.

25 sequences, the same in every run; `pytest --hypothesis-profile explore tests/stories/test_random_work.py` makes
1,000, other ones each time.
"""

from __future__ import annotations

import os
import signal

from hypothesis import given, note, settings
from hypothesis import strategies as some

from tests.changes.test_random_faults import FAULTS, FINE
from tests.stories.world import NUMBERS, OWNED, Action, Colleague, Command, Lag, Signal, Wait, late, world

DEFAULT = settings.default or settings()
SEQUENCES = 1000 if DEFAULT.max_examples >= 1000 else 25

COLLEAGUES = some.builds(
    Colleague, some.sampled_from(["rename", "redirect", "trunk", "release", "move", "buy"]), some.sampled_from(NUMBERS)
)
SIGNALS = [signal.SIGINT, signal.SIGTERM] if os.name == "posix" else []
if SIGNALS and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # under nohup it ends nothing
    SIGNALS.append(signal.SIGHUP)
HAPPENINGS = COLLEAGUES | some.builds(Signal, some.sampled_from(SIGNALS)) if SIGNALS else COLLEAGUES
MEANWHILE = some.lists(some.tuples(some.sampled_from(["before", "after", "question"]), HAPPENINGS), max_size=2)
WEATHER = some.lists(some.just(FINE) | some.sampled_from([*FAULTS, late(3), late(70)]), max_size=12).map(tuple)


def commands(verb: str, numbers: list[str]) -> some.SearchStrategy[Command]:
    return some.builds(
        Command,
        some.just(verb),
        some.lists(some.sampled_from(numbers), min_size=1, max_size=3, unique=True).map(tuple),
        some.sampled_from(["voice", "message", "trunk"]),
        some.just(()) | WEATHER,
        some.just(()) | MEANWHILE.map(tuple),
    )


ACTIONS = (
    commands("set", OWNED),
    commands("set", OWNED),
    commands("release", OWNED),
    commands("transfer", OWNED),
    commands("buy", NUMBERS),
    some.builds(Command, some.just("undo"), faults=some.just(()) | WEATHER),
    COLLEAGUES,
    some.builds(Wait, some.sampled_from([1.0, 5.0, 90.0])),
    some.builds(Lag, some.sampled_from([0.0, 0.3, 2.0, 9.0])),
)


@settings(max_examples=SEQUENCES)
@given(some.lists(some.one_of(*ACTIONS), min_size=1, max_size=6))
def test_what_is_said_of_a_sequence_of_commands_is_what_the_server_saw(actions: list[Action]) -> None:
    with world() as here:
        try:
            for action in actions:
                action.act(here)
        except BaseException:
            note("\n".join(here.done))
            raise
