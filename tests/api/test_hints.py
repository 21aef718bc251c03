"""What to do next, by the service's error code."""

from __future__ import annotations

import re

import pytest

from numctl.api.hints import ADVICE, FORBIDDEN, SERVER_ERROR, hint_for
from numctl.model.settings import SETTINGS

PROMISED = (
    *(20003, 20404, 20429, 21402, 21404, 21405, 21406, 21407, 21420, 21421, 21422, 21451, 21452),
    *(21470, 21471, 21472, 21473, 21474, 21613, 21615, 21631, 21649, 21650, 21651, 22121, 22222, 22300),
    *(10002, 20002, 20005, 20006, 20008, 20409, 22401, 22402, 22403, 70051),
)
VERBS = {"list", "show", "search", "release", "accounts", "login", "whoami"}
OTHER_OPTIONS = {
    *(
        "--all-accounts",
        "--concurrency",
        "--clear",
        "--to",
        "--profile",
        "--countries",
        "--sms-enabled",
        "--area-code",
    ),
    *("--in-region", "--in-locality", "--near-number", "--sms-..."),
    *("--exclude-all-address-required", "--exclude-local-address-required"),
}


@pytest.mark.parametrize("code", PROMISED)
def test_every_promised_code_has_one_line_of_advice(code: int) -> None:
    hint = hint_for(code, 400)
    assert hint == ADVICE[code]
    assert 20 < len(hint) < 200
    assert "\n" not in hint


@pytest.mark.parametrize("hint", ADVICE.values())
def test_advice_names_only_verbs_and_options_that_numctl_has(hint: str) -> None:
    known = OTHER_OPTIONS | {setting.option for setting in SETTINGS.values()}
    assert set(re.findall(r"numctl (\w+)", hint)) <= VERBS
    assert set(re.findall(r"--[a-z]+(?:-[a-z.]+)*", hint)) <= known


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (20003, "numctl login"),
        (20429, "--concurrency"),
        (21405, "--voice-url"),
        (21406, "--sms-url"),
        (21420, "--sms-application-sid"),
        (21422, "numctl search"),
        (21473, "--to"),
        (21474, "--profile"),
        (21631, "--address-sid"),
        (21649, "--bundle-sid"),
        (21650, "--identity-sid"),
    ],
)
def test_advice_says_which_option_or_verb_helps(code: int, words: str) -> None:
    assert words in ADVICE[code]


@pytest.mark.parametrize(("status", "code"), [(401, 20003), (404, 20404), (429, 20429)])
def test_a_status_stands_for_its_code_where_the_code_is_missing_or_unknown(status: int, code: int) -> None:
    assert hint_for(None, status) == ADVICE[code]
    assert hint_for(99999, status) == ADVICE[code]


@pytest.mark.parametrize("code", [None, 20003, 99999])
def test_what_is_forbidden_is_not_blamed_on_the_login(code: int | None) -> None:
    assert hint_for(code, 403) == FORBIDDEN
    assert "login" not in FORBIDDEN


@pytest.mark.parametrize("code", [20005, 20006, 20008, 22300, 22401, 22402, 22403, 70051])
def test_what_a_login_cannot_mend_does_not_name_it(code: int) -> None:
    assert "login" not in ADVICE[code]
    assert hint_for(code, 403) == ADVICE[code]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_said_to_be_the_service_s_own(status: int) -> None:
    assert hint_for(None, status) == SERVER_ERROR


@pytest.mark.parametrize(("code", "status"), [(None, None), (99999, 400), (None, 200)])
def test_nothing_is_made_up_for_what_is_not_known(code: int | None, status: int | None) -> None:
    assert hint_for(code, status) is None
