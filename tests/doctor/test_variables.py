"""Variables that look wrong: which names are questioned, which are left to others, and that no value is shown."""

from __future__ import annotations

import pytest

from numctl.doctor.finding import ok, warning
from numctl.doctor.variables import variables
from tests.doctor.situations import with_variables

OWN = "NUMCTL_PROFILE, NUMCTL_ACCOUNT, NUMCTL_SANDBOX, NUMCTL_API_URL, NUMCTL_HISTORY, NUMCTL_MAX"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TWILIO_ACCOUNTSID", "TWILIO_ACCOUNT_SID"),
        ("TWILLIO_ACCOUNT_SID", "TWILIO_ACCOUNT_SID"),
        ("TWILIO_ACOUNT_SID", "TWILIO_ACCOUNT_SID"),
        ("TWILIO_SID", "TWILIO_ACCOUNT_SID"),
        ("TWILIO_AUTHTOKEN", "TWILIO_AUTH_TOKEN"),
        ("TWILIO_TOKEN", "TWILIO_AUTH_TOKEN"),
        ("TWILIO_API_KEY_SID", "TWILIO_API_KEY"),
        ("TWILIO_API_KEY_SECRET", "TWILIO_API_SECRET"),
        ("NUMCTL_REGION", "TWILIO_REGION"),
        ("NUMCTL_AUTH_TOKEN", "TWILIO_AUTH_TOKEN"),
        ("NUMCTL_HISTROY", "NUMCTL_HISTORY"),
        ("NUMCTL_APIURL", "NUMCTL_API_URL"),
        pytest.param(
            "twilio_account_sid",
            "TWILIO_ACCOUNT_SID",
            marks=pytest.mark.skipif("sys.platform == 'win32'", reason="case is nothing there"),
        ),
    ],
)
def test_a_mistyped_name_is_told_which_one_is_meant(name: str, meant: str) -> None:
    assert list(variables(with_variables(**{name: "x"}))) == [warning(f"{name} is not read", f"did you mean {meant}?")]


def test_a_name_of_numctl_that_is_like_no_other_is_told_which_there_are() -> None:
    assert list(variables(with_variables(NUMCTL_FOO="1"))) == [
        warning("NUMCTL_FOO is not read", f"numctl's own are {OWN}"),
    ]


@pytest.mark.parametrize("name", ["TWILIO_PHONE_NUMBER", "TWILIO_WORKSPACE_SID", "TWILIO_LOG_LEVEL", "HTTPS_PROXY"])
def test_what_other_programs_read_is_left_alone(name: str) -> None:
    assert list(variables(with_variables(**{name: "x"}))) == [ok("no variable of numctl's is set")]


def test_another_name_for_a_variable_that_is_set_is_another_programs() -> None:
    found = list(variables(with_variables(TWILIO_API_KEY_SID="SK", TWILIO_API_KEY="SK", TWILIO_API_SECRET="x")))
    assert found == [ok("set: TWILIO_API_KEY, TWILIO_API_SECRET")]


@pytest.mark.parametrize(
    ("name", "value", "message", "hint"),
    [
        ("TWILIO_AUTH_TOKEN", "nougat\n", "has white space around its value", "set {} again, without it"),
        (
            "TWILIO_ACCOUNT_SID",
            '"nougat"',
            "has quotes around its value",
            "env files that are not read by a shell need no quotes",
        ),
        (
            "NUMCTL_MAX",
            "nougat",
            "is not a whole number",
            "set it to a number of changes, such as 20, or unset it",
        ),
    ],
)
def test_a_value_that_looks_wrong_is_not_shown(name: str, value: str, message: str, hint: str) -> None:
    found = list(variables(with_variables(**{name: value})))
    assert found == [warning(f"{name} {message}", hint.format(name))]
    assert "nougat" not in str(found)


def test_an_empty_variable_counts_as_unset() -> None:
    assert list(variables(with_variables(NUMCTL_MAX="", TWILIO_AUTH_TOKEN=""))) == [
        ok("no variable of numctl's is set")
    ]
