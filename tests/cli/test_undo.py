"""undo: what it did not get to is undone next, what it cannot put back it does not claim, and what is back is back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.program import Ended
from tests.cli.served import holding, pointed_at, run
from tests.wire.faults import status
from tests.wire.reply import problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, Service

NUMBERS = ["+14155550100", "+14155550101", "+14155550102"]
FIRST, SECOND = "https://voice.example.net/first", "https://voice.example.net/second"
REFUSAL = status(400, body=problem(400, 21402, "no").body)


@pytest.fixture
def service() -> Iterator[Service]:
    with holding(*NUMBERS) as service:
        yield service


def urls(service: Service) -> list[str]:
    records = [service.state.find(number) for number in NUMBERS]
    return [record["voice_url"] if record else "gone" for record in records]


def outcomes(ended: Ended) -> list[str]:
    return [row["outcome"] for row in ended.json]


def runs(service: Service) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(service, "history", "--json").json
    return found


def setting(service: Service, url: str, *numbers: str) -> str:
    """Set the URL of these numbers, and return the run's ID."""
    assert run(service, "set", *(numbers or NUMBERS), "--voice-url", url, "--yes").code == 0
    return str(runs(service)[0]["id"])


# --- A run is undone when all of it is put back


def test_an_undo_that_was_refused_for_one_number_is_gone_on_with_before_an_older_run(service: Service) -> None:
    older, newer = setting(service, FIRST), setting(service, SECOND)
    service.fail(REFUSAL, on="POST")
    begun = run(service, "undo", "--yes", "--json", "--concurrency", "1")
    assert (begun.code, outcomes(begun)) == (6, ["failed", "changed", "changed"])
    told, named = begun.err.splitlines()[-2:]
    assert (told, named.startswith("run ")) == (f"for the rest: numctl undo {newer}", True)
    assert {one["id"]: one["undone_by"] for one in runs(service)[1:]} == {newer: None, older: None}
    ended = run(service, "undo", "--yes", "--json")
    assert (ended.code, outcomes(ended)) == (0, ["changed", "unchanged", "unchanged"])
    assert "for the rest" not in ended.err
    assert urls(service) == [FIRST] * 3
    undo, _, undone, _ = runs(service)
    assert (undone["id"], undone["undone_by"], undo["numbers"]) == (newer, undo["id"], 3)
    assert run(service, "undo", "--yes").code == 0
    assert (urls(service), runs(service)[0]["undoes"]) == ([""] * 3, older)


def test_what_was_changed_since_is_left_and_the_command_for_it_is_named(service: Service) -> None:
    run_id = setting(service, FIRST)
    setting(service, SECOND, NUMBERS[1])
    undone = run(service, "undo", run_id, "--yes", "--json")
    assert (undone.code, outcomes(undone)) == (6, ["changed", "skipped", "changed"])
    assert f"\nfor the rest: numctl undo {run_id}\nrun " in undone.err
    rows = run(service, "history", runs(service)[0]["id"], "--json").json
    by_number = {row["phone_number"]: (row["outcome"], row["error"] and row["error"]["message"]) for row in rows}
    assert by_number == {
        NUMBERS[0]: ("changed", None),
        NUMBERS[1]: ("skipped", f"{NUMBERS[1]}: voice_url was changed since"),
        NUMBERS[2]: ("changed", None),
    }
    assert run(service, "history", run_id, "--json").code == 0
    assert next(one for one in runs(service) if one["id"] == run_id)["undone_by"] is None
    forced = run(service, "undo", run_id, "--yes", "--json", "--force")
    assert (forced.code, outcomes(forced), urls(service)) == (0, ["unchanged", "changed", "unchanged"], [""] * 3)


def test_the_command_for_the_rest_of_a_forced_undo_is_forced_too(service: Service) -> None:
    run_id = setting(service, FIRST)
    service.fail(REFUSAL, on="POST", times=3)
    undone = run(service, "undo", "--yes", "--force")
    assert (undone.code, undone.err.splitlines()[-1]) == (1, f"for the rest: numctl undo {run_id} --force")


def test_what_is_back_already_needs_no_question_and_is_undone(service: Service) -> None:
    older, newer = setting(service, FIRST, *NUMBERS[:1]), setting(service, SECOND, *NUMBERS[1:])
    for number in NUMBERS[1:]:
        run(service, "set", number, "--clear", "voice_url", "--yes")
    sent = service.count("POST")
    rehearsed = run(service, "undo", newer, "--dry-run", "--json")
    assert (rehearsed.code, outcomes(rehearsed), len(runs(service))) == (0, ["unchanged"] * 2, 4)
    undone = run(service, "undo", newer, "--json")
    assert (undone.code, outcomes(undone), undone.err) == (0, ["unchanged"] * 2, "2 unchanged.\n")
    undo, *others = runs(service)
    assert (undo["outcome"], undo["undoes"], undo["numbers"]) == ("unchanged", newer, 2)
    assert {one["id"]: one["undone_by"] for one in others}[newer] == undo["id"]
    assert (service.count("POST"), urls(service)) == (sent, [FIRST, "", ""])
    assert older in {one["id"] for one in others}


def test_where_every_row_is_left_the_command_is_named_without_a_question(service: Service) -> None:
    run_id = setting(service, FIRST, NUMBERS[0])
    setting(service, SECOND, NUMBERS[0])
    undone = run(service, "undo", run_id, "--json")
    assert (undone.code, outcomes(undone)) == (1, ["skipped"])
    assert undone.err.splitlines() == [
        f"numctl: {NUMBERS[0]}: voice_url was changed since",
        "  check the number; --force puts it back anyway",
        f"for the rest: numctl undo {run_id}",
    ]
    assert (runs(service)[0]["outcome"], runs(service)[0]["undoes"]) == ("skipped", run_id)


def test_without_a_history_of_it_an_undo_is_none_the_less_carried_out(service: Service) -> None:
    run_id = setting(service, FIRST)
    environment = {**pointed_at(service), "NUMCTL_HISTORY": "off"}
    for code in ("changed", "unchanged"):
        undone = run(service, "undo", run_id, "--yes", "--json", env=environment)
        assert (undone.code, outcomes(undone)) == (0, [code] * 3)
    assert [one["id"] for one in runs(service)] == [run_id]


def test_the_question_counts_what_will_be_sent(service: Service) -> None:
    pexpect: Any = pytest.importorskip("pexpect", reason="the package pexpect is not installed")
    run_id = setting(service, FIRST)
    setting(service, SECOND, NUMBERS[0])
    run(service, "set", NUMBERS[1], "--clear", "voice_url", "--yes")
    words = ["-m", "numctl", "undo", run_id]
    child = pexpect.spawn(sys.executable, words, env=pointed_at(service), encoding="utf-8", timeout=30)
    child.expect_exact(f"Undo run {run_id} (set, 1 number)? [y/N]")
    child.sendline("n")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, urls(service)[2]) == (5, FIRST)


# --- What cannot be put back


def test_what_was_not_set_and_cannot_be_cleared_is_not_claimed(service: Service) -> None:
    record = service.state.find(NUMBERS[0])
    assert record is not None
    record["voice_method"] = None
    assert run(service, "set", NUMBERS[0], "--voice-url", FIRST, "--voice-method", "GET").code == 0
    undone = run(service, "undo", "--yes", "--json")
    assert (undone.code, outcomes(undone), record["voice_url"]) == (1, ["skipped"], FIRST)
    message = f"{NUMBERS[0]}: voice_method was not set before, and cannot be cleared"
    assert undone.json[0]["error"]["message"] == message
    assert undone.json[0]["error"]["hint"] == "--force puts back the rest"
    forced = run(service, "undo", "--yes", "--json", "--force")
    assert (forced.code, outcomes(forced)) == (0, ["changed"])
    assert (record["voice_url"], record["voice_method"]) == ("", "GET")
    assert "      ! voice_method was not set before, and stays as it is\n" in forced.err


def test_a_refused_release_is_never_undone_by_a_purchase(service: Service) -> None:
    service.fail(REFUSAL, on="DELETE")
    assert run(service, "release", *NUMBERS, "--yes", "--concurrency", "1").code == 6
    (released,) = runs(service)
    service.state.stock["US", "local"] = NUMBERS
    undone = run(service, "undo", released["id"], "--yes", "--json")
    assert (undone.code, outcomes(undone)) == (0, ["bought", "bought"])
    assert sorted(service.state.purchases) == NUMBERS[1:]
    assert runs(service)[1]["undone_by"] == runs(service)[0]["id"]
    assert run(service, "undo", released["id"], "--yes").code == 0
    assert sorted(service.state.purchases) == NUMBERS[1:]


def test_a_released_number_that_was_hosted_is_not_bought(service: Service) -> None:
    hosted = "+14155550177"
    service.state.add(ACCOUNT, hosted, origin="hosted")
    assert run(service, "release", hosted, NUMBERS[0], "--yes").code == 0
    service.state.stock["US", "local"] = NUMBERS
    undone = run(service, "undo", str(runs(service)[0]["id"]), "--yes", "--json")
    assert (undone.code, outcomes(undone)) == (6, ["bought", "skipped"])
    assert (
        undone.json[1]["error"]["message"]
        == f"{hosted} was hosted, not one of the service's own numbers: it cannot be bought"
    )
    assert service.state.purchases == [NUMBERS[0]]


# --- What is where it was


def test_a_number_that_was_moved_back_by_hand_is_unchanged(service: Service) -> None:
    assert run(service, "transfer", *NUMBERS[:2], "--to", OTHER_ACCOUNT, "--yes").code == 0
    (moved,) = runs(service)
    assert run(service, "transfer", NUMBERS[0], "--to", ACCOUNT, "--account", OTHER_ACCOUNT, "--yes").code == 0
    undone = run(service, "undo", moved["id"], "--yes", "--json")
    assert (undone.code, outcomes(undone)) == (0, ["unchanged", "transferred"])
    assert sorted(one["phone_number"] for one in service.state.numbers[ACCOUNT].values()) == NUMBERS
    assert next(one for one in runs(service) if one["id"] == moved["id"])["undone_by"] == runs(service)[0]["id"]


def test_a_purchase_that_was_given_back_by_hand_is_unchanged(service: Service) -> None:
    bought = "+14155550199"
    assert run(service, "buy", bought, "--yes").code == 0
    (purchase,) = runs(service)
    kept = run(service, "undo", "--yes", "--json")
    assert (kept.code, outcomes(kept)) == (1, ["skipped"])
    assert "for the rest" not in kept.err
    assert run(service, "release", bought, "--yes").code == 0
    undone = run(service, "undo", purchase["id"], "--yes", "--json")
    assert (undone.code, outcomes(undone), undone.err) == (0, ["unchanged"], "")


# --- In which account a run is looked for


def test_a_run_that_changed_one_account_of_several_is_that_accounts(service: Service) -> None:
    theirs = service.state.add(OTHER_ACCOUNT, "+14155550190")
    setting(service, FIRST, *NUMBERS)
    both = ("--account", ACCOUNT, "--account", OTHER_ACCOUNT)
    changed = run(service, "set", NUMBERS[0], theirs["phone_number"], *both, "--voice-url", FIRST, "--yes", "--json")
    assert outcomes(changed) == ["unchanged", "changed"]
    assert runs(service)[0]["account_sid"] == OTHER_ACCOUNT
    assert run(service, "undo", "--account", OTHER_ACCOUNT, "--yes", "-q").out == f"{theirs['phone_number']}\n"


def test_a_run_of_several_accounts_is_found_from_each_of_them(service: Service) -> None:
    theirs = service.state.add(OTHER_ACCOUNT, "+14155550190")
    both = ("--account", ACCOUNT, "--account", OTHER_ACCOUNT)
    words = ("set", NUMBERS[0], theirs["phone_number"], *both, "--voice-url", FIRST, "--yes")
    assert run(service, *words).code == 0
    undone = run(service, "undo", "--account", OTHER_ACCOUNT, "--yes", "-q")
    assert (undone.code, undone.out.split()) == (0, [NUMBERS[0], theirs["phone_number"]])


# --- A rehearsal


def test_a_rehearsal_with_something_to_do_is_pending_whatever_else_is_left(service: Service) -> None:
    run_id = setting(service, FIRST)
    setting(service, SECOND, NUMBERS[0])
    words = ("undo", run_id, "--dry-run", "--json")
    plain, asked = run(service, *words), run(service, *words, "--exit-code")
    assert (plain.code, asked.code) == (1, 10)
    assert outcomes(plain) == outcomes(asked) == ["skipped", "planned", "planned"]
    assert run(service, "undo", runs(service)[0]["id"], "--yes").code == 0
