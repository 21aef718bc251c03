"""The audit on a terminal: whole screens in colour and without, what many numbers have in common, and the width."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from numctl.audit.rules import audit
from numctl.cli.reach import Reach
from numctl.cli.verbs.audit_view import report
from numctl.model.number import Record
from numctl.text.paint import render
from tests.cli.program import BRANCH, FRONT_DESK, MAIN, SANDBOX_LINE, Ended
from tests.cli.screen import BOTH, WIDTHS, expected, screen, seeded, too_wide


@BOTH
def test_an_audit_is_grouped_by_number_and_says_once_what_many_have_in_common(color: bool) -> None:
    assert screen("audit", color=color) == Ended(0, expected("audit", color=color), SANDBOX_LINE)


def test_an_audit_without_findings_says_how_many_numbers_it_checked() -> None:
    clean = screen("audit", "--rule", "demo-url")
    assert clean == Ended(0, "no findings: 12 numbers checked\n", SANDBOX_LINE)


def test_an_audit_in_a_pipe_is_a_table() -> None:
    header, *rows = screen("audit", "--rule", "plain-http", terminal=False).out.splitlines()
    assert header.split("\t") == ["severity", "phone_number", "rule", "message"]
    assert [row.split("\t")[:3] for row in rows] == [["warning", "+12065550107", "plain-http"]]


def test_fields_that_were_asked_for_are_a_table_on_a_terminal_too() -> None:
    assert screen("audit", "--rule", "plain-http", "--fields", "rule").out == "rule\nplain-http\n"


def on_many(count: int, **changes: Any) -> list[Record]:
    base = seeded(FRONT_DESK, emergency_address_sid="AD" + "1" * 32, emergency_address_status="registered")
    base |= {"voice_fallback_url": None, **changes}
    return [
        base | {"phone_number": f"+1415555{n:04}", "sid": f"PN{n:032x}", "friendly_name": f"Desk {n}"}
        for n in range(count)
    ]


def reported(records: list[Record], **choice: Any) -> str:
    return render(report(list(audit(records, **choice)), len(records), Reach(("--sandbox",), MAIN).line))


def test_a_finding_on_very_many_numbers_is_fixed_by_a_command_that_asks_the_audit_for_them() -> None:
    assert reported(on_many(30, trunk_sid="TK" + "1" * 32, sms_url=None), rules=["ignored-setting"]) == (
        f"warning: voice_url is ignored: the trunk TK{'1' * 32} handles calls (ignored-setting)\n"
        "  30 numbers: +14155550000 Desk 0, +14155550001 Desk 1, +14155550002 Desk 2, +14155550003 Desk 3, "
        "+14155550004 Desk 4 and 25 more\n"
        "  numctl audit --rule ignored-setting -q --sandbox | numctl set - --clear voice_url --sandbox\n"
        "\n"
        "30 warnings on 30 numbers\n"
    )


def test_that_command_names_each_number_where_the_rule_finds_other_faults_too() -> None:
    ignored = on_many(30, trunk_sid="TK" + "1" * 32, sms_url=None)
    ignored[0] = ignored[0] | {"trunk_sid": "TK" + "2" * 32}
    shown = reported(ignored, rules=["ignored-setting"])
    (command,) = (line for line in shown.splitlines() if "--clear" in line and "Desk 0" not in line and "0001" in line)
    numbers = [record["phone_number"] for record in ignored[1:]]
    assert shlex.split(command) == ["numctl", "set", *numbers, "--clear", "voice_url", "--sandbox"]


def test_findings_of_several_accounts_name_the_account_and_are_not_mixed() -> None:
    records = on_many(4, voice_url=None)
    for record in records[2:]:
        record["account_sid"] = BRANCH
    shown = reported(records, rules=["calls-unanswered"])
    message = "warning: no webhook, application or trunk handles calls (the number may still place calls)"
    assert shown == "".join(
        f"+1415555000{n}  Desk {n}  {account}\n  {message} (calls-unanswered)\n"
        f"    numctl set +1415555000{n} --voice-url URL{option} --sandbox\n\n"
        for n, account, option in (
            *((n, MAIN, "") for n in (0, 1)),
            *((n, BRANCH, f" --account {BRANCH}") for n in (2, 3)),
        )
    ) + ("4 warnings on 4 numbers\n")


@pytest.mark.parametrize("columns", WIDTHS)
def test_an_audit_is_never_wider_than_the_terminal(columns: int) -> None:
    assert too_wide(screen("audit", columns=columns).out, columns) == []
