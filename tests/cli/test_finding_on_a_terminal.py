"""search and buy --area-code with a person at the terminal: what is suggested, chosen from, and shown before paying."""

from __future__ import annotations

import re

import pytest

from numctl.cli.verbs import buy_area
from tests.cli.program import BRANCH, FRONT_DESK, MAIN, NUMCTL, TRUNKED, sandbox
from tests.cli.test_prompts import ended, spawn

NOTHING = "search US --area-code 415 --in-locality Oakland"
CANDIDATES = [f"+1415555010{place}" for place in range(1, 7)]
QUESTION = "Choose 3 (for example 1 3-4, Enter = 1-3): "
SPARES = "fallbacks, bought only if one above is gone: "
NUMBER = re.compile(r"\+1415\d{7}")


@pytest.mark.parametrize("output", ["", "--json", "-q"])
def test_nothing_found_suggests_what_to_loosen(output: str) -> None:
    child = spawn(f"{NUMCTL} {NOTHING} {output}")
    child.expect_exact("numctl: nothing for sale matches; try without --area-code or --in-locality\r\n")
    assert "phone_number" not in child.before
    assert ended(child) == 0


def test_what_a_search_finds_is_bought_from_the_pipe() -> None:
    found = f"{NUMCTL} search US --area-code 212 --sms-enabled --limit 2 -q 2>/dev/null"
    child = spawn(f"{found} | {NUMCTL} buy - --friendly-name Campaign -q")
    child.expect_exact("Buy 2 numbers? [y/N]")
    (chosen,) = re.findall(r"\+ 2 numbers: (\+1212\d{7}), (\+1212\d{7})\r\n", child.before)
    child.sendline("y")
    assert ended(child) == 0
    listed = sandbox("list", "--friendly-name", "Campaign", "-q").out.split()
    assert sorted(listed) == sorted(chosen)


@pytest.mark.parametrize(
    ("answer", "places", "spares"),
    [
        ("", [1, 2, 3], [4, 5, 6]),
        ("1-3", [1, 2, 3], []),
        ("2-4", [2, 3, 4], []),
        ("6, 2 3", [6, 2, 3], []),
    ],
)
def test_what_is_proposed_has_spares_and_what_is_picked_by_hand_has_none(
    answer: str, places: list[int], spares: list[int]
) -> None:
    child = spawn(f"{NUMCTL} buy --area-code 415 --count 3 --fields phone_number --csv", 400)
    child.expect_exact(QUESTION)
    offered = [line for line in child.before.splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in offered] == list("123456")
    candidates = [line.split()[1] for line in offered]
    assert len({number for number in candidates if number.startswith("+1415")}) == 6
    assert all("San Francisco, CA; " in line for line in offered)
    child.sendline(answer)
    child.expect_exact("Buy 3 numbers? [y/N] ")
    chosen = [candidates[place - 1] for place in places]
    plan = [line for line in child.before.splitlines() if line.startswith("  + ")]
    assert sorted(NUMBER.findall("".join(plan))) == sorted(chosen)
    told = [NUMBER.findall(line) for line in child.before.splitlines() if line.startswith(SPARES)]
    assert told == ([[candidates[place - 1] for place in spares]] if spares else [])
    child.sendline("y")
    child.expect_exact("\r\n".join(["phone_number", *chosen]))
    assert ended(child) == 0


def test_an_answer_that_does_not_choose_so_many_is_asked_again() -> None:
    child = spawn(f"{NUMCTL} buy --area-code 415 --count 3")
    child.expect_exact(QUESTION)
    child.sendline("1 2 x")
    child.expect_exact(f"'1 2 x' does not choose 3 of 1-6\r\n{QUESTION}")
    child.sendline("4-6")
    child.expect_exact("Buy 3 numbers? [y/N] ")
    child.sendline("n")
    assert ended(child) == 5
    assert sandbox("history", "--json").json == []


@pytest.mark.parametrize("answer", ["no", "2-3", "1-4", "5-7", "3-1", "1 2 x", "-1", "0 1 2", "1,,2 2"])
def test_an_answer_is_taken_only_if_it_names_so_many_places_that_were_offered(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, said = iter([answer, "2-4"]), list[str]()
    monkeypatch.setattr(buy_area, "ask", lambda *question, **how: next(answers))
    monkeypatch.setattr(buy_area, "say", lambda text: said.append(str(text)))
    chosen, _ = buy_area.choose([{"phone_number": number} for number in CANDIDATES], 3)
    assert [offer["phone_number"] for offer in chosen] == CANDIDATES[1:4]
    assert said[len(CANDIDATES) :] == [f"{answer!r} does not choose 3 of 1-{len(CANDIDATES)}"]


def test_a_purchase_with_standard_input_closed_is_not_confirmed() -> None:
    child = spawn(f"{NUMCTL} buy --area-code 415 <&-")
    child.expect_exact("numctl: not confirmed: there is no terminal to ask on")
    assert ended(child) == 5


def test_a_transfer_names_its_target_and_shows_which_settings_name_what_stays_behind() -> None:
    child = spawn(f"{NUMCTL} transfer {FRONT_DESK} {TRUNKED} --to 'Sandbox branch'")
    child.expect_exact("Move 2 numbers? [y/N]")
    moved = child.before.split(f"  > {FRONT_DESK}  Front desk\r\n")[1]
    front_desk, trunked = moved.split(f"  > {TRUNKED}  Chicago switchboard\r\n")
    assert "stays in" not in front_desk
    assert trunked == (
        "      account  Sandbox → Sandbox branch\r\n"
        f"      ! trunk_sid names what stays in {MAIN}\r\n"
        "      ! registrations for messages (A2P 10DLC, toll-free verification, Trust Hub) do not move along, nor "
        "back, and a WhatsApp sender stays\r\n"
        f"to: Sandbox branch ({BRANCH})\r\n"
        "2 to move, 3 warnings.\r\n"
    )
    child.sendline("y")
    assert ended(child) == 0
    moved = sandbox("list", "--account", "Sandbox branch", "-q").out.split()
    assert {FRONT_DESK, TRUNKED} <= set(moved)
