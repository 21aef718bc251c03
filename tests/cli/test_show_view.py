"""show for a person: whole screens in colour and without, what handles calls and messages, and the width."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from numctl.cli.verbs import show
from numctl.cli.verbs.show_view import view
from numctl.model.number import Record
from numctl.sandbox import seeds
from numctl.text.paint import render
from tests.cli.program import FRONT_DESK, SANDBOX_LINE, SUPPORT, TRUNKED, Ended
from tests.cli.screen import BOTH, WIDTHS, expected, screen, seeded, too_wide

NOTE = "Settings of applications, trunks and Messaging Services are not shown."


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `show` run on a fixed day, from which it counts the age of a date."""

    class Day(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Day:
            return cls(2026, 11, 24, tzinfo=tz)

    monkeypatch.setattr(show, "datetime", Day)


@BOTH
def test_show_begins_with_the_routing_and_folds_what_is_not_set(color: bool) -> None:
    assert screen("show", SUPPORT, color=color) == Ended(0, expected("show", color=color), SANDBOX_LINE)


def test_show_in_a_pipe_is_not_wrapped_and_has_dates_as_the_service_writes_them() -> None:
    piped = screen("show", SUPPORT, columns=40, terminal=False)
    written = expected("show").replace("2024-03-04 09:30 (2 years ago)", "Mon, 04 Mar 2024 09:30:00 +0000")
    assert piped == Ended(0, written, SANDBOX_LINE)


def test_fields_that_were_asked_for_are_a_table_on_a_terminal_too() -> None:
    assert screen("show", FRONT_DESK, "--fields", "status").out == "status\nin-use\n"


def routing(record: Record) -> list[str]:
    lines = render(view(record, None)).splitlines()
    return [line.strip() for line in lines[1 : lines.index("  " + NOTE)]]


@pytest.mark.parametrize(
    ("number", "changes", "shown"),
    [
        (
            FRONT_DESK,
            {},
            [
                "voice sms mms (US, local)",
                "calls: https://voice.fabrikam.com/front-desk",
                "fallback: https://backup.fabrikam.com/front-desk",
                "messages: https://voice.fabrikam.com/front-desk/messages",
            ],
        ),
        (
            TRUNKED,
            {"trunk_sid": "TK1", "voice_url": "https://a.b/", "voice_receive_mode": "fax"},
            [
                "voice sms mms (US, local)",
                "calls: trunk TK1",
                "ignored: voice_url",
                "received as fax (voice_receive_mode)",
                "messages: — (nothing is set to handle them)",
            ],
        ),
        (
            "+447700900123",
            {"capabilities": {"voice": False, "sms": False, "mms": False, "fax": False}},
            [
                "— (GB, mobile)",
                "calls: — (the number cannot receive them)",
                "messages: — (the number cannot receive them)",
            ],
        ),
    ],
)
def test_show_says_what_handles_calls_and_messages(number: str, changes: dict[str, Any], shown: list[str]) -> None:
    assert routing(seeded(number, **changes)) == shown


def test_show_has_fields_that_this_version_does_not_know_and_none_that_the_record_lacks() -> None:
    lean = {"phone_number": FRONT_DESK, "friendly_name": "", "voice_url": None, "new_thing": {"a": 1}}
    assert render(view(lean, None)).splitlines()[-8:] == [
        *("Name", "  not set: friendly_name", ""),
        *("Calls", "  not set: voice_url", ""),
        *("Details", '  new_thing      {"a":1}'),
    ]


@pytest.mark.parametrize("columns", WIDTHS)
def test_a_number_is_never_wider_than_the_terminal(columns: int) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    for record in seeds.numbers():
        assert too_wide(render(view(record, now), width=columns), columns) == []
