"""A SID's hexadecimal digits in another case: the same number, for each verb that takes a reference.

The service knows each SID in its own case alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.cli.program import BRANCH, FRONT_DESK, MAIN, Ended, numctl, sandbox
from tests.cli.served import pointed_at
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

NUMBERS = [f"+1415555234{digit}" for digit in range(10)]
URL = "https://voice.example.com/answer"


@pytest.fixture
def service() -> Iterator[Service]:
    with closing(Service()) as service:
        for index, number in enumerate(NUMBERS):
            sid = f"PN{'abcdef' * 5}{index:02x}"
            service.state.numbers[ACCOUNT][sid] = {**service.state.add(OTHER_ACCOUNT, number), "sid": sid}
            service.state.numbers[ACCOUNT][sid]["account_sid"] = ACCOUNT
        service.state.numbers[OTHER_ACCOUNT].clear()
        yield service


def shouted(count: int) -> list[str]:
    return [f"PN{'ABCDEF' * 5}{index:02X}" for index in range(count)]


def run(service: Service, *words: str, stdin: str = "") -> Ended:
    return numctl(*words, stdin=stdin, env=pointed_at(service))


def outcomes(ended: Ended) -> list[tuple[str, str]]:
    return [(row["phone_number"], row["outcome"]) for row in ended.json]


@pytest.mark.parametrize("count", [1, 2, 10])
@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (("set", "--voice-url", URL), "changed"),
        (("release",), "released"),
        (("release", "--ignore-missing"), "released"),
        (("transfer", "--to", OTHER_ACCOUNT), "transferred"),
    ],
    ids=["set", "release", "release --ignore-missing", "transfer"],
)
def test_the_number_is_found(service: Service, words: tuple[str, ...], outcome: str, count: int) -> None:
    ended = run(service, words[0], *shouted(count), *words[1:], "--yes", "--json")
    assert (ended.code, outcomes(ended)) == (0, [(number, outcome) for number in NUMBERS[:count]])


def test_it_is_shown(service: Service) -> None:
    shown = run(service, "show", *shouted(1), "--json")
    assert (shown.code, shown.json["phone_number"]) == (0, NUMBERS[0])


def test_a_number_that_is_there_already_is_not_dropped_from_a_transfer(service: Service) -> None:
    sids = shouted(2)
    run(service, "transfer", sids[1], "--to", OTHER_ACCOUNT, "--yes")
    again = run(service, "transfer", *sids, "--to", OTHER_ACCOUNT, "--yes", "--json")
    assert outcomes(again) == [(NUMBERS[0], "transferred"), (NUMBERS[1], "unchanged")]


@pytest.mark.parametrize("verb", ["set", "release", "transfer"])
def test_the_same_number_in_three_ways_counts_once(service: Service, verb: str) -> None:
    sid = shouted(1)[0]
    ways = [sid, NUMBERS[0], f"PN{sid[2:].lower()}"]
    more = {"set": ["--voice-url", URL], "release": [], "transfer": ["--to", OTHER_ACCOUNT]}[verb]
    ended = run(service, verb, *ways, *more, "--yes", "--json")
    assert (ended.code, len(ended.json)) == (0, 1)
    assert service.count("POST") + service.count("DELETE") == 1


def test_a_missing_one_is_told_once_as_it_was_first_written(service: Service) -> None:
    refused = run(service, "release", "PN" + "F" * 32, "PN" + "f" * 32, "--yes")
    assert (refused.code, service.count("DELETE")) == (4, 0)
    assert refused.err.startswith(f"numctl: PN{'F' * 32} is not in ")


@pytest.mark.parametrize("count", [1, 10])
@pytest.mark.parametrize("column", ["sid", "sid,phone_number"])
def test_a_sheet_finds_its_numbers(service: Service, column: str, count: int) -> None:
    keys = [f"{sid},{number}" if "," in column else sid for sid, number in zip(shouted(count), NUMBERS, strict=False)]
    sheet = "\n".join([f"{column},voice_url", *(f"{key},{URL}" for key in keys)])
    applied = run(service, "apply", "-", "--yes", "--json", stdin=sheet)
    assert (applied.code, outcomes(applied)) == (0, [(number, "changed") for number in NUMBERS[:count]])


def test_two_rows_for_one_number_are_refused_whatever_the_case(service: Service) -> None:
    sid = shouted(1)[0]
    refused = run(service, "apply", "-", "--yes", stdin=f"sid,voice_url\n{sid},{URL}\nPN{sid[2:].lower()},{URL}\n")
    assert (refused.code, service.count("POST")) == (2, 0)
    assert "line 3: a second row for" in refused.err


def test_a_transfer_to_an_account_in_capitals_arrives() -> None:
    moved = sandbox("transfer", FRONT_DESK, "--to", f"AC{BRANCH[2:].upper()}", "--yes", "--json")
    assert (moved.code, outcomes(moved)) == (0, [(FRONT_DESK, "transferred")])
    again = sandbox("transfer", FRONT_DESK, "--to", f"AC{BRANCH[2:].upper()}", "--yes", "--json")
    assert (again.code, outcomes(again)) == (0, [(FRONT_DESK, "unchanged")])


def test_one_account_in_two_cases_is_looked_in_once() -> None:
    once = sandbox("list", "--account", BRANCH, "-q")
    twice = sandbox("list", "--account", BRANCH, "--account", f"AC{BRANCH[2:].upper()}", "-q")
    assert (twice.code, twice.out) == (0, once.out)
    assert once.out


def test_a_setting_that_names_the_same_in_another_case_is_unchanged(service: Service) -> None:
    trunk = "TK" + "abcdef01" * 4
    run(service, "set", NUMBERS[0], "--trunk-sid", trunk)
    again = run(service, "set", NUMBERS[0], "--trunk-sid", f"TK{trunk[2:].upper()}", "--json")
    assert (again.code, outcomes(again)) == (0, [(NUMBERS[0], "unchanged")])


def test_the_history_finds_a_number_and_an_account(service: Service) -> None:
    run(service, "set", NUMBERS[0], "--voice-url", URL)
    ids = run(service, "history", "-q").out
    assert ids
    assert run(service, "history", "--number", *shouted(1), "-q").out == ids


def test_the_history_finds_an_account() -> None:
    sandbox("set", FRONT_DESK, "--voice-url", URL)
    found = sandbox("history", "--account", f"AC{MAIN[2:].upper()}", "-q")
    assert (found.code, len(found.out.split())) == (0, 1)


def test_a_missing_row_is_told_by_its_place(service: Service) -> None:
    sheet = f"sid,phone_number,voice_url\n{shouted(1)[0]},{NUMBERS[0]},{URL}\nPN{'F' * 32},,{URL}\n"
    refused = run(service, "apply", "-", "--yes", stdin=sheet)
    assert (refused.code, service.count("POST")) == (4, 0)
    assert refused.err.startswith(f"numctl: line 3: PN{'F' * 32} is not in ")


def test_a_number_that_this_machine_released_is_unchanged_to_a_second_release(service: Service) -> None:
    run(service, "release", shouted(1)[0], "--yes")
    again = run(service, "release", shouted(1)[0], "--yes", "--json")
    assert (again.code, [row["outcome"] for row in again.json]) == (0, ["unchanged"])


@pytest.mark.parametrize("count", [1, 10])
def test_a_json_sheet_finds_its_numbers(service: Service, count: int) -> None:
    rows = [{"sid": sid, "account_sid": f"AC{ACCOUNT[2:].upper()}", "voice_url": URL} for sid in shouted(count)]
    applied = run(service, "apply", "-", "--yes", "--json", stdin=json.dumps(rows))
    assert (applied.code, outcomes(applied)) == (0, [(number, "changed") for number in NUMBERS[:count]])
