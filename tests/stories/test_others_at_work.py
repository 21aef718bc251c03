"""Others work on the account too: between the look, the question, the request and the answer, and before undo.

Nothing of theirs is overwritten that numctl could have seen, and nothing of theirs is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.cli.inside import numctl
from tests.cli.program import Ended
from tests.wire.fake_clock import FakeClock
from tests.wire.faults import status
from tests.wire.reply import Received, Reply, problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

NUMBERS = ["+14155550100", "+14155550101", "+14155550102"]
OURS, THEIRS = "https://ours.example.com/", "https://theirs.example.com/"
TRUNK, APPLICATION, BUNDLE = "TK" + "1" * 32, "AP" + "2" * 32, "BU" + "3" * 32


class Busy(Service):
    """The test server, where somebody acts before a change arrives, or after it was made and before it is answered."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], object] = lambda: None
        self.after: Callable[[], object] = lambda: None
        self.records = [self.state.add(ACCOUNT, number) for number in NUMBERS]
        self.shown_too: list[dict[str, Any]] = []

    def route(self, request: Received) -> Reply:
        if request.method == "GET":
            reply = super().route(request)
            if OTHER_ACCOUNT in request.path and self.shown_too:
                reply.body["incoming_phone_numbers"] += self.shown_too
            return reply
        before, self.before = self.before, lambda: None
        before()
        reply = super().route(request)
        after, self.after = self.after, lambda: None
        after()
        return reply

    def move(self, record: dict[str, Any], target: str = OTHER_ACCOUNT) -> None:
        self.state.numbers[target][record["sid"]] = self.state.numbers[record["account_sid"]].pop(record["sid"])
        record["account_sid"] = target

    def sent(self) -> list[tuple[str, dict[str, str]]]:
        return [(request.method, request.form) for request in self.received if request.method != "GET"]

    def reads(self) -> int:
        """How often numbers were read since the last time."""
        found = sum("/IncomingPhoneNumbers" in one.path for one in self.received if one.method == "GET")
        self.received = []
        return found


@pytest.fixture
def service() -> Iterator[Busy]:
    with closing(Busy()) as service:
        yield service


def rows(ended: Ended, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(name) for name in names) for row in ended.json]


def last_run(service: Busy) -> list[dict[str, Any]]:
    run_id = numctl(service, "history", "--json").json[0]["id"]
    found: list[dict[str, Any]] = numctl(service, "history", run_id, "--json").json
    return found


# --- While the question is open


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("voice_url", THEIRS, f"voice_url: (not set) → {THEIRS}"),
        ("status", "pending", "status: in-use → pending"),
        ("emergency_address_status", "registered", "emergency_address_status: unregistered → registered"),
    ],
)
def test_what_was_changed_while_the_question_was_open_is_skipped_and_the_others_run(
    service: Busy, field: str, value: str, said: str
) -> None:
    words = ("set", *NUMBERS, "--friendly-name", "Desk", "--json")
    ended = numctl(service, *words, answer="y", meanwhile=lambda: service.records[1].update({field: value}))
    assert (ended.code, rows(ended, "outcome")) == (6, [("changed",), ("skipped",), ("changed",)])
    message = f"{NUMBERS[1]}: changed while the question was open: {said}"
    assert ended.json[1]["error"]["message"] == message
    reason = f"changed while the question was open: {said}: {NUMBERS[1]}"
    assert f"  1 skipped: {reason}\n    check it, then run the command again\n" in ended.err
    assert service.sent() == [("POST", {"FriendlyName": "Desk"})] * 2
    assert (service.records[1]["friendly_name"], service.records[1][field]) == (NUMBERS[1], value)


def test_a_single_number_that_was_changed_meanwhile_is_refused(service: Busy) -> None:
    ended = numctl(
        service,
        *("release", NUMBERS[0], "--json"),
        answer=NUMBERS[0],
        meanwhile=lambda: service.records[0].update(voice_url=THEIRS),
    )
    assert (ended.code, rows(ended, "outcome", "run"), service.sent()) == (1, [("skipped", None)], [])


def test_a_number_that_was_moved_meanwhile_is_skipped(service: Busy) -> None:
    both = ("--account", ACCOUNT, "--account", OTHER_ACCOUNT)
    move = lambda: service.move(service.records[0])  # noqa: E731  # what happens meanwhile is an expression elsewhere
    seen = numctl(service, "set", NUMBERS[0], *both, "--voice-url", OURS, "--json", answer="y", meanwhile=move)
    said = f"changed while the question was open: account_sid: {ACCOUNT} → {OTHER_ACCOUNT}"
    assert (seen.code, seen.json[0]["error"]["message"]) == (1, f"{NUMBERS[0]}: {said}")
    gone = numctl(
        service,
        *("set", NUMBERS[1], NUMBERS[2], "--voice-url", OURS, "--json"),
        answer="y",
        meanwhile=lambda: service.move(service.records[1]),
    )
    assert rows(gone, "outcome") == [("skipped",), ("changed",)]
    assert gone.json[0]["error"]["message"].endswith(f"it is no longer in {ACCOUNT}")
    assert service.sent() == [("POST", {"VoiceUrl": OURS})]


def test_a_number_that_became_the_accounts_meanwhile_is_not_bought(service: Busy) -> None:
    new = ["+14155550190", "+14155550191"]
    ended = numctl(
        service, "buy", *new, "--json", answer="y", meanwhile=lambda: service.state.add(ACCOUNT, new[0], sid="PN")
    )
    assert (ended.code, rows(ended, "outcome")) == (6, [("skipped",), ("bought",)])
    assert ended.json[0]["error"]["message"] == (f"{new[0]}: changed while the question was open: {ACCOUNT} has it now")
    assert service.state.purchases == new[1:]


def test_an_old_sheet_and_an_undo_look_again_too(service: Busy) -> None:
    assert numctl(service, "set", *NUMBERS[:2], "--voice-url", OURS, "--yes").code == 0
    service.received.clear()
    ended = numctl(service, "undo", "--json", answer="y", meanwhile=lambda: service.records[0].update(voice_url=THEIRS))
    assert (ended.code, rows(ended, "outcome")) == (6, [("skipped",), ("changed",)])
    assert [record["voice_url"] for record in service.records] == [THEIRS, "", ""]


def test_the_history_has_what_the_second_look_showed(service: Busy) -> None:
    service.records[0]["type"] = "local"
    ended = numctl(
        service,
        *("set", *NUMBERS[:2], "--voice-url", OURS),
        answer="y",
        meanwhile=lambda: service.records[0].update(type="mobile"),
    )
    assert ended.code == 0
    assert sorted(row["before"]["type"] for row in last_run(service)) == ["local", "mobile"]


def test_where_the_second_look_cannot_be_made_nothing_is_sent(service: Busy) -> None:
    fault = status(403, body=problem(403, 20003, "no").body)
    words = ("set", *NUMBERS, "--voice-url", OURS, "--json")
    ended = numctl(service, *words, answer="y", meanwhile=lambda: service.fail(fault, on="GET"))
    assert (ended.code, ended.out, service.sent()) == (3, "", [])
    assert numctl(service, "history", "--json").json == []


@pytest.mark.parametrize("count", [1, 2, 12])
@pytest.mark.parametrize(("words", "answer"), [(("set", "--clear", "voice_url"), "y"), (("release",), "")])
def test_the_second_look_costs_as_much_as_the_first_and_needs_a_question(
    service: Busy, count: int, words: tuple[str, ...], answer: str
) -> None:
    numbers = [service.state.add(ACCOUNT, f"+141555510{place:02}", voice_url=OURS) for place in range(count)]
    given = [record["phone_number"] for record in numbers]
    verb, *options = words
    assert numctl(service, verb, *given, *options, "--dry-run", "--json").code == 0
    once = service.reads()
    typed = answer or (given[0] if count == 1 else str(count))
    asked = numctl(service, verb, *given, *options, answer=typed, env={"NUMCTL_HISTORY": "off"})
    assert (asked.code, service.reads()) == (0, 2 * once)
    left = [service.state.add(ACCOUNT, number, voice_url=OURS)["phone_number"] for number in given]
    if verb == "release":
        assert numctl(service, verb, *left, *options, "--yes").code == 0
        assert service.reads() == once


# --- Between the look and the answer


def test_what_somebody_else_changed_is_named_and_neither_claimed_nor_undone(service: Busy) -> None:
    record = service.records[0]
    service.before = lambda: record.update(sms_url=THEIRS)
    ended = numctl(service, "set", NUMBERS[0], "--voice-url", OURS, "--json")
    (row,) = ended.json
    assert (ended.code, row["changes"]) == (0, {"voice_url": ["", OURS]})
    assert row["also_changed"] == {"sms_url": ["", THEIRS]}
    told = f"numctl: {NUMBERS[0]}: also changed meanwhile, not by this run: sms_url: (not set) → {THEIRS}\n"
    assert told in ended.err
    undone = numctl(service, "undo", "--yes", "--json")
    assert (undone.code, rows(undone, "changes", "also_changed")) == (0, [({"voice_url": [OURS, ""]}, None)])
    assert (record["voice_url"], record["sms_url"]) == ("", THEIRS)


def test_an_ignored_setting_is_not_done_because_somebody_changed_another(service: Busy) -> None:
    service.state.rewrites = lambda record: {**record, "voice_url": "", "sms_url": THEIRS}
    ended = numctl(service, "set", NUMBERS[0], "--voice-url", OURS, "--json")
    assert (ended.code, rows(ended, "outcome", "changes")) == (1, [("failed", {})])


# --- A release that finds nothing


@pytest.mark.parametrize("near", [True, False], ids=["an account of the run", "another of the family"])
def test_a_number_that_was_moved_before_its_release_is_not_called_released(service: Busy, near: bool) -> None:
    accounts = ("--account", ACCOUNT, "--account", OTHER_ACCOUNT) if near else ()
    service.before = lambda: service.move(service.records[0])
    words = ("release", *NUMBERS[:2], *accounts, "--yes", "--json", "--concurrency", "1")
    ended = numctl(service, *words)
    assert (ended.code, rows(ended, "outcome")) == (6, [("failed",), ("released",)])
    row = ended.json[0]
    assert row["error"]["message"] == (f"{NUMBERS[0]}: it was not released: someone else moved it to {OTHER_ACCOUNT}")
    assert row["error"]["hint"] == f"to release it there: numctl release {NUMBERS[0]} --account {OTHER_ACCOUNT}"
    assert (row["account_sid"], row["changes"]) == (OTHER_ACCOUNT, {})
    assert sorted((row["phone_number"], row["outcome"]) for row in last_run(service)) == [
        (NUMBERS[0], "failed"),
        (NUMBERS[1], "released"),
    ]


def test_a_number_in_no_account_is_released_and_unread_accounts_are_counted(service: Busy) -> None:
    for place in range(25):
        sid = f"AC{place:032x}"
        service.state.accounts[sid] = {"sid": sid, "friendly_name": "x", "status": "active"}
        service.state.numbers[sid] = {}
    service.before = lambda: [service.state.delete(ACCOUNT, record["sid"]) for record in service.records[:2]]
    ended = numctl(service, "release", *NUMBERS[:2], "--yes", "--json", "--concurrency", "1")
    assert (ended.code, rows(ended, "outcome", "error")) == (0, [("released", None)] * 2)
    told = (
        f"numctl: {NUMBERS[0]}, {NUMBERS[1]} were gone before the release; 6 accounts of the family were not looked in"
    )
    assert f"{told}\n" in ended.err
    lists = [request.path for request in service.received if request.path.endswith("/Accounts.json")]
    looked = {
        request.path.split("/")[3] for request in service.received if f"/{service.records[0]['sid']}" in request.path
    }
    assert (len(lists), len(looked)) == (1, 21)


def test_without_a_list_of_accounts_a_vanished_number_is_released_with_a_note(service: Busy) -> None:
    service.before = lambda: (
        service.state.delete(ACCOUNT, service.records[0]["sid"]),
        service.fail(status(401, body=problem(401, 20003, "Authenticate").body), on="GET"),
    )
    ended = numctl(service, "release", NUMBERS[0], "--yes", "--json")
    assert (ended.code, rows(ended, "outcome")) == (0, [("released",)])
    told = f"numctl: {NUMBERS[0]} was gone before the release; other accounts were not looked in: "
    assert any(line.startswith(told) and "Authenticate" in line for line in ended.err.splitlines())


def test_an_account_of_the_run_that_cannot_be_read_then_is_counted(service: Busy) -> None:
    refused = status(403, body=problem(403, 20003, "no").body)
    service.before = lambda: (
        service.state.delete(ACCOUNT, service.records[0]["sid"]),
        service.fail(refused, on="GET"),
    )
    both = ("--account", ACCOUNT, "--account", OTHER_ACCOUNT)
    ended = numctl(service, "release", NUMBERS[0], *both, "--yes", "--json")
    assert (ended.code, rows(ended, "outcome")) == (0, [("released",)])
    told = f"numctl: {NUMBERS[0]} was gone before the release; 1 account of the family was not looked in\n"
    assert told in ended.err


# --- Before undo


def test_an_undo_does_not_unassign_an_application_that_was_set_since(service: Busy) -> None:
    record = service.records[0]
    record["trunk_sid"] = TRUNK
    assert numctl(service, "set", NUMBERS[0], "--clear", "trunk_sid", "--yes").code == 0
    record["voice_application_sid"] = APPLICATION
    undone = numctl(service, "undo", "--yes", "--json")
    assert (undone.code, rows(undone, "outcome")) == (1, [("skipped",)])
    assert undone.json[0]["error"]["message"] == (
        f"{NUMBERS[0]}: voice_application_sid was set since, and putting trunk_sid back would delete it"
    )
    assert (record["trunk_sid"], record["voice_application_sid"]) == (None, APPLICATION)
    forced = numctl(service, "undo", "--yes", "--json", "--force")
    assert (forced.code, record["trunk_sid"], record["voice_application_sid"]) == (0, TRUNK, "")


# --- Two accounts


def test_a_number_that_two_accounts_show_is_refused_after_four_seconds(service: Busy) -> None:
    service.shown_too = [{**service.records[0], "sid": "PN" + "e" * 32, "account_sid": OTHER_ACCOUNT}]
    both = ("--account", ACCOUNT, "--account", OTHER_ACCOUNT)
    clock = FakeClock()
    ended = numctl(service, "set", *NUMBERS[:2], *both, "--voice-url", OURS, "--yes", clock=clock)
    shown = f"{NUMBERS[0]} is shown in {ACCOUNT} and in {OTHER_ACCOUNT}"
    assert (ended.code, ended.out, service.sent(), clock.slept) == (4, "", [], [0.5, 1.0, 2.5])
    assert ended.err == f"numctl: {shown}; nothing was sent\n  try again in a minute, or name one --account\n"
    soon = FakeClock(service.shown_too.clear)
    words = ("set", *NUMBERS[:2], *both, "--voice-url", OURS, "--yes", "-q")
    assert numctl(service, *words, clock=soon).out.split() == NUMBERS[:2]
    assert soon.slept == [0.5]


def test_a_transfer_to_where_a_number_is_already_sets_the_settings_given(service: Busy) -> None:
    service.records[1]["bundle_sid"] = BUNDLE
    words = ("transfer", *NUMBERS[:2], "--to", ACCOUNT, "--bundle-sid", BUNDLE, "--yes", "--json")
    ended = numctl(service, *words)
    assert (ended.code, rows(ended, "outcome")) == (0, [("changed",), ("unchanged",)])
    assert service.sent() == [("POST", {"BundleSid": BUNDLE})]
    assert (service.records[0]["bundle_sid"], "to: " in ended.err) == (BUNDLE, False)
