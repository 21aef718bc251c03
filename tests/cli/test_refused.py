"""What an unset variable leaves empty, and an option that would be ignored: a usage error, and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.program import numctl
from tests.cli.served import holding, pointed_at
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

NUMBER, URL = "+14155552344", "https://voice.example.com/answer"
NO_ACCOUNT, NO_PROFILE, NO_TARGET = "--account is empty", "--profile is empty", "--to is empty: name the account"
OF_A_PROFILE = "--account picks a subaccount in other commands; a profile is of the account of --account-sid"
PICKS_RUNS = "--number and --since pick runs: leave them out beside an ID"


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(NUMBER) as service:
        yield service


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("list", "--account", ""), NO_ACCOUNT),
        (("--account", "", "list"), NO_ACCOUNT),
        (("list", "--account", ACCOUNT, "--account", ""), NO_ACCOUNT),
        (("--account", "", "list", "--account", ACCOUNT), NO_ACCOUNT),
        (("release", NUMBER, "--account", "", "--yes"), NO_ACCOUNT),
        (("list", "--profile", ""), NO_PROFILE),
        (("--profile", "", "list"), NO_PROFILE),
        (("set", NUMBER, "--voice-url", URL, "--profile", ""), NO_PROFILE),
        (("logout", "--profile", ""), NO_PROFILE),
        (
            ("logout", "--profile", ".."),
            "'..' is not a profile name: use letters, digits, and . _ - inside",
        ),
        (("transfer", NUMBER, "--to", "", "--yes"), NO_TARGET),
        (("list", "--country", "ZZ"), "--country ZZ: no country has this code (ISO 3166-1, such as US or GB)"),
        (("login", "--account", ACCOUNT), OF_A_PROFILE),
        (("logout", "--account", ACCOUNT), OF_A_PROFILE),
        (("history", "7k2", "--number", NUMBER), PICKS_RUNS),
        (("history", "7k2", "--since", "7d"), PICKS_RUNS),
        (
            ("history", "prune", "--older-than", "30", "--account", ACCOUNT),
            "prune deletes runs of all accounts: leave out --account",
        ),
    ],
)
def test_it_is_named_in_one_line(service: Service, words: tuple[str, ...], message: str) -> None:
    ended = numctl(*words, env=pointed_at(service))
    assert (ended.code, ended.out, ended.err) == (2, "", f"numctl: {message}\n")
    assert service.received == []


def test_what_is_not_empty_goes_through(service: Service) -> None:
    moved = numctl("transfer", NUMBER, "--to", OTHER_ACCOUNT, "--account", ACCOUNT, "--yes", env=pointed_at(service))
    assert (moved.code, service.count("POST")) == (0, 1)
    (run,) = numctl("history", "--json", "--number", NUMBER, "--limit", "1").json
    assert numctl("history", run["id"], "--limit", "1", "-q").out == f"{NUMBER}\n"


def test_an_invalid_numctl_history_value_is_refused_before_any_look_up(service: Service) -> None:
    ended = numctl("set", NUMBER, "--voice-url", URL, "--yes", env={**pointed_at(service), "NUMCTL_HISTORY": "maybe"})
    assert (ended.code, ended.out, ended.err) == (3, "", "numctl: NUMCTL_HISTORY is 'maybe': use on or off\n")
    assert service.received == []


def test_the_history_of_one_account_is_that_of_its_sid(service: Service) -> None:
    numctl("set", NUMBER, "--voice-url", URL, "--yes", env=pointed_at(service))
    assert len(numctl("history", "--account", ACCOUNT, "--json").json) == 1
    assert numctl("history", "--account", OTHER_ACCOUNT, "--json").json == []
    named = numctl("history", "--account", "Lighthouse Bakery")
    assert (named.code, named.out) == (2, "")
    assert named.err.startswith("numctl: --account must be a SID here, since history sends no request: ")
