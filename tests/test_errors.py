"""What an error carries to a person and a script."""

from __future__ import annotations

import pytest

from numctl import errors
from numctl.errors import EXIT_MEANINGS, AnswerLost, ExitCode, NumctlError, Refused, Unavailable

CODES = {
    "Refused": 1,
    "Malformed": 1,
    "UsageError": 2,
    "AuthError": 3,
    "NotFound": 4,
    "Cancelled": 5,
    "Unavailable": 7,
    "AnswerLost": 7,
    "OutcomeUnknown": 8,
}


def test_the_exit_codes_are_those_that_scripts_rely_on() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "OK": 0,
        "REFUSED": 1,
        "USAGE": 2,
        "AUTH": 3,
        "NOT_FOUND": 4,
        "CANCELLED": 5,
        "PARTIAL": 6,
        "UNAVAILABLE": 7,
        "UNKNOWN": 8,
        "PENDING": 10,
        "HUNG_UP": 129,
        "INTERRUPTED": 130,
        "TERMINATED": 143,
    }


def test_every_exit_code_has_a_meaning_for_the_documentation() -> None:
    assert set(EXIT_MEANINGS) == set(ExitCode)


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_each_kind_of_error_ends_with_its_code(name: str, code: int) -> None:
    error: NumctlError = getattr(errors, name)("it broke")
    assert (error.exit_code, str(error), error.message) == (code, "it broke", "it broke")


def test_a_message_is_one_line_whatever_it_quotes() -> None:
    error = NumctlError("no number 'x\nnumctl: all is well\r\u2028'")
    assert (error.message, str(error)) == ("no number 'x numctl: all is well  '",) * 2


def test_the_json_of_an_error_holds_the_services_own_words() -> None:
    error = Refused("no", hint="try another", status=400, code=21422, more_info="https://example.com/21422")
    assert error.as_json() == {
        "exit_code": 1,
        "message": "no",
        "hint": "try another",
        "status": 400,
        "code": 21422,
        "more_info": "https://example.com/21422",
    }


def test_an_error_without_details_has_them_as_null() -> None:
    assert Unavailable("down").as_json() == {
        "exit_code": 7,
        "message": "down",
        "hint": None,
        "status": None,
        "code": None,
        "more_info": None,
    }


def test_a_lost_answer_says_whether_it_was_late_and_keeps_the_status() -> None:
    lost, late = AnswerLost("lost", status=502), AnswerLost("late", late=True)
    assert (lost.late, lost.status, late.late, late.status) == (False, 502, True, None)
