"""A mistyped name is refused with what it may mean, and with the help to read; nothing is guessed and done."""

from __future__ import annotations

import pytest

from numctl.cli.verbs import MEANINGS, VERBS
from numctl.completion.cache import refresh
from tests.cli.program import BRANCH, FRONT_DESK, MAIN, numctl, sandbox

COMMANDS = [
    ("lst", "list"),
    ("relaese", "release"),
    ("update", "set"),
    ("edit", "set"),
    ("delete", "release"),
    ("rm", "release"),
    ("ls", "list"),
    ("describe", "show"),
    ("move", "transfer"),
    ("purchase", "buy"),
    ("find", "search"),
    ("LIST", "list"),
]
MISTYPED = [
    (["set", FRONT_DESK, "--voice-ur", "x"], "there is no option --voice-ur: did you mean --voice-url?", "set"),
    (["set", FRONT_DESK, "--voice_url", "x"], "there is no option --voice_url: did you mean --voice-url?", "set"),
    (["login", "--output", "csv"], "there is no option --output", "login"),
    (["login", "--sandbx"], "there is no option --sandbx", "login"),
    (
        ["history", "prune", "--older-then", "3"],
        "there is no option --older-then: did you mean --older-than?",
        "history prune",
    ),
    (["sandbox", "srve"], "there is no command 'srve': did you mean serve?", "sandbox"),
    (["sandbox", "serve", "--prot", "1"], "there is no option --prot: did you mean --port?", "sandbox serve"),
    (
        ["list", "--type", "loca"],
        "invalid value for '--type': 'loca' is not one of 'local', 'mobile', 'toll-free': did you mean local?",
        "list",
    ),
    (
        ["list", "--capability", "vocie"],
        "invalid value for '--capability': 'vocie' is not one of voice, sms, mms, fax: did you mean voice?",
        "list",
    ),
    (
        ["completion", "basch"],
        "invalid value for 'bash|zsh|fish': 'basch' is not one of 'bash', 'zsh', 'fish': did you mean bash?",
        "completion",
    ),
]
IN_THE_HELP = [
    (
        ["list", "--fields", "sid,voice_ur"],
        "there is no field 'voice_ur': did you mean voice_url, voice_fallback_url or voice_method?",
        "all fields: numctl list --help",
    ),
    (["accounts", "--fields", "nonsense"], "there is no field 'nonsense'", "all fields: numctl accounts --help"),
    (
        ["list", "--where", "friendlyname=x"],
        "--where 'friendlyname=x': there is no field 'friendlyname': did you mean friendly_name?",
        "all fields: numctl list --help",
    ),
    (
        ["set", FRONT_DESK, "--clear", "sms_ulr"],
        "--clear: there is no field 'sms_ulr': did you mean sms_url?",
        "fields that can be cleared: numctl set --help",
    ),
    (
        ["apply", "-", "--only", "sms_ulr"],
        "--only: 'sms_ulr' cannot be set: did you mean sms_url?",
        "fields that can be set: numctl apply --help",
    ),
    (
        ["audit", "--skip-rule", "plain-htp"],
        "there is no audit rule 'plain-htp': did you mean plain-http?",
        "all rules: numctl audit --help",
    ),
]


@pytest.mark.parametrize(("typed", "meant"), COMMANDS)
def test_a_command_is_suggested_by_its_letters_or_its_meaning(typed: str, meant: str) -> None:
    said = f"numctl: there is no command {typed!r}: did you mean {meant}?\n  for help: numctl --help\n"
    for words in ([typed, FRONT_DESK], ["help", typed], ["--sandbox", typed]):
        ended = numctl(*words)
        assert (ended.code, ended.out, ended.err) == (2, "", said)


def test_a_word_like_no_command_gets_no_suggestion() -> None:
    ended = numctl("quux")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "numctl: there is no command 'quux'\n  for help: numctl --help\n"


def test_the_other_words_for_commands_lead_to_commands_and_are_none() -> None:
    assert set(MEANINGS.values()) <= set(VERBS)
    assert not set(MEANINGS) & set(VERBS)


@pytest.mark.parametrize(("words", "message", "command"), MISTYPED)
def test_the_help_of_the_command_is_named_below_what_may_be_meant(words: list[str], message: str, command: str) -> None:
    ended = numctl(*words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"numctl: {message}\n  for help: numctl {command} --help\n"


@pytest.mark.parametrize(("words", "message", "advice"), IN_THE_HELP)
def test_a_long_list_stands_in_the_help_and_the_error_says_where(words: list[str], message: str, advice: str) -> None:
    ended = sandbox(*words)
    assert (ended.code, ended.out, ended.err) == (2, "", f"numctl: {message}\n  {advice}\n")


def test_an_account_in_another_case_is_suggested_and_not_taken() -> None:
    ended = sandbox("list", "--account", "sandbox BRANCH")
    assert (ended.code, ended.out) == (4, "")
    assert ended.said == (
        "numctl: no active account is named 'sandbox BRANCH': did you mean 'Sandbox branch'?\n"
        "  numctl accounts lists them\n"
    )


NO_NUMBER = "is not an E.164 number: a +, a country code and at most 15 digits, such as +14155550100"


@pytest.mark.parametrize(
    "words",
    [
        ["show", "front desk"],
        ["set", FRONT_DESK, "front desk", "--voice-url", "https://example.com/"],
        ["release", "front desk", "--yes"],
        ["history", "--number", "front desk"],
    ],
)
def test_a_name_in_the_place_of_a_number_is_refused_with_the_number_that_has_it(words: list[str]) -> None:
    sandbox("list", "-q")
    ended = sandbox(*words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.said == f"numctl: 'front desk' is not a number; {FRONT_DESK} has that name\n"


def test_a_name_is_looked_for_in_the_account_in_force_and_nowhere_else() -> None:
    sandbox("list", "-q")
    sandbox("list", "-q", "--account", BRANCH)
    for words, env in (
        (["--account", BRANCH], {"NUMCTL_SANDBOX": "1"}),
        ([], {"TWILIO_ACCOUNT_SID": MAIN, "TWILIO_AUTH_TOKEN": "0" * 32}),
        ([], {}),
    ):
        ended = numctl("show", "Front desk", *words, env=env)
        assert (ended.code, ended.out, ended.said) == (2, "", f"numctl: 'Front desk' {NO_NUMBER}\n")


def test_several_numbers_of_one_name_are_all_named() -> None:
    numbers = ["+14155550100", "+12125550101", "+13125550102", "+15125550105"]
    refresh("sandbox", dict.fromkeys(numbers, "Desk"))
    ended = sandbox("show", "Desk")
    assert (ended.code, ended.out) == (2, "")
    assert ended.said == f"numctl: 'Desk' is not a number; {', '.join(numbers[:3])} and 1 more have that name\n"


def test_a_mistyped_command_of_the_history_is_no_run() -> None:
    ended = numctl("history", "purne")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "numctl: there is no command 'purne' of history: did you mean prune?\n  for help: numctl history --help\n"
    )
