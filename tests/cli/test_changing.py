"""set, buy, release, transfer, apply, undo and history, as a user meets them on the sandbox."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import BRANCH, FRONT_DESK, MAIN, SANDBOX_LINE, SUPPORT, TRUNKED, sandbox

FREE, OTHER_FREE = "+14155550123", "+14155550124"
NEW = "https://new.example.net/voice"


def record(number: str, *more: str) -> dict[str, object]:
    found: dict[str, object] = sandbox("show", number, "--json", *more).json
    return found


def test_set_sends_what_was_given_and_shows_before_and_after() -> None:
    before = record(FRONT_DESK)
    ended = sandbox("set", FRONT_DESK, "--voice-url", NEW, "--json")
    (result,) = ended.json
    assert ended.code == 0
    assert result["outcome"] == "changed"
    assert result["changes"] == {"voice_url": [before["voice_url"], NEW]}
    assert result["number"] == record(FRONT_DESK)
    assert ended.said.splitlines()[:3] == [
        f"Sandbox ({MAIN}), SANDBOX",
        f"  ~ {FRONT_DESK}  Front desk",
        f"      voice_url  {before['voice_url']} → {NEW}",
    ]
    assert "; undo: numctl undo " in ended.said.splitlines()[-1]


def test_set_again_is_unchanged_and_says_nothing() -> None:
    sandbox("set", FRONT_DESK, "--voice-url", NEW)
    ended = sandbox("set", FRONT_DESK, "--voice-url", NEW, "--json")
    assert (ended.code, ended.said) == (0, "")
    assert [row["outcome"] for row in ended.json] == ["unchanged"]


def test_a_trunk_and_a_voice_application_delete_each_other_and_the_plan_says_so() -> None:
    application = "AP" + "1" * 32
    asked = sandbox("set", TRUNKED, "--voice-application-sid", application)
    assert (asked.code, asked.out) == (5, "")
    ended = sandbox("set", TRUNKED, "--voice-application-sid", application, "--json", "--yes")
    assert "      ! voice_application_sid unassigns trunk_sid" in ended.err
    assert set(ended.json[0]["changes"]) == {"trunk_sid", "voice_application_sid"}
    both = sandbox("set", TRUNKED, "--trunk-sid", "TK" + "1" * 32, "--voice-application-sid", application)
    assert both.code == 2
    assert both.err == "numctl: --trunk-sid and --voice-application-sid can't be combined: each deletes the other\n"


def test_a_setting_that_will_be_ignored_or_billed_is_said_before() -> None:
    ended = sandbox("set", TRUNKED, "--voice-url", NEW, "--voice-caller-id-lookup", "--dry-run")
    assert "      ! voice_url has no effect: trunk TK" in ended.out
    assert "1 to change, 1 warning. Cost: 1 number with caller-ID lookup, billed per call.\n" in ended.out
    assert (ended.code, ended.said) == (0, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--voice-url", ""), "the value is empty; to clear a setting, name it: numctl set --clear FIELD"),
        (("--voice-url", "ftp://x"), "'ftp://x' is not an absolute http or https URL"),
        (("--sms-method", "PUT"), "'PUT' is not one of GET, POST"),
        (("--trunk-sid", "TK1"), "'TK1' is not a valid SID: TK and 32 hexadecimal digits"),
        (("--friendly-name", " \u00a0"), "the name is blank; to clear it: numctl set --clear friendly_name"),
        (("--friendly-name", "x" * 65), "has 65 characters; a friendly name has at most 64"),
        (("--clear", "voice_method"), "--clear voice_method: it cannot be cleared, only set"),
        (("--clear", "voice_url", "--voice-url", NEW), "voice_url is both given and cleared"),
        ((), "nothing to set"),
    ],
)
def test_bad_input_is_named_and_nothing_is_sent(words: tuple[str, ...], message: str) -> None:
    ended = sandbox("set", FRONT_DESK, "-v", *words)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert "> POST" not in ended.err
    assert "> GET" not in ended.err


def test_a_setting_to_clear_is_named_as_its_field_or_as_its_option() -> None:
    named = [sandbox("set", FRONT_DESK, "--clear", name, "--dry-run") for name in ("sms_url", "sms-url")]
    assert named[0] == named[1]
    assert (named[0].code, "1 to change. Clears sms_url on 1.\n" in named[0].out) == (0, True)


def test_several_numbers_need_yes_without_a_terminal() -> None:
    ended = sandbox("set", FRONT_DESK, SUPPORT, "--sms-url", NEW)
    assert (ended.code, ended.out) == (5, "")
    assert ended.said.splitlines()[-2:] == [
        "numctl: not confirmed: there is no terminal to ask on",
        "  nothing was changed; use --yes to run without a terminal",
    ]
    assert record(FRONT_DESK)["sms_url"] != NEW


def test_numbers_come_from_standard_input_and_count_once() -> None:
    lines = f"# a comment\n\n{FRONT_DESK}\n+1 (415) 555-0100\n{SUPPORT}\n"
    ended = sandbox("set", "-", "--sms-url", NEW, "--yes", "-q", stdin=lines)
    assert (ended.code, ended.out.split()) == (0, [FRONT_DESK, SUPPORT])


def test_a_missing_number_stops_everything_and_all_that_are_missing_are_listed() -> None:
    ended = sandbox("set", FRONT_DESK, "+14155550190", "+14155550191", "--sms-url", NEW, "--yes")
    assert (ended.code, ended.out) == (4, "")
    assert ended.said.splitlines()[0] == f"numctl: +14155550190, +14155550191 are not in {MAIN}"
    assert record(FRONT_DESK)["sms_url"] != NEW


def test_max_bounds_the_plan() -> None:
    ended = sandbox("set", FRONT_DESK, SUPPORT, "--sms-url", NEW, "--yes", "--max", "1")
    assert (ended.code, ended.out) == (2, "")
    assert ended.said == "numctl: the plan has 2 changes, --max allows 1; nothing was sent\n"


def test_a_dry_run_with_fields_is_a_table_of_these_fields() -> None:
    ended = sandbox("set", FRONT_DESK, SUPPORT, "--sms-url", NEW, "--dry-run", "--fields", "outcome,phone_number")
    table = f"outcome\tphone_number\nplanned\t{FRONT_DESK}\nplanned\t{SUPPORT}\n"
    assert (ended.code, ended.out, ended.said) == (0, table, "")
    assert record(FRONT_DESK)["sms_url"] != NEW


def test_a_dry_run_with_exit_code_tells_whether_there_is_something_to_do() -> None:
    asked = ("set", FRONT_DESK, "--sms-url", NEW, "--dry-run", "--exit-code", "--json")
    ended = sandbox(*asked)
    assert (ended.code, ended.json[0]["outcome"]) == (10, "planned")
    sandbox("set", FRONT_DESK, "--sms-url", NEW)
    ended = sandbox(*asked)
    assert (ended.code, ended.json[0]["outcome"]) == (0, "unchanged")


def test_buy_applies_settings_and_is_not_repeated() -> None:
    ended = sandbox("buy", FREE, "--friendly-name", "Support", "--voice-url", NEW, "--yes", "--json")
    assert (ended.code, ended.json[0]["outcome"]) == (0, "bought")
    assert record(FREE)["friendly_name"] == "Support"
    again = sandbox("buy", FREE, "--friendly-name", "Support", "--yes", "--json")
    assert (again.code, again.json[0]["outcome"]) == (0, "unchanged")
    other = sandbox("buy", FREE, "--friendly-name", "Sales", "--yes", "--json")
    assert (other.code, other.json[0]["outcome"]) == (1, "failed")
    assert other.json[0]["error"]["hint"] == f"to set it: numctl set {FREE} --friendly-name Sales --sandbox"


def test_buying_what_someone_else_has_is_refused_with_the_services_own_words() -> None:
    ended = sandbox("buy", "+14155550120", "--yes", "--json")
    assert ended.code == 1
    assert ended.json[0]["error"]["code"] == 21422


def test_some_bought_and_some_not_is_partial_and_the_rest_is_told() -> None:
    ended = sandbox("buy", FREE, "+14155550120", "--yes", "--json")
    assert ended.code == 6
    assert [row["outcome"] for row in ended.json] == ["bought", "failed"]
    assert "not for sale, perhaps someone else has taken it: +14155550120\n" in ended.err


def test_a_number_that_the_account_has_is_not_bought_and_that_is_said() -> None:
    ended = sandbox("buy", FRONT_DESK, "--yes", "-q")
    assert (ended.code, ended.out) == (0, f"{FRONT_DESK}\n")
    assert ended.err.splitlines()[1:] == [f"numctl: not bought, since the account has it already: {FRONT_DESK}"]


def test_the_command_for_the_rest_omits_owned_numbers_and_those_needing_an_address() -> None:
    needs_address, too_short = "+442079460001", "+12345"
    sandbox("buy", FREE, "--friendly-name", "Support", "--yes")
    words = ("--friendly-name", "Sales", "--yes", "--json")
    ended = sandbox("buy", FREE, OTHER_FREE, needs_address, too_short, *words)
    assert (ended.code, [row["outcome"] for row in ended.json]) == (6, ["failed", "bought", "failed", "failed"])
    assert (
        f"\nbought: {OTHER_FREE}\nfor the rest: numctl buy {too_short} --friendly-name Sales --sandbox\n" in ended.err
    )
    assert f"    numctl buy {needs_address} --friendly-name Sales --address-sid AD" in ended.err


def test_where_all_the_rest_needs_an_address_only_the_command_with_one_is_told() -> None:
    ended = sandbox("buy", OTHER_FREE, "+442079460001", "--yes", "--json")
    assert (ended.code, [row["outcome"] for row in ended.json]) == (6, ["bought", "failed"])
    assert "for the rest" not in ended.err
    assert "    numctl buy +442079460001 --address-sid AD" in ended.err


def test_where_a_bundle_is_missing_no_address_is_offered_that_would_be_refused_again() -> None:
    ended = sandbox("buy", "+447700900001", "--yes", "--json")
    assert (ended.code, ended.json[0]["error"]["code"]) == (1, 21649)
    assert "--bundle-sid" in ended.err
    assert "addresses in" not in ended.err
    assert "for the rest" not in ended.err


def test_an_area_is_bought_by_name_with_spares_in_the_plan() -> None:
    ended = sandbox("buy", "--area-code", "415", "--count", "2", "--yes", "--json")
    bought = [row["phone_number"] for row in ended.json]
    assert (ended.code, [number[:5] for number in bought]) == (0, ["+1415"] * 2)
    (spares,) = re.findall("fallbacks, bought only if one above is gone: (.*)", ended.err)
    assert len(re.findall(r"\+1415555\d{4}", spares)) == 3
    assert not any(number in spares for number in bought)
    again = sandbox("buy", "--area-code", "415", "--dry-run")
    assert "within the hour, 2 of area code 415 were bought already" in again.out
    assert sandbox("buy", "--area-code", "876", "--yes").code == 2
    few = sandbox("buy", "--area-code", "415", "--count", "500", "--yes")
    assert (few.code, few.out) == (1, "")
    assert "not 500; nothing was bought" in few.err


def test_a_refusal_for_want_of_an_address_lists_the_addresses_and_the_command() -> None:
    ended = sandbox("buy", "+442079460001", "--bundle-sid", "BU" + "1" * 32, "--yes")
    assert ended.code == 1
    command = next(line for line in ended.err.splitlines() if "--address-sid AD" in line).split()
    assert sandbox(*command[1:], "--yes").code == 0


def test_release_needs_yes_without_a_terminal_and_says_what_is_lost() -> None:
    ended = sandbox("release", FRONT_DESK)
    assert ended.code == 5
    assert "calls, messages and billing stop" in ended.err
    done = sandbox("release", FRONT_DESK, "--yes", "--json")
    assert (done.code, done.json[0]["outcome"], done.json[0]["number"]) == (0, "released", None)
    again = sandbox("release", FRONT_DESK, "--yes", "--json")
    assert (again.code, again.said, again.json[0]["outcome"]) == (0, "", "unchanged")
    assert sandbox("release", FRONT_DESK, "--yes", env={"NUMCTL_HISTORY": "off"}).code == 4
    ignored = sandbox("release", FRONT_DESK, SUPPORT, "--ignore-missing", "--yes", "--json")
    assert (ignored.code, [row["outcome"] for row in ignored.json]) == (0, ["unchanged", "released"])


def test_a_transfer_moves_a_number_and_undo_moves_it_back() -> None:
    moved = sandbox("transfer", FRONT_DESK, "--to", "Sandbox branch", "--yes", "--json")
    assert (moved.code, moved.json[0]["outcome"]) == (0, "transferred")
    assert moved.json[0]["changes"] == {"account_sid": [MAIN, BRANCH]}
    assert sandbox("show", FRONT_DESK).code == 4
    again = sandbox("transfer", FRONT_DESK, "--to", BRANCH, "--yes", "--json")
    assert (again.code, again.json[0]["outcome"]) == (0, "unchanged")
    assert sandbox("undo", "--yes").code == 0
    assert record(FRONT_DESK)["account_sid"] == MAIN


def test_undo_puts_back_what_a_run_replaced_and_the_history_tells() -> None:
    before = record(FRONT_DESK)
    sandbox("set", FRONT_DESK, "--voice-url", NEW, "--clear", "sms_url", "--yes")
    undone = sandbox("undo", "--yes", "--json")
    assert (undone.code, undone.json[0]["outcome"]) == (0, "changed")
    after = record(FRONT_DESK)
    assert {**after, "date_updated": None} == {**before, "date_updated": None}
    undo, change = sandbox("history", "--json").json
    assert (undo["verb"], undo["undoes"], change["undone_by"]) == ("undo", change["id"], undo["id"])
    assert sandbox("undo", "--yes").code == 4
    redone = sandbox("undo", undo["id"], "--yes")
    assert redone.code == 0
    assert record(FRONT_DESK)["voice_url"] == NEW


def test_undo_refuses_what_was_changed_since_unless_forced() -> None:
    sandbox("set", FRONT_DESK, "--voice-url", NEW)
    run = sandbox("history", "--json").json[0]["id"]
    sandbox("set", FRONT_DESK, "--voice-url", "https://third.example.net/")
    refused = sandbox("undo", run, "--yes", "--json")
    assert (refused.code, refused.json[0]["outcome"]) == (1, "skipped")
    assert sandbox("undo", run, "--yes", "--force").code == 0


def test_a_sheet_that_nobody_edited_changes_nothing_and_an_edit_is_carried_out(tmp_path: Path) -> None:
    sheet = tmp_path / "numbers.csv"
    sheet.write_text(sandbox("list", "--csv").out, encoding="utf-8")
    assert sandbox("apply", str(sheet), "--dry-run", "--exit-code").code == 0
    edited = sheet.read_text(encoding="utf-8").replace("Front desk", "Front office")
    ended = sandbox("apply", "-", "--yes", "--json", stdin=edited)
    assert ended.code == 0
    assert [row["outcome"] for row in ended.json].count("changed") == 1
    assert record(FRONT_DESK)["friendly_name"] == "Front office"


@pytest.mark.parametrize(
    ("sheet", "missing"),
    [
        (
            f"phone_number,sms_url\n+14155550190,{NEW}\n{FRONT_DESK},{NEW}\n+14155550191,{NEW}\n",
            "line 2: +14155550190, line 4: +14155550191 are",
        ),
        (f"phone_number,sms_url\n{FRONT_DESK},{NEW}\n+14155550190,{NEW}\n", "line 3: +14155550190 is"),
    ],
    ids=["two", "one"],
)
def test_rows_of_a_sheet_that_the_account_does_not_have_are_named_with_their_lines(sheet: str, missing: str) -> None:
    ended = sandbox("apply", "-", "--yes", stdin=sheet)
    said = f"numctl: {missing} not in {MAIN}\n  not found here; try --all-accounts\n"
    assert (ended.code, ended.out, ended.said) == (4, "", said)
    assert record(FRONT_DESK)["sms_url"] != NEW


def test_a_row_older_than_the_number_is_refused_and_the_others_are_carried_out() -> None:
    sheet = sandbox("list", "--json", "--fields", "sid,date_updated,friendly_name,sms_url").json[:2]
    sandbox("set", FRONT_DESK, "--voice-url", NEW, env={"NUMCTL_HISTORY": "off"})
    for row in sheet:
        row["friendly_name"] = "Edited"
    ended = sandbox("apply", "-", "--yes", "--json", stdin=json.dumps(sheet))
    assert ended.code == 6
    assert [row["outcome"] for row in ended.json] == ["skipped", "changed"]
    assert sandbox("apply", "-", "--yes", "--force", stdin=json.dumps(sheet)).code == 0


def test_audit_finds_and_its_exit_code_tells() -> None:
    ended = sandbox("audit", "--json", "--rule", "plain-http", "--exit-code")
    assert ended.code == 10
    assert {finding["phone_number"] for finding in ended.json} == {"+12065550107"}
    assert sandbox("audit", "--rule", "nonsense").code == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_purchase_is_told_on_standard_error_when_standard_output_cannot_be_written() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "numctl", "buy", FREE, "--yes", "--sandbox", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 8
    assert f"  {FREE}: bought\n" in done.stderr
    assert record(FREE)["phone_number"] == FREE


def test_without_a_writable_history_there_is_no_plan_no_question_and_no_request(home: Path) -> None:
    folder = home / "state" / "numctl"
    sandbox("list")
    (folder / "sandbox-history.sqlite3").write_text("this is not a history")
    ended = sandbox("set", FRONT_DESK, "--voice-url", NEW)
    file = folder / "sandbox-history.sqlite3"
    assert (ended.code, ended.out, ended.said.splitlines()[0]) == (
        1,
        "",
        f"numctl: {file}: the history cannot be used: it is not a numctl history",
    )
    assert record(FRONT_DESK)["voice_url"] != NEW
    assert sandbox("set", FRONT_DESK, "--voice-url", NEW, env={"NUMCTL_HISTORY": "off"}).code == 0


@pytest.mark.parametrize(
    ("words", "done"),
    [
        (("apply", "-"), "changed"),
        (("buy", "--area-code", "415"), "bought"),
    ],
    ids=["apply", "buy --area-code"],
)
def test_a_history_that_is_off_is_not_even_read(home: Path, words: tuple[str, ...], done: str) -> None:
    sheet = sandbox("list", "--csv", "--limit", "1").out.replace("Front desk", "Front office")
    history = home / "state" / "numctl" / "sandbox-history.sqlite3"
    history.write_text("this is not a history")
    kept = sandbox(*words, "--yes", stdin=sheet)
    assert (kept.code, kept.out, kept.said.startswith(f"numctl: {history}: ")) == (1, "", True)
    off = sandbox(*words, "--yes", "--json", stdin=sheet, env={"NUMCTL_HISTORY": "off"})
    assert (off.code, [(row["phone_number"][:5], row["outcome"]) for row in off.json]) == (0, [("+1415", done)])
    assert history.read_text() == "this is not a history"
    assert "sandbox-history" not in off.err


@pytest.mark.parametrize(
    "words",
    [
        ("set", FRONT_DESK, "--voice-url", NEW),
        ("set", FRONT_DESK, "--voice-url", NEW, "--dry-run"),
        ("buy", FREE, "--yes"),
        ("buy", "--area-code", "415", "--yes"),
        ("release", FRONT_DESK, "--yes"),
        ("transfer", FRONT_DESK, "--to", BRANCH, "--yes"),
        ("apply", "-", "--all-accounts", "--yes"),
    ],
    ids=" ".join,
)
def test_a_wish_about_the_history_that_says_neither_is_refused_before_the_plan(words: tuple[str, ...]) -> None:
    before = sandbox("list", "--all-accounts", "--csv").out
    sheet = before.replace("Front desk", "Front office")
    ended = sandbox(*words, stdin=sheet, env={"NUMCTL_HISTORY": "never"})
    assert (ended.code, ended.out, ended.said) == (3, "", "numctl: NUMCTL_HISTORY is 'never': use on or off\n")
    assert sandbox("list", "--all-accounts", "--csv").out == before


def test_an_empty_id_is_not_the_newest_run() -> None:
    sandbox("set", FRONT_DESK, "--voice-url", NEW)
    ended = sandbox("undo", "", "--yes")
    assert (ended.code, ended.out) == (2, "")
    assert ended.said == "numctl: the run's ID is empty\n  numctl history lists the runs\n"
    assert record(FRONT_DESK)["voice_url"] == NEW


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_numbers_on_standard_input_may_be_utf_16_with_a_byte_order_mark(encoding: str) -> None:
    lines = f"# Zürich\r\n{FRONT_DESK}\r\n+1 (212)\u2011555\u00a00101\r\n".encode(encoding)
    ended = sandbox("set", "-", "--voice-url", NEW, "--dry-run", "--json", stdin=lines)
    assert (ended.code, [row["phone_number"] for row in ended.json]) == (0, [FRONT_DESK, SUPPORT])


@pytest.mark.parametrize("nothing", ["", "\n  \n"])
def test_an_empty_input_leaves_the_sandbox_as_it_was(nothing: str) -> None:
    before = sandbox("list", "--csv").out
    ended = sandbox("sandbox", "load", "-", stdin=nothing)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == ("numctl: -: it is empty; the sandbox was left as it is\n  an account without numbers is []\n")
    assert sandbox("list", "--csv").out == before


def test_the_sandbox_is_loaded_with_a_copy_and_reset() -> None:
    copied = sandbox("list", "--json", "--limit", "2").out
    assert sandbox("sandbox", "load", "-", stdin=copied).err == "numctl: the sandbox now holds 2 numbers\n"
    assert len(sandbox("list", "--json").json) == 2
    sandbox("sandbox", "reset")
    assert len(sandbox("list", "--json").json) == 12
    assert sandbox("history", "--json").out == "[]\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_the_sandbox_reads_the_encodings_that_apply_reads(encoding: str, format: str) -> None:
    copied = sandbox("list", "-o", format, "--limit", "2").out.replace("Front desk", "Zürich \u2028 受付")
    marked = copied if encoding in ("utf-8-sig", "utf-16") else f"\ufeff{copied}"
    loaded = sandbox("sandbox", "load", "-", stdin=marked.encode(encoding))
    assert (loaded.code, loaded.err) == (0, "numctl: the sandbox now holds 2 numbers\n")
    assert record(FRONT_DESK)["friendly_name"] == "Zürich \u2028 受付"


def test_the_sandbox_takes_one_number_as_show_prints_it() -> None:
    shown = sandbox("show", FRONT_DESK, "--json").out
    assert sandbox("sandbox", "load", "-", stdin=shown).err == "numctl: the sandbox now holds 1 number\n"
    assert sandbox("list", "-q").out == f"{FRONT_DESK}\n"


@pytest.mark.parametrize("content", ["phone_number,sid\n+14155550100,PN1\n", "[", "[" * 100_000, "\x00"])
def test_what_the_sandbox_cannot_be_loaded_with_is_refused_in_our_own_words(content: str) -> None:
    ended = sandbox("sandbox", "load", "-", stdin=content)
    assert (ended.code, ended.out, ended.err) == (2, "", "numctl: -: it is not what numctl list --json prints\n")
    assert len(sandbox("list", "--json").json) == 12


def test_a_sandbox_file_that_is_not_ours_is_left_alone(home: Path) -> None:
    state = home / "state" / "numctl" / "sandbox.sqlite3"
    state.parent.mkdir(parents=True)
    state.write_text("somebody's notes")
    ended = sandbox("list")
    assert (ended.code, ended.out) == (1, "")
    assert str(state) in ended.err
    assert state.read_text() == "somebody's notes"


def test_data_alone_goes_to_standard_output() -> None:
    assert sandbox("list", "-q").err == SANDBOX_LINE


@pytest.mark.parametrize("lines", [f"{FRONT_DESK}\n", f"{FRONT_DESK}\n{SUPPORT}\n"])
def test_numbers_on_standard_input_are_asked_about_however_many_come(lines: str) -> None:
    words = ("set", "-", "--friendly-name", "Desk")
    asked = sandbox(*words, "--json", stdin=lines)
    assert (asked.code, asked.out) == (5, "")
    assert "not confirmed: there is no terminal to ask on" in asked.err
    assert sandbox(*words, "--yes", "-q", stdin=lines).out == lines


@pytest.mark.parametrize("where", [("--all-accounts",), ("--account", MAIN, "--account", BRANCH)])
def test_a_number_that_is_looked_for_in_several_accounts_is_asked_about(where: tuple[str, ...]) -> None:
    words = ("set", FRONT_DESK, "--friendly-name", "Desk", *where)
    assert sandbox(*words).code == 5
    assert sandbox(*words, "--yes").code == 0


@pytest.mark.parametrize("form", ["--json", "-q", "--output=table"])
@pytest.mark.parametrize(
    "words",
    [("set", "-", "--friendly-name", "Desk"), ("release", "-"), ("buy", "-"), ("transfer", "-", "--to", BRANCH)],
)
def test_no_number_on_standard_input_is_nothing_to_do(words: tuple[str, ...], form: str) -> None:
    ended = sandbox(*words, form, stdin="\n# none\n")
    assert (ended.code, ended.out) == (0, "[]\n" if form == "--json" else "")
    assert ended.said == "numctl: nothing to do: no NUMBER on standard input\n"


def test_a_sheet_without_rows_is_nothing_to_do() -> None:
    ended = sandbox("apply", "-", "--json", stdin="phone_number,voice_url\n")
    assert (ended.code, ended.out, ended.said) == (0, "[]\n", "numctl: nothing to do: the sheet has no rows\n")


def test_a_plan_of_one_change_is_not_one_of_changes() -> None:
    ended = sandbox("release", FRONT_DESK, "--yes", "--max", "0")
    assert (ended.code, ended.said) == (2, "numctl: the plan has 1 change, --max allows 0; nothing was sent\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("list", "-q", "--csv"), "-q can't be combined with the format csv: it prints one number per line"),
        (("list", "-q", "-o", "table"), "-q can't be combined with the format table: it prints one number per line"),
        (("accounts", "-q", "--fields", "sid"), "-q can't be combined with --fields: it prints one number per line"),
        (
            ("release", FRONT_DESK, "--yes", "--exit-code"),
            "--exit-code needs --dry-run: a change that is made has an exit code of its own",
        ),
    ],
)
def test_an_option_that_would_be_passed_over_is_a_usage_error(words: tuple[str, ...], message: str) -> None:
    ended = sandbox(*words)
    assert (ended.code, ended.out, ended.err) == (2, "", f"numctl: {message}\n")


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("content", ["", "\n \n"], ids=["empty", "blank"])
def test_a_sheet_without_content_is_nothing_to_do(ending: str, content: str, tmp_path: Path) -> None:
    sheet = tmp_path / f"numbers.{ending}"
    sheet.write_text(content)
    ended = sandbox("apply", str(sheet), "--json")
    assert (ended.code, ended.json, ended.said) == (0, [], "numctl: nothing to do: the sheet has no rows\n")


def test_a_name_of_blanks_in_a_sheet_is_refused_and_one_that_the_account_has_is_not() -> None:
    sheet = f"phone_number,friendly_name\n{FRONT_DESK},  \n"
    refused = sandbox("apply", "-", "--yes", stdin=sheet)
    assert (refused.code, refused.out) == (2, "")
    said = "numctl: -: B2 (friendly_name): the name is blank; to clear it: numctl set --clear friendly_name\n"
    assert refused.said == f"{said}  nothing was sent: fix the sheet and apply it again\n"
    numbers = sandbox("list", "--json").json
    for number in numbers:
        number["friendly_name"] = "  "
    assert sandbox("sandbox", "load", "-", stdin=json.dumps(numbers)).code == 0
    same = sandbox("apply", "-", "--json", stdin=sheet)
    assert (same.code, same.json[0]["outcome"]) == (0, "unchanged")


@pytest.mark.parametrize(
    ("columns", "row", "named"),
    [
        ("sid,phone_number", f"PN{'f' * 32},{FRONT_DESK}", f"PN{'f' * 32} ({FRONT_DESK} in the sheet)"),
        ("sid", f"PN{'f' * 32}", f"PN{'f' * 32}"),
        ("phone_number", "+14155550190", "+14155550190"),
    ],
)
def test_a_row_that_finds_nothing_is_named_by_what_it_was_looked_for(columns: str, row: str, named: str) -> None:
    ended = sandbox("apply", "-", "--yes", stdin=f"{columns},voice_url\n{row},{NEW}\n")
    assert (ended.code, ended.out) == (4, "")
    assert ended.said.splitlines()[0] == f"numctl: line 2: {named} is not in {MAIN}"


def test_with_q_a_dry_run_prints_the_numbers_that_would_change_and_the_plan_apart() -> None:
    words = ("set", FRONT_DESK, SUPPORT, "--friendly-name", "Front desk", "--dry-run", "-q")
    ended = sandbox(*words)
    assert (ended.code, ended.out) == (0, f"{SUPPORT}\n")
    assert ended.said == sandbox(*words[:-1]).out
    again = sandbox("set", FRONT_DESK, "--friendly-name", "Front desk", "--dry-run", "-q")
    assert (again.code, again.out) == (0, "")


def test_with_q_and_yes_the_plan_is_not_printed() -> None:
    ended = sandbox("set", FRONT_DESK, "--friendly-name", "Reception", "--yes", "-q")
    assert (ended.code, ended.out) == (0, f"{FRONT_DESK}\n")
    assert re.fullmatch(r"run [0-9a-z]{11}; undo: numctl undo [0-9a-z]{11} --sandbox\n", ended.said)
