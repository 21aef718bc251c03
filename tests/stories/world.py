"""A world in which numctl is not alone: an account, colleagues who change it, reads that lag, answers that go astray.

Commands run in this process, on a clock that moves only where somebody waits, so that a sequence of them takes
milliseconds. The server keeps a log of what really happened and at whose hand; `Check` holds every result against it.
An action is a small class with `act(world)`: a new one is written here and named in the test's ACTIONS.
"""

from __future__ import annotations

import copy
import json
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Protocol
from unittest.mock import patch

from numctl.history.reader import History
from numctl.model.number import Record, difference
from numctl.model.routing import DELETES
from tests.changes.test_random_faults import likely
from tests.cli import inside
from tests.cli.program import Ended
from tests.wire.fake_clock import FakeClock
from tests.wire.faults import Fault
from tests.wire.reply import Received, Reply
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

NUMBERS = [f"+1415555010{digit}" for digit in range(6)]
OWNED = NUMBERS[:4]
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
WANTED = {
    "voice": ("--voice-url", "https://voice.example.net/answer"),
    "message": ("--sms-url", "https://sms.example.net/receive"),
    "trunk": ("--trunk-sid", "TK" + "1" * 32),
}
Moment = Literal["question", "before", "after"]


class Action(Protocol):
    """One thing that happens in a sequence."""

    def act(self, world: World) -> None:
        """Let it happen."""


@dataclass(frozen=True)
class Event:
    """One change as the server made it: the number's record before and after, None where there was none."""

    ours: bool
    phone_number: str
    before: Record | None
    after: Record | None


@dataclass(frozen=True)
class Colleague:
    """What somebody else does to a number, if it is there to do it to."""

    kind: Literal["rename", "redirect", "trunk", "release", "move", "buy"]
    phone_number: str

    def act(self, world: World) -> None:
        """Do it now, between two commands."""
        self.change(world.service)

    def change(self, service: Shared) -> None:
        """Do it, at any moment."""
        state, live = service.state, service.state.find(self.phone_number)
        forms = {
            "rename": {"FriendlyName": f"Renamed {len(service.log)}"},
            "redirect": {"VoiceUrl": f"https://colleague.example.org/{len(service.log)}"},
            "trunk": {"TrunkSid": "TK" + "9" * 32},
            "move": {"AccountSid": OTHER_ACCOUNT},
        }
        if live is None:
            if self.kind == "buy":
                state.changing()
                service.note(False, self.phone_number, None, state.add(ACCOUNT, self.phone_number))
            return
        before = copy.deepcopy(live)
        if self.kind == "release":
            state.delete(live["account_sid"], live["sid"])
        elif self.kind in forms:
            state.update(live["account_sid"], live["sid"], forms[self.kind])
        service.note(False, self.phone_number, before, state.find(self.phone_number))


@dataclass(frozen=True)
class Signal:
    """A signal that arrives while a command is at work."""

    number: int

    def change(self, service: Shared) -> None:
        """Send it to this process, in which the command runs."""
        service.signals.append(self.number)
        os.kill(os.getpid(), self.number)


class Shared(Service):
    """A service that others use as well. `log` has every change in its order; `meanwhile` what others do, and when."""

    def __init__(self, clock: FakeClock) -> None:
        self.log: list[Event] = []
        self.meanwhile: list[tuple[Moment, Colleague | Signal]] = []
        self.signals: list[int] = []
        self.clock = clock
        super().__init__()
        self.state.now = clock.now
        self.state.date = lambda: format_datetime(BEGAN + timedelta(seconds=int(clock.now())))

    def note(self, ours: bool, phone_number: str, before: Record | None, after: Record | None) -> None:
        """Write down what was carried out, also a change of ours that changes nothing."""
        if ours or before != after:
            self.log.append(Event(ours, phone_number, before, copy.deepcopy(after)))

    def meet(self, moment: Moment) -> None:
        """Let happen what waits for this moment."""
        for waiting in [one for one in self.meanwhile if one[0] == moment][:1]:
            self.meanwhile.remove(waiting)
            waiting[1].change(self)

    def route(self, request: Received) -> Reply:
        if request.method == "GET":
            return super().route(request)
        self.meet("before")
        phone_number = request.form.get("PhoneNumber") or self._number_at(request.path)
        before = copy.deepcopy(self.state.find(phone_number))
        reply = super().route(request)
        if reply.status < 300:
            self.note(True, phone_number, before, self.state.find(phone_number))
        self.meet("after")
        return reply

    def _number_at(self, path: str) -> str:
        sid = path.rpartition("/")[2].removesuffix(".json")
        held = (numbers[sid]["phone_number"] for numbers in self.state.numbers.values() if sid in numbers)
        return str(next(held, ""))


@dataclass
class World:
    """The service, the machine on which numctl runs, and what was done so far."""

    service: Shared
    clock: FakeClock
    home: Path
    done: list[str] = field(default_factory=list)

    def numctl(self, *words: str) -> Ended:
        """Run a command in this process; a question is answered with yes, after whatever happens meanwhile."""
        folders = {f"XDG_{kind}_HOME": str(self.home / kind.lower()) for kind in ("CONFIG", "STATE", "CACHE")}

        def answered(*_: Any, **__: Any) -> None:
            self.service.meet("question")

        with patch.multiple("numctl.cli.change", confirm=answered, confirm_by_typing=answered):
            ended = inside.numctl(self.service, *words, clock=self.clock, env=folders)
        self.done.append(f"$ numctl {' '.join(words)}\n{ended.err}{ended.out}[exit {ended.code}]")
        return ended

    def history(self, run_id: str | None = None) -> list[Record]:
        """The runs on record, newest first, or one run's changes."""
        with History.open(self.home / "state" / "numctl" / "history.sqlite3") as history:
            return list(history.runs()) if run_id is None else list(history.changes(run_id))


@contextmanager
def world() -> Iterator[World]:
    """Begin anew, with four numbers in the account."""
    clock = FakeClock()
    service = Shared(clock)
    try:
        for phone_number in OWNED:
            service.state.add(ACCOUNT, phone_number)
        with TemporaryDirectory() as home:
            yield World(service, clock, Path(home))
    finally:
        service.close()


@dataclass(frozen=True)
class Wait:
    """Let time pass."""

    seconds: float

    def act(self, world: World) -> None:
        world.clock.sleep(self.seconds)


@dataclass(frozen=True)
class Lag:
    """Let reads show a change only after so many seconds, from now on."""

    seconds: float

    def act(self, world: World) -> None:
        world.service.state.lag = self.seconds


def late(seconds: float) -> Fault:
    """Answer rightly, when so many seconds have gone by."""

    def act(connection: Any, reply: Reply) -> None:
        connection.server.service.clock.sleep(seconds)
        connection.write(reply)

    return Fault(f"late by {seconds:g} s", act)


@dataclass(frozen=True)
class Command:
    """A change of some numbers, the faults that its requests meet in turn, and what others do meanwhile."""

    verb: Literal["set", "release", "transfer", "buy", "undo"]
    numbers: tuple[str, ...] = ()
    wanted: Literal["voice", "message", "trunk"] = "voice"
    faults: tuple[Fault, ...] = ()
    meanwhile: tuple[tuple[Moment, Colleague | Signal], ...] = ()

    def act(self, world: World) -> None:
        service = world.service
        service.meanwhile = list(self.meanwhile)
        for fault in self.faults:
            if likely(fault, service.state.lag):
                service.fail(fault)
        service.signals = []
        started = len(service.log)
        runs = {run["id"] for run in world.history()}
        ended = world.numctl(*self.words())
        service.carry_out(math.inf)
        service._faults.clear()
        new = [run for run in world.history() if run["id"] not in runs]
        recorded = world.history(new[0]["id"]) if new else []
        assert len(new) <= 1
        undone = {entry["phone_number"]: entry for run in new for entry in world.history(run["undoes"] or run["id"])}
        check = Check(self, ended, service.log[started:], recorded, undone, service.state.find, service.signals)
        for promise in PROMISES:
            promise(check)

    def words(self) -> list[str]:
        more = {"set": WANTED[self.wanted], "transfer": ("--to", OTHER_ACCOUNT)}.get(self.verb, ())
        asked = any(moment == "question" for moment, _ in self.meanwhile)
        return [self.verb, *self.numbers, *more, "--concurrency", "1", "--json", *([] if asked else ["--yes"])]

    def fields(self) -> set[str]:
        """The fields that may change."""
        name = WANTED[self.wanted][0].removeprefix("--").replace("-", "_")
        return {"set": {name, "voice_application_sid"}, "transfer": {"account_sid"}}.get(self.verb, set())

    def holds(self, live: Record | None) -> bool:
        """Whether what was asked for is so; what an undo asks for, its run says."""
        if self.verb == "undo":
            return True
        if live is None or self.verb == "release":
            return live is None and self.verb == "release"
        if self.verb == "set":
            option, value = WANTED[self.wanted]
            return bool(live[option.removeprefix("--").replace("-", "_")] == value)
        return bool(live["account_sid"] == (OTHER_ACCOUNT if self.verb == "transfer" else ACCOUNT))


@dataclass(frozen=True)
class Check:
    """One command's end beside what the server knows of it.

    `recorded` are the changes of its run, `undone` those of the run that it undid, and `signals` what arrived of them;
    `find` returns a number's record now.
    """

    command: Command
    ended: Ended
    log: list[Event]
    recorded: list[Record]
    undone: dict[str, Record]
    find: Callable[[str], Record | None]
    signals: list[int]

    @property
    def rows(self) -> list[Record]:
        return json.loads(self.ended.out) if self.ended.out else []

    def ours(self, phone_number: str) -> list[Event]:
        return [event for event in self.log if event.ours and event.phone_number == phone_number]

    def meddled(self, phone_number: str) -> bool:
        """Whether somebody else changed the number meanwhile."""
        return any(not event.ours and event.phone_number == phone_number for event in self.log)


DONE = ("bought", "changed", "released", "transferred")


def nothing_is_bought_twice_nor_done_unasked(check: Check) -> None:
    """A number is bought once at most, and only what was asked for is touched."""
    ours = [event for event in check.log if event.ours]
    bought = [event.phone_number for event in ours if event.before is None]
    assert len(bought) == len(set(bought))
    asked = set(check.command.numbers) or {row["phone_number"] for row in check.rows}
    assert {event.phone_number for event in ours} <= asked


def without_results_nothing_was_done(check: Check) -> None:
    """A command that ends without results has changed nothing."""
    if not check.rows:
        assert not any(event.ours for event in check.log)


def what_is_done_was_done(check: Check) -> None:
    """What is called done was done by this command, or, of a number that is gone, by somebody else."""
    for row in check.rows:
        if row["outcome"] in DONE:
            forestalled = row["outcome"] == "released" and check.meddled(row["phone_number"])
            assert check.ours(row["phone_number"]) or forestalled, row


def what_is_not_done_was_not_done(check: Check) -> None:
    """What failed, was skipped or is unchanged was not touched by this command."""
    for row in check.rows:
        if row["outcome"] in ("failed", "skipped", "unchanged"):
            assert not check.ours(row["phone_number"]), row


def what_is_said_to_hold_holds(check: Check) -> None:
    """What is done or unchanged is so on the server, where nobody else had a hand in it."""
    for row in check.rows:
        phone_number, live = row["phone_number"], check.find(row["phone_number"])
        if row["outcome"] not in (*DONE, "unchanged"):
            continue
        if row["outcome"] == "released" and not check.ours(phone_number):
            assert live is None, row
        if not check.meddled(phone_number) and not row["error"]:
            assert check.command.holds(live), row


def an_undo_puts_back_what_its_run_replaced(check: Check) -> None:
    """Each field that an undo changes is as it was before the run, and was changed by the run itself."""
    for row in check.rows if check.command.verb == "undo" else []:
        if row["outcome"] not in ("changed", "transferred") or check.meddled(row["phone_number"]):
            continue
        entry = check.undone[row["phone_number"]]
        own = {*entry["wanted"], *(DELETES.get(name) for name in entry["wanted"])}
        for name, (_, value) in row["changes"].items():
            assert (value or None) == (entry["before"][name] or None), row
            assert name in own, row


def the_exit_code_follows_from_the_outcomes(check: Check) -> None:
    """The exit code is that of the table, whatever happened."""
    outcomes = [row["outcome"] for row in check.rows]
    if check.signals:
        assert check.ended.code in {128 + one for one in check.signals}  # of those that come together, any
        return
    if not outcomes:
        return
    bad = [row for row in check.rows if row["error"] and row["outcome"] != "unchanged"]
    bad += [row for row in check.rows if row["outcome"] in ("failed", "skipped", "unknown") and not row["error"]]
    if "unknown" in outcomes:
        assert check.ended.code == 8
    elif not bad:
        assert check.ended.code == 0
    elif set(outcomes) & set(DONE):
        assert check.ended.code == 6
    else:
        assert check.ended.code in {row["error"]["exit_code"] for row in bad} | {1}


def changes_are_those_of_the_server(check: Check) -> None:
    """`changes` and `number` are what the server made of it, where nobody else had a hand in it."""
    for row in check.rows:
        ours = check.ours(row["phone_number"])
        if row["outcome"] not in ("changed", "transferred"):
            continue
        if check.meddled(row["phone_number"]):
            assert check.command.verb == "undo" or row["changes"].keys() <= check.command.fields(), row
        else:
            assert row["changes"] == difference(ours[0].before or {}, ours[-1].after or {}), row
            assert row["number"] == ours[-1].after, row


def the_history_has_it_all(check: Check) -> None:
    """Each change that was made is on record, none of them as failed, and the results say what is on record."""
    entries = {entry["phone_number"]: entry["outcome"] for entry in check.recorded}
    for event in check.log:
        if event.ours:
            assert entries.get(event.phone_number) in (*DONE, "unknown"), event
    for row in check.rows:
        if row["phone_number"] in entries:
            assert entries[row["phone_number"]] == row["outcome"], row


PROMISES = (
    nothing_is_bought_twice_nor_done_unasked,
    without_results_nothing_was_done,
    what_is_done_was_done,
    what_is_not_done_was_not_done,
    what_is_said_to_hold_holds,
    an_undo_puts_back_what_its_run_replaced,
    the_exit_code_follows_from_the_outcomes,
    changes_are_those_of_the_server,
    the_history_has_it_all,
)
"""What every command is held to; a further promise is a function of its `Check`."""
