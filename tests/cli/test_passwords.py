"""A webhook with a password: taken by every verb that sets one, masked for people, whole in data."""

from __future__ import annotations

import json

import pytest

from tests.cli.program import FRONT_DESK, MAIN, NUMCTL, SUPPORT, sandbox
from tests.cli.test_prompts import ended, spawn

SECRET, OTHER = "s3cret", "n3wer"
URL, NEWER = (f"https://twilio:{secret}@calls.example.net/voice" for secret in (SECRET, OTHER))
MASKED = "https://twilio:•••@calls.example.net/voice"
FORMER = "https://voice.fabrikam.com/front-desk"
STORED = "      ! voice_url contains a password: everyone who can read the number can read it\n"
NOTE = "  # URL: not shown, it holds a password"
FOR_SALE = "+14155550123"


def live(number: str = FRONT_DESK) -> str:
    return str(sandbox("show", number, "--json").json["voice_url"])


def test_set_takes_it_and_people_see_it_masked() -> None:
    made = sandbox("set", FRONT_DESK, "--voice-url", URL, "-v")
    assert made.code == 0
    assert made.out == (f"phone_number\toutcome\tchanges\n{FRONT_DESK}\tchanged\tvoice_url: {FORMER} → {MASKED}\n")
    assert SECRET not in made.err
    assert f"VoiceUrl='{MASKED}'" in made.err
    assert f"      voice_url  {FORMER} → {MASKED}\n{STORED}" in made.err
    assert live() == URL


def test_a_change_of_the_password_alone_is_said_to_be_one() -> None:
    sandbox("set", FRONT_DESK, "--voice-url", URL)
    planned = sandbox("set", FRONT_DESK, "--voice-url", NEWER, "--dry-run")
    assert planned.out == (
        f"Sandbox ({MAIN}), SANDBOX\n  ~ {FRONT_DESK}  Front desk\n      voice_url  {MASKED} (password changed)\n"
        f"{STORED}1 to change, 1 warning.\nDry run: nothing was changed.\n"
    )
    done = sandbox("set", FRONT_DESK, "--voice-url", NEWER)
    assert done.out.splitlines()[1] == f"{FRONT_DESK}\tchanged\tvoice_url: {MASKED} (password changed)"
    run = sandbox("history", "-q").out.split()[0]
    assert f"voice_url: {MASKED} (password changed)" in sandbox("history", run).out


def test_changes_that_differ_in_the_password_alone_are_not_folded_into_one() -> None:
    sheet = f"phone_number,sms_url\n{FRONT_DESK},{URL}\n{SUPPORT},{NEWER}\n"
    sandbox("set", FRONT_DESK, SUPPORT, "--sms-url", "https://calls.example.net/", "--yes")
    for text, group in ((sheet, []), (sheet.replace(OTHER, SECRET), [f"  ~ 2 numbers: {FRONT_DESK}"])):
        child = spawn(f"{NUMCTL} apply - --dry-run <<'END'\n{text}END")
        assert ended(child) == 0
        assert OTHER not in child.before
        lines = child.before.splitlines()
        assert [line.split(" Front")[0] for line in lines if line.startswith("  ~ 2 numbers")] == group


def test_data_has_it_whole_and_the_recorded_command_does_not_have_it() -> None:
    row = sandbox("set", FRONT_DESK, "--voice-url", URL, "--json").json[0]
    assert (row["changes"], row["number"]["voice_url"]) == ({"voice_url": [FORMER, URL]}, URL)
    assert f",{URL},".encode() in sandbox("list", "--csv").out.encode()
    run = sandbox("history", "--json").json[0]
    assert run["command"] == f"numctl set {FRONT_DESK} --voice-url URL --json{NOTE}"
    change = sandbox("history", run["id"], "--json").json[0]
    assert (change["wanted"]["voice_url"], change["after"]["voice_url"]) == (URL, URL)


@pytest.mark.parametrize(
    "words", [("list",), ("list", "--fields", "voice_url"), ("show", FRONT_DESK), ("show", FRONT_DESK, "-v")]
)
def test_tables_mask_it(words: tuple[str, ...]) -> None:
    sandbox("set", FRONT_DESK, "--voice-url", URL)
    shown = sandbox(*words)
    assert (shown.code, MASKED in shown.out, SECRET in shown.out + shown.err) == (0, True, False)


def test_a_purchase_takes_it_and_no_command_to_repeat_holds_it() -> None:
    bought = sandbox("buy", FOR_SALE, FRONT_DESK, "--voice-url", URL, "--yes", "--json")
    assert [row["outcome"] for row in bought.json] == ["bought", "failed"]
    hint = f"to set it: numctl set {FRONT_DESK} --voice-url URL --sandbox{NOTE}"
    assert bought.json[1]["error"]["hint"] == hint
    assert f"  {hint}\n" in bought.err
    assert SECRET not in bought.err
    assert live(FOR_SALE) == URL


def test_a_backup_with_a_password_is_restored() -> None:
    sandbox("set", FRONT_DESK, "--voice-url", URL)
    backup = sandbox("list", "--json", "--fields", "phone_number,voice_url").out
    sandbox("set", FRONT_DESK, "--voice-url", FORMER)
    restored = sandbox("apply", "-", "--yes", "--json", stdin=backup)
    assert restored.code == 0
    assert [row["changes"] for row in restored.json if row["outcome"] == "changed"] == [{"voice_url": [FORMER, URL]}]
    assert SECRET not in restored.err


ODD = "https://twilio:s3|cret@calls.example.net/{id}"
"""The service may have it; numctl would not set it."""


def test_what_the_account_holds_is_not_refused_on_the_way_back_whatever_its_form() -> None:
    account = json.dumps([{**record, "voice_url": ODD} for record in sandbox("list", "--json", "--limit", "1").json])
    assert sandbox("sandbox", "load", "-", stdin=account).code == 0
    applied = sandbox("apply", "-", "--json", "--yes", stdin=account)
    assert (applied.code, applied.json[0]["outcome"]) == (0, "unchanged")
    assert sandbox("set", FRONT_DESK, "--voice-url", FORMER).code == 0
    undone = sandbox("undo", "--yes")
    assert (undone.code, "s3" in undone.out + undone.err) == (0, False)
    assert live() == ODD


@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        (("set", FRONT_DESK, "--voice-url", MASKED), ""),
        (("buy", FOR_SALE, "--voice-url", MASKED, "--yes"), ""),
        (("apply", "-", "--yes"), f"phone_number,voice_url\n{FRONT_DESK},{MASKED}\n"),
    ],
)
def test_a_url_copied_from_where_it_is_masked_is_refused(words: tuple[str, ...], stdin: str) -> None:
    refused = sandbox(*words, stdin=stdin)
    assert (refused.code, refused.out) == (2, "")
    assert "the URL contains •••, which numctl shows in place of a password: write the password itself\n" in refused.err
    assert live() == FORMER


@pytest.mark.parametrize("format", [(), ("--json",)])
@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        (("set", FRONT_DESK, "--voice-url", "https://a:s3cret@b c/"), ""),
        (("set", "https://a:s3cret@b/", "--voice-url", URL), ""),
        (("list", "--where", f"nothing={URL}"), ""),
        (("show", URL), ""),
        (("apply", "-"), f"phone_number,voice_url\n{FRONT_DESK},https://a:s3cret@b c/\n"),
        (("apply", "-"), f"phone_number,voice_method\n{FRONT_DESK},{URL}\n"),
        (("history", URL), ""),
        (("undo", URL), ""),
        (("apply", URL), ""),
    ],
)
def test_no_error_repeats_it(words: tuple[str, ...], stdin: str, format: tuple[str, ...]) -> None:
    refused = sandbox(*words, *format, stdin=stdin)
    assert refused.code in (2, 4)
    assert SECRET not in refused.out + refused.err


def test_the_audit_masks_it_in_messages_and_leaves_it_out_of_commands() -> None:
    plain = f"http://twilio:{SECRET}@calls.contoso.com/voice"
    sandbox("set", FRONT_DESK, SUPPORT, "--voice-url", plain, "--friendly-name", f"see {URL}", "--yes")
    found = sandbox("audit", "--json")
    mine = {row["rule"]: row for row in found.json if row["phone_number"] == FRONT_DESK and row["field"] == "voice_url"}
    assert mine["plain-http"]["command"] == f"numctl set {FRONT_DESK} --voice-url URL --sandbox{NOTE}"
    twin = next(row for row in found.json if row["rule"] == "duplicate-name")
    assert twin["message"] == f"friendly_name 'see {MASKED}' is also the name of {FRONT_DESK}"
    assert SECRET not in found.out
