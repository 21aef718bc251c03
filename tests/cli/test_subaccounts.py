"""--account and --all-accounts: each change goes to the number's own account, and no account is missing unsaid."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.cli.served import ended, run, start
from tests.wire.faults import Fault
from tests.wire.reply import Received, Reply, problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

THIRD, CLOSED = "AC" + "3" * 32, "AC" + "4" * 32
NAMES = {ACCOUNT: "Lighthouse Bakery", OTHER_ACCOUNT: "Harbour branch", THIRD: "Station branch"}
NUMBERS = {ACCOUNT: "+14155550100", OTHER_ACCOUNT: "+14155550200", THIRD: "+14155550300"}
LOST = "+14155550400"
URL = "https://voice.example.net/in"


class Family(Service):
    """The test server with four accounts, a number in each; the fourth is closed.

    Requests about the `refused` account are refused; those about the `awaited` account wait for `go_on`.
    """

    refused = "nobody"
    awaited = "nobody"

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self.waited: list[bool] = []
        for sid, name in {**NAMES, CLOSED: "Market branch"}.items():
            status = "closed" if sid == CLOSED else "active"
            self.state.accounts[sid] = {"sid": sid, "friendly_name": name, "status": status, "auth_token": "f" * 32}
            self.state.numbers.setdefault(sid, {})
        for sid, number in {**NUMBERS, CLOSED: LOST}.items():
            self.state.add(sid, number)

    def answer(self, request: Received) -> tuple[Reply, Fault | None]:
        """Wait outside of the lock, then answer."""
        if self.awaited in request.path:
            self.waited.append(self.go_on.wait(20))
        return super().answer(request)

    def route(self, request: Received) -> Reply:
        """Refuse what is to be refused."""
        if self.refused in request.path:
            return problem(403, 20003, "Permission denied")
        return super().route(request)

    @property
    def changes(self) -> list[tuple[str, str, dict[str, str]]]:
        """What was asked to change: the method, the account, and the form."""
        sent = [request for request in self.received if request.method != "GET"]
        return [(request.method, request.path.split("/")[3], request.form) for request in sent]


@pytest.fixture
def family() -> Iterator[Family]:
    with closing(Family()) as service:
        yield service


def read(family: Family) -> list[str]:
    """The accounts whose numbers were asked for, in their order."""
    asked = [request.path for request in family.received if "/IncomingPhoneNumbers" in request.path]
    return list(dict.fromkeys(path.split("/")[3] for path in asked))


@pytest.mark.parametrize(
    ("words", "accounts"),
    [
        ((), [ACCOUNT]),
        (("--account", THIRD), [THIRD]),
        (("--account", "Harbour branch"), [OTHER_ACCOUNT]),
        (("--account", "Station branch", "--account", ACCOUNT, "--account", THIRD), [THIRD, ACCOUNT]),
        (("--all-accounts",), [ACCOUNT, OTHER_ACCOUNT, THIRD]),
    ],
)
def test_exactly_the_accounts_asked_for_are_listed(family: Family, words: tuple[str, ...], accounts: list[str]) -> None:
    listed = run(family, "list", *words, "--json")
    assert (listed.code, listed.err) == (0, "")
    assert [(row["account_sid"], row["phone_number"]) for row in listed.json] == [
        (account, NUMBERS[account]) for account in accounts
    ]
    assert read(family) == accounts


@pytest.mark.parametrize("name", ["harbour branch", "Market branch"])
def test_a_name_of_no_active_account_is_not_the_account_of_the_credentials(family: Family, name: str) -> None:
    bought = run(family, "buy", "+14155550999", "--account", name, "--yes", "--json")
    assert (bought.code, bought.out, family.changes) == (4, "", [])
    assert f"no active account is named '{name}'" in json.loads(bought.err)["error"]["message"]


def test_an_account_before_the_verb_and_one_after_it_are_both_looked_in(family: Family) -> None:
    listed = run(family, "--account", ACCOUNT, "list", "--account", THIRD, "--account", ACCOUNT, "-q")
    assert (listed.code, listed.out.split()) == (0, [NUMBERS[ACCOUNT], NUMBERS[THIRD]])


def test_a_change_of_several_accounts_is_one_plan_one_run_and_one_undo(family: Family) -> None:
    before = copy.deepcopy(family.state.numbers)
    numbers = [NUMBERS[THIRD], NUMBERS[ACCOUNT], NUMBERS[OTHER_ACCOUNT]]
    changed = run(family, "set", *numbers, "--all-accounts", "--voice-url", URL, "--yes", "--json")
    assert changed.code == 0
    assert [(row["phone_number"], row["outcome"], row["changes"]) for row in changed.json] == [
        (number, "changed", {"voice_url": ["", URL]}) for number in numbers
    ]
    sent = [("POST", account, {"VoiceUrl": URL}) for account in NUMBERS]
    assert sorted(family.changes, key=str) == sorted(sent, key=str)
    lines = changed.err.splitlines()
    assert [line for line in lines if "Bakery" in line or "branch" in line] == [
        f"{NAMES[account]} ({account}), environment" for account in (THIRD, ACCOUNT, OTHER_ACCOUNT)
    ]
    (made,) = run(family, "history", "--json").json
    assert (made["verb"], made["numbers"], made["outcome"]) == ("set", 3, "changed")
    told = run(family, "history", made["id"], "--json").json
    assert {row["phone_number"]: row["account_sid"] for row in told} == {
        number: account for account, number in NUMBERS.items()
    }
    undone = run(family, "undo", "--yes", "--json")
    assert (undone.code, len(family.changes)) == (0, 6)
    assert family.state.numbers == before


def test_a_number_of_a_subaccount_is_not_there_and_the_option_that_finds_it_is_named(family: Family) -> None:
    words = ("release", NUMBERS[ACCOUNT], NUMBERS[THIRD], LOST, "--yes")
    here = run(family, *words)
    assert (here.code, here.out, family.changes) == (4, "", [])
    assert here.err == (
        f"numctl: {NUMBERS[THIRD]}, {LOST} are not in {ACCOUNT}\n  not found here; try --all-accounts\n"
    )
    everywhere = run(family, *words, "--all-accounts")
    assert (everywhere.code, everywhere.out, family.changes) == (4, "", [])
    assert everywhere.err == f"numctl: {LOST} is not in 3 accounts\n  every account was looked in\n"
    released = run(family, "release", NUMBERS[ACCOUNT], NUMBERS[THIRD], "--all-accounts", "--yes", "-q")
    assert (released.code, released.out) == (0, f"{NUMBERS[ACCOUNT]}\n{NUMBERS[THIRD]}\n")
    assert sorted(family.changes) == [("DELETE", ACCOUNT, {}), ("DELETE", THIRD, {})]


@pytest.mark.parametrize("refused", [OTHER_ACCOUNT, THIRD])
@pytest.mark.parametrize("verb", ["list", "audit"])
def test_an_account_that_cannot_be_read_is_said_and_the_others_are_shown(
    family: Family, verb: str, refused: str
) -> None:
    family.refused = refused
    shown = run(family, verb, "--all-accounts", "--json")
    assert shown.code == 6
    assert list(dict.fromkeys(row["account_sid"] for row in shown.json)) == [sid for sid in NUMBERS if sid != refused]
    said = f"numctl: {refused} could not be read (in full): {refused} is not in this family of accounts"
    first, last = shown.err.splitlines()
    assert first.startswith(said)
    assert last.startswith("numctl: the output is incomplete: ")


@pytest.mark.parametrize("form", ["--json", "--csv", "--output=jsonl", "--output=table", "-q"])
@pytest.mark.parametrize("verb", ["list", "audit"])
def test_where_no_account_can_be_read_it_is_the_error_of_the_first(family: Family, verb: str, form: str) -> None:
    family.refused = "/IncomingPhoneNumbers"
    shown = run(family, verb, "--all-accounts", form)
    assert (shown.code, shown.out, read(family)) == (3, "", list(NUMBERS))
    *said, last = shown.err.splitlines()[: len(NUMBERS) + 1]
    assert [line.split(" could not be read")[0] for line in said] == [f"numctl: {sid}" for sid in NUMBERS]
    assert "the service answered: Permission denied (code 20003, HTTP 403)" in last
    assert last.startswith('{"error"') == (form in ("--json", "--output=jsonl"))


def test_the_plan_names_only_the_accounts_in_which_something_changes(family: Family) -> None:
    (settled,) = family.state.numbers[ACCOUNT].values()
    settled["voice_url"] = URL
    words = ("set", *NUMBERS.values(), "--all-accounts", "--voice-url", URL, "--dry-run")
    planned = run(family, *words)
    assert (planned.code, planned.err, family.changes) == (0, "", [])
    assert planned.out == (
        f"Harbour branch ({OTHER_ACCOUNT}), environment\n"
        f"  ~ {NUMBERS[OTHER_ACCOUNT]}\n"
        f"      voice_url  (not set) → {URL}\n"
        f"Station branch ({THIRD}), environment\n"
        f"  ~ {NUMBERS[THIRD]}\n"
        f"      voice_url  (not set) → {URL}\n"
        "2 to change, 1 already up to date.\n"
        "Dry run: nothing was changed.\n"
    )


@pytest.mark.parametrize("further", [0, 9], ids=["looked for one by one", "looked for in pages"])
@pytest.mark.parametrize(
    "words",
    [
        ("set", "--voice-url", URL, "--yes"),
        ("release", "--yes"),
        ("transfer", "--to", OTHER_ACCOUNT, "--yes"),
    ],
    ids=lambda words: words[0],
)
def test_a_change_sends_nothing_while_an_account_cannot_be_read(
    family: Family, words: tuple[str, ...], further: int
) -> None:
    numbers = [f"+1415555011{index}" for index in range(further)]
    for number in numbers:
        family.state.add(ACCOUNT, number)
    family.refused = THIRD
    verb, *options = words
    ended = run(family, verb, NUMBERS[ACCOUNT], *numbers, *options, "--all-accounts", "--json")
    assert (ended.code, ended.out, family.changes) == (3, "", [])
    error = json.loads(ended.err.splitlines()[-1])["error"]
    assert (error["exit_code"], error["status"], error["code"]) == (3, 403, 20003)


def test_the_first_records_are_written_before_the_last_account_is_asked(family: Family) -> None:
    family.awaited = f"/{THIRD}/IncomingPhoneNumbers"
    process = start(family, "list", "--all-accounts", "--json")
    assert process.stdout is not None
    first = [process.stdout.readline(), process.stdout.readline()]
    assert family.waited == []
    family.go_on.set()
    records = json.loads(b"".join([*first, process.stdout.read()]))
    assert (ended(process).code, [row["account_sid"] for row in records]) == (0, list(NUMBERS))
    assert family.waited == [True]
