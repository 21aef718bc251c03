"""Reading lags behind writing: what this machine has just changed is not believed to be as it was before."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from numctl.changes import lag
from tests.cli.inside import numctl
from tests.cli.program import Ended
from tests.wire.fake_clock import FakeClock
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

NUMBERS = [f"+141555501{place:02}" for place in range(12)]
FIRST, SECOND = "https://first.example.com/", "https://second.example.com/"
DATES = ["Thu, 30 Jul 2015 23:20:00 +0000", "Thu, 30 Jul 2015 23:21:00 +0000"]
WHOLE = [0.5, 1.0, 2.5]


class Slow(Service):
    """The test server, on a clock of its own; `behind` lets reading show what was before some commands."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.state.now = self.clock.now
        for number in NUMBERS:
            self.state.add(ACCOUNT, number, voice_url=FIRST)

    def numctl(self, *words: str, env: dict[str, str] | None = None) -> Ended:
        self.received.clear()
        self.clock.slept.clear()
        return numctl(self, *words, clock=self.clock, env=env)

    def behind(self, seconds: float, change: Callable[[], object]) -> None:
        before = copy.deepcopy(self.state.numbers)
        change()
        self.state.lags(seconds, before)

    def reads(self) -> int:
        """How often numbers were read."""
        return sum("/IncomingPhoneNumbers" in one.path for one in self.received if one.method == "GET")

    def sent(self) -> int:
        return len(self.received) - self.count("GET")


@pytest.fixture
def service() -> Iterator[Slow]:
    with closing(Slow()) as service:
        yield service


def done(service: Slow, *words: str) -> Callable[[], None]:
    def change() -> None:
        assert service.numctl(*words, "--yes").code == 0

    return change


def outcomes(ended: Ended) -> list[str]:
    return [row["outcome"] for row in ended.json]


def held(service: Slow, number: str) -> dict[str, Any]:
    record = service.state.find(number)
    assert record is not None
    return record


@pytest.mark.parametrize("dated", [False, True], ids=["in the same second", "later"])
def test_a_setting_put_back_while_reading_lags_is_sent(service: Slow, dated: bool) -> None:
    if dated:
        service.state.date = lambda: DATES[0]
    service.behind(1.2, done(service, "set", NUMBERS[0], "--voice-url", SECOND))
    ended = service.numctl("set", NUMBERS[0], "--voice-url", FIRST, "--json")
    assert (ended.code, outcomes(ended), service.clock.slept[:2]) == (0, ["changed"], WHOLE[:2])
    assert ended.json[0]["changes"] == {"voice_url": [SECOND, FIRST]}
    assert held(service, NUMBERS[0])["voice_url"] == FIRST


def test_an_undo_while_reading_lags_undoes(service: Slow) -> None:
    service.behind(2.5, done(service, "set", *NUMBERS[:2], "--voice-url", SECOND))
    ended = service.numctl("undo", "--yes", "--json")
    assert (ended.code, outcomes(ended)) == (0, ["changed"] * 2)
    assert [held(service, number)["voice_url"] for number in NUMBERS[:2]] == [FIRST] * 2


def test_a_release_is_undone_by_a_purchase_while_reading_still_shows_the_number(service: Slow) -> None:
    service.state.stock["US", "local"] = NUMBERS[:1]
    service.behind(2.5, done(service, "release", NUMBERS[0]))
    run_id = numctl(service, "history", "--json").json[0]["id"]
    ended = service.numctl("undo", run_id, "--yes", "--json")
    assert (ended.code, outcomes(ended), service.state.purchases) == (0, ["bought"], [NUMBERS[0]])


def test_a_second_release_waits_and_finds_it_done(service: Slow) -> None:
    service.behind(1.0, done(service, "release", NUMBERS[0]))
    ended = service.numctl("release", NUMBERS[0], "--yes", "--json")
    assert (ended.code, outcomes(ended), service.sent(), service.clock.slept) == (0, ["unchanged"], 0, WHOLE[:2])


@pytest.mark.parametrize("numbers", [1, 2], ids=["one by one", "together"])
@pytest.mark.parametrize(
    ("first", "words"),
    [
        (("set", "--voice-url", SECOND), ("set", "--voice-url", FIRST)),
        (("release",), ("set", "--voice-url", FIRST)),
        (("transfer", "--to", OTHER_ACCOUNT), ("release",)),
        (("transfer", "--to", OTHER_ACCOUNT), ("transfer", "--to", ACCOUNT, "--account", OTHER_ACCOUNT)),
    ],
    ids=["changed", "released", "moved", "moved there"],
)
def test_what_still_lags_after_four_seconds_has_failed_and_nothing_is_sent(
    service: Slow, first: tuple[str, ...], words: tuple[str, ...], numbers: int
) -> None:
    given = NUMBERS[:numbers]
    service.behind(60, done(service, first[0], *given, *first[1:]))
    ended = service.numctl(words[0], *given, *words[1:], "--yes", "--json")
    assert (ended.code, outcomes(ended), service.sent()) == (7, ["failed"] * numbers, 0)
    assert [row["error"]["message"] for row in ended.json] == [
        f"{number}: the service still shows it as it was before its last change; nothing was sent" for number in given
    ]
    assert service.clock.slept == WHOLE


def test_one_that_lags_fails_alone(service: Slow) -> None:
    service.behind(60, done(service, "set", NUMBERS[0], "--voice-url", SECOND))
    ended = service.numctl("set", *NUMBERS[:3], "--voice-url", FIRST, "--friendly-name", "Desk", "--yes", "--json")
    assert (ended.code, outcomes(ended), service.sent()) == (6, ["failed", "changed", "changed"], 2)


def test_what_lags_of_a_run_is_read_again_together(service: Slow) -> None:
    service.behind(3, done(service, "set", *NUMBERS, "--voice-url", SECOND))
    ended = service.numctl("set", *NUMBERS, "--voice-url", FIRST, "--yes", "--json", "--dry-run")
    assert (ended.code, outcomes(ended), service.clock.slept) == (0, ["planned"] * 12, WHOLE)
    assert service.reads() == 4


def test_a_move_is_undone_while_reading_does_not_show_it_yet(service: Slow) -> None:
    service.behind(1.2, done(service, "transfer", NUMBERS[0], "--to", OTHER_ACCOUNT))
    ended = service.numctl("undo", "--yes", "--json")
    assert (ended.code, outcomes(ended), held(service, NUMBERS[0])["account_sid"]) == (0, ["transferred"], ACCOUNT)


def test_what_was_just_bought_is_waited_for(service: Slow) -> None:
    service.behind(1.2, done(service, "buy", "+14155550190"))
    ended = service.numctl("set", "+14155550190", "--voice-url", FIRST, "--json")
    assert (ended.code, outcomes(ended), service.clock.slept[:2]) == (0, ["changed"], WHOLE[:2])
    service.behind(1.2, done(service, "buy", "+14155550191"))
    again = service.numctl("buy", "+14155550191", "--yes", "--json")
    assert (again.code, outcomes(again), service.sent()) == (0, ["unchanged"], 0)


def test_what_somebody_else_changed_later_is_believed_at_once(service: Slow) -> None:
    service.state.date = lambda: DATES[0]
    assert service.numctl("set", NUMBERS[0], "--voice-url", SECOND).code == 0
    held(service, NUMBERS[0]).update(voice_url=FIRST, date_updated=DATES[1])
    ended = service.numctl("set", NUMBERS[0], "--voice-url", FIRST, "--json")
    assert (ended.code, outcomes(ended), service.clock.slept, service.reads()) == (0, ["unchanged"], [], 1)


@pytest.mark.parametrize("off", [False, True], ids=["a minute later", "without a history"])
def test_a_record_is_believed(service: Slow, off: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    service.behind(60, done(service, "set", NUMBERS[0], "--voice-url", SECOND))
    if not off:
        monkeypatch.setattr(lag, "DOUBTED", timedelta(0))
    env = {"NUMCTL_HISTORY": "off"} if off else {}
    ended = service.numctl("set", NUMBERS[0], "--voice-url", FIRST, "--json", env=env)
    assert (ended.code, outcomes(ended), service.clock.slept) == (0, ["unchanged"], [])


def test_show_shows_what_the_service_shows_now(service: Slow) -> None:
    service.behind(60, done(service, "set", NUMBERS[0], "--voice-url", SECOND))
    shown = service.numctl("show", NUMBERS[0], "--json")
    assert (shown.code, shown.json["voice_url"], service.clock.slept, service.reads()) == (0, FIRST, [], 1)


@pytest.mark.parametrize("terminal", [False, True])
def test_who_watches_is_told_once_what_is_waited_for(
    service: Slow, terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.behind(3, done(service, "set", *NUMBERS[:2], "--voice-url", SECOND))
    monkeypatch.setattr("numctl.cli.session.on_terminal", lambda: terminal)
    ended = service.numctl("set", *NUMBERS[:2], "--voice-url", SECOND, "--yes", "--json")
    told = "numctl: what the service shows may be out of date; reading again\n" if terminal else ""
    assert (ended.code, outcomes(ended), ended.err) == (0, ["unchanged"] * 2, f"{told}2 unchanged.\n")
