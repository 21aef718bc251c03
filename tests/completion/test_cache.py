"""What is cached for completion: whole, bounded, private, harmless, and never an error."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from numctl.changes import operation
from numctl.changes.change import Change, Result
from numctl.completion import accounts, cache, runs
from numctl.completion.store import LARGEST, Kind, path_of
from numctl.credentials.resolve import Credentials
from numctl.model.outcome import Outcome
from tests.cli.program import BRANCH, FRONT_DESK, MAIN, sandbox

ACCOUNT, OTHER = "AC" + "1" * 32, "AC" + "2" * 32
SANDBOX = Credentials(ACCOUNT, ACCOUNT, "secret", "sandbox")


def record(number: str, name: str) -> dict[str, str]:
    return {"phone_number": number, "friendly_name": name, "sid": "PN" + "3" * 32}


def result(outcome: str, number: str, name: str, account_sid: str = ACCOUNT) -> Result:
    return Result(Change(operation.SET, account_sid, number), Outcome(outcome), record(number, name))


def text(key: str) -> str:
    return path_of("numbers", key).read_text(encoding="utf-8")


def test_the_key_is_what_a_script_can_tell_from_options_and_environment() -> None:
    keyring = Credentials(ACCOUNT, ACCOUNT, "secret", "keyring", profile="prod")
    environment = Credentials(ACCOUNT, ACCOUNT, "secret", "environment")
    assert [cache.key_of(row, ACCOUNT) for row in (SANDBOX, keyring, environment)] == [
        "sandbox",
        "profile-prod",
        f"account-{ACCOUNT}",
    ]
    assert cache.key_of(keyring, OTHER) == f"account-{OTHER}"


def test_profiles_that_differ_only_in_case_share_no_file_on_any_file_system() -> None:
    names = ["prod", "Prod", "PROD", "pRod"]
    keys = [cache.profile_key(name) for name in names]
    assert keys == ["profile-prod", "profile-=Prod", "profile-=P=R=O=D", "profile-p=Rod"]
    assert len({key.casefold() for key in keys}) == len(names)


def test_a_whole_list_is_noted_as_it_passes() -> None:
    pages = [[record("+14155550100", "Front desk")], [record("+12125550101", "Größe")]]
    assert list(cache.noted("sandbox", pages)) == pages
    assert text("sandbox") == "+14155550100\tFront desk\n+12125550101\tGröße\n"


def test_a_list_that_is_left_early_is_not_noted() -> None:
    next(cache.noted("sandbox", [[record("+14155550100", "Front desk")], []]))
    assert not path_of("numbers", "sandbox").exists()


def test_a_name_becomes_one_line_without_control_or_bidirectional_characters() -> None:
    list(cache.noted("sandbox", [[record("+14155550100", "a\tb\nc\x1b[31m\u202ed\x9b`e` $(f)")]]))
    assert text("sandbox") == "+14155550100\tabc[31md`e` $(f)\n"


def test_a_password_in_a_name_is_not_noted() -> None:
    list(cache.noted("sandbox", [[record("+14155550100", "see https://ada:hush@example.com/")]]))
    assert text("sandbox") == "+14155550100\tsee https://ada:•••@example.com/\n"


def test_a_cache_is_bounded() -> None:
    page = [record(f"+1415{number:07}", "x") for number in range(LARGEST + 10)]
    list(cache.noted("sandbox", [page]))
    assert text("sandbox").count("\n") == LARGEST


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_cache_is_readable_by_its_owner_alone() -> None:
    cache.refresh("sandbox", {"+14155550100": "Front desk"})
    path = path_of("numbers", "sandbox")
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent, path.parent.parent)] == [
        0o600,
        0o700,
        0o700,
    ]


def test_what_stands_there_already_is_not_written_again() -> None:
    cache.refresh("sandbox", {"+14155550100": "Front desk"})
    before = path_of("numbers", "sandbox").stat().st_ino
    cache.refresh("sandbox", {"+14155550100": "Front desk"})
    assert path_of("numbers", "sandbox").stat().st_ino == before


def test_a_run_brings_each_account_up_to_date() -> None:
    cache.refresh("sandbox", {"+14155550100": "Old", "+12125550101": "Gone", "+13125550102": "Kept"})
    cache.amend(
        SANDBOX,
        [
            result("changed", "+14155550100", "New"),
            result("released", "+12125550101", "Gone"),
            result("failed", "+13125550102", "Not this"),
            result("bought", "+15125550105", "Bought"),
            result("changed", "+16175550106", "Elsewhere", OTHER),
        ],
    )
    assert text("sandbox") == "+14155550100\tNew\n+13125550102\tKept\n+15125550105\tBought\n"
    assert text(f"account-{OTHER}") == "+16175550106\tElsewhere\n"


def test_a_cache_that_cannot_be_written_or_read_is_passed_over() -> None:
    path = path_of("numbers", "sandbox")
    path.mkdir(parents=True)
    cache.refresh("sandbox", {"+14155550100": "Front desk"})
    assert cache.load("sandbox") == {}
    cache.forget("sandbox")
    assert path.is_dir()


def test_a_cache_is_not_written_through_a_link(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    path = path_of("numbers", "sandbox")
    path.parent.mkdir(parents=True)
    path.symlink_to(target)
    cache.refresh("sandbox", {"+14155550100": "Front desk"})
    assert target.read_text() == "mine"


def lines(kind: Kind, key: str) -> str:
    return path_of(kind, key).read_text(encoding="utf-8")


def test_the_accounts_of_a_family_are_noted_once_all_were_read() -> None:
    family = [
        {"sid": ACCOUNT, "friendly_name": "Main", "status": "active", "auth_token": "never"},
        {"sid": OTHER, "friendly_name": "Shop\t2", "status": "suspended"},
        {"sid": "AC" + "4" * 32, "friendly_name": "Gone", "status": "closed"},
    ]
    assert list(accounts.noted(SANDBOX, family)) == family
    assert lines("accounts", "sandbox") == f"{ACCOUNT}\tMain\n{OTHER}\tShop2\n"
    accounts.forget("sandbox")
    assert not path_of("accounts", "sandbox").exists()


def test_accounts_that_were_not_all_read_are_not_noted() -> None:
    next(accounts.noted(SANDBOX, [{"sid": ACCOUNT}, {"sid": OTHER}]))
    assert not path_of("accounts", "sandbox").exists()


def test_the_newest_runs_come_first_and_old_ones_are_left_out() -> None:
    listed = [{"id": f"{place:011}", "verb": "set", "numbers": 1} for place in range(runs.LARGEST + 5)]
    assert list(runs.noted(False, listed)) == listed
    runs.note(False, "577egfqfy5e", "buy", 3)
    runs.note(False, None, "buy", 3)
    found = lines("runs", "machine").splitlines()
    assert (len(found), found[:2]) == (runs.LARGEST, ["577egfqfy5e\tbuy, 3 numbers", "00000000000\tset, 1 number"])
    runs.forget(False)
    assert not path_of("runs", "machine").exists()


def test_what_a_command_reads_and_records_anyway_can_be_completed_next() -> None:
    sandbox("accounts")
    sandbox("set", FRONT_DESK, "--voice-url", "https://example.com/", "-q")
    (run,) = sandbox("history", "--json").json
    assert lines("accounts", "sandbox") == f"{MAIN}\tSandbox\n{BRANCH}\tSandbox branch\n"
    assert lines("runs", "sandbox") == f"{run['id']}\tset, 1 number\n"
    sandbox("undo", run["id"], "--yes", "-q")
    assert [line.split("\t")[1] for line in lines("runs", "sandbox").splitlines()] == [
        "undo, 1 number",
        "set, 1 number",
    ]
    sandbox("history", "prune", "--older-than", "0")
    assert not path_of("runs", "sandbox").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["list", "--all-accounts", "-q"],
        ["list", "--account", "Sandbox branch", "-q"],
        ["transfer", FRONT_DESK, "--to", "Sandbox branch", "--dry-run"],
    ],
)
def test_accounts_are_noted_wherever_they_are_read(words: list[str]) -> None:
    assert sandbox(*words).code == 0
    assert lines("accounts", "sandbox") == f"{MAIN}\tSandbox\n{BRANCH}\tSandbox branch\n"


@pytest.mark.parametrize("words", [["load", "-"], ["reset"]])
def test_another_sandbox_has_other_accounts_and_numbers(words: list[str]) -> None:
    sandbox("accounts")
    sandbox("list", "-q")
    assert sandbox("sandbox", *words, stdin="[]").code == 0
    assert not path_of("accounts", "sandbox").exists()
    assert not path_of("numbers", "sandbox").exists()
