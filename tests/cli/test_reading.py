"""list, show, search and accounts, as a user meets them on the sandbox."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess

import pytest

from numctl.model.number import COLUMNS
from tests.cli.program import BRANCH, FRONT_DESK, MAIN, NUMCTL, SANDBOX_LINE, TRUNKED, numctl, sandbox

DOCUMENTED = [
    "account_sid",
    "address_sid",
    "address_requirements",
    "api_version",
    "beta",
    "capabilities",
    "date_updated",
    "friendly_name",
    "identity_sid",
    "phone_number",
    "origin",
    "sid",
    "sms_application_sid",
    "sms_fallback_method",
    "sms_fallback_url",
    "sms_method",
    "sms_url",
    "status_callback",
    "status_callback_method",
    "trunk_sid",
    "uri",
    "voice_receive_mode",
    "voice_application_sid",
    "voice_caller_id_lookup",
    "voice_fallback_method",
    "voice_fallback_url",
    "voice_method",
    "voice_url",
    "emergency_status",
    "emergency_address_sid",
    "emergency_address_status",
    "bundle_sid",
    "status",
]


def test_every_documented_property_is_in_every_form() -> None:
    assert len(DOCUMENTED) == 33
    listed = sandbox("list", "--json").json
    shown = sandbox("show", FRONT_DESK, "--json").json
    assert set(DOCUMENTED) <= set(listed[0])
    assert set(DOCUMENTED) <= set(shown)
    header = sandbox("list", "--csv").out.splitlines()[0].split(",")
    assert tuple(header) == COLUMNS
    flattened = {"capabilities_voice", "capabilities_sms", "capabilities_mms", "capabilities_fax"}
    assert set(header) == set(DOCUMENTED) - {"capabilities"} | flattened | {"date_created", "type"}


def test_list_says_only_that_it_is_the_sandbox_on_standard_error() -> None:
    ended = sandbox("list", "-q")
    assert (ended.code, ended.err) == (0, SANDBOX_LINE)
    assert ended.out.splitlines()[0] == FRONT_DESK
    assert len(ended.out.splitlines()) == 12


def test_json_lines_and_json_hold_the_same_records() -> None:
    lines = [json.loads(line) for line in sandbox("list", "-o", "jsonl").out.splitlines()]
    assert lines == sandbox("list", "--json").json


def test_csv_is_what_a_csv_reader_reads_back() -> None:
    rows = list(csv.DictReader(io.StringIO(sandbox("list", "--csv").out)))
    assert [row["phone_number"] for row in rows] == sandbox("list", "-q").out.split()
    assert rows[0]["capabilities_voice"] == "true"


def test_fields_are_picked_in_the_order_asked_in_every_format() -> None:
    asked = ("--fields", "sid,phone_number", "--limit", "1")
    record = sandbox("show", FRONT_DESK, "--json").json
    assert sandbox("list", "--json", *asked).json == [{"sid": record["sid"], "phone_number": FRONT_DESK}]
    assert sandbox("list", "--csv", *asked).out == f"sid,phone_number\n{record['sid']},{FRONT_DESK}\n"
    assert sandbox("list", *asked).out == f"sid\tphone_number\n{record['sid']}\t{FRONT_DESK}\n"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--number", "415*"), [FRONT_DESK]),
        (("--friendly-name", "Front desk"), [FRONT_DESK]),
        (("--type", "toll-free"), ["+18005550100"]),
        (("--where", "trunk_sid!="), [TRUNKED]),
        (("--where", "friendly_name=Front*"), [FRONT_DESK]),
        (("--where", "any_url~FRONT-DESK"), [FRONT_DESK]),
        (("--country", "gb"), ["+447700900123"]),
        (("--where", "phone_number=+1*", "--capability", "mms", "--where", "voice_url=http://*"), ["+12065550107"]),
    ],
)
def test_filters_find_exactly(words: tuple[str, ...], found: list[str]) -> None:
    ended = sandbox("list", "-q", *words)
    assert (ended.code, ended.out.split(), ended.said) == (0, found, "")


def test_a_filter_that_fails_on_case_alone_says_so_in_a_pipe_too() -> None:
    ended = sandbox("list", "--where", "friendly_name=front*", "-q")
    assert (ended.code, ended.out, ended.said) == (
        0,
        "",
        "numctl: nothing matches, but 1 number would if case did not count: = is case-sensitive, ~ is not\n",
    )
    assert sandbox("list", "--where", "friendly_name=nobody*", "-q").said == ""
    assert sandbox("list", "--where", "friendly_name=Front*", "-q").said == ""


@pytest.mark.parametrize("operator", ["~", "!~"])
def test_an_unset_variable_behind_a_filter_is_a_usage_error(operator: str) -> None:
    ended = sandbox("list", "--where", f"any_url{operator}", "-q")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"numctl: --where 'any_url{operator}': no text after {operator}\n")


def test_a_filter_on_a_capability_finds_the_numbers_that_have_it() -> None:
    can_fax = [row["phone_number"] for row in sandbox("list", "--json").json if row["capabilities"]["fax"]]
    assert sandbox("list", "--where", "capabilities~fax", "-q").out.split() == can_fax


def test_an_unknown_field_in_where_is_a_usage_error() -> None:
    ended = sandbox("list", "--where", "nonsense=1")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("numctl: --where 'nonsense=1': there is no field 'nonsense'\n")


def test_a_limit_that_cut_the_list_says_so_and_one_that_did_not_is_silent() -> None:
    assert sandbox("list", "-q", "--limit", "2").said == "numctl: first 2 shown (--limit); more exist\n"
    assert sandbox("list", "-q", "--limit", "12").said == ""


def test_an_empty_list_is_an_empty_array() -> None:
    ended = sandbox("list", "--json", "--friendly-name", "nobody")
    assert (ended.code, ended.out, ended.said) == (0, "[]\n", "")


@pytest.mark.skipif(os.name != "posix", reason="the pipe is that of bash")
@pytest.mark.parametrize("output", ["table", "csv", "json", "jsonl"])
def test_a_reader_that_stops_early_is_no_error(output: str) -> None:
    script = f"{NUMCTL} list --sandbox -o {output} | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, SANDBOX_LINE)
    assert len(done.stdout.splitlines()) == 1


def test_show_finds_by_sid_and_never_by_a_part() -> None:
    sid = sandbox("show", FRONT_DESK, "--json").json["sid"]
    assert sandbox("show", sid, "-q").out == f"{FRONT_DESK}\n"
    ended = sandbox("show", "+1415555010", "--json")
    assert (ended.code, ended.out) == (4, "")
    error = json.loads(ended.err.splitlines()[-1])["error"]
    assert error["exit_code"] == 4
    assert error["message"] == f"+1415555010 is not in {MAIN}"
    assert error["hint"] == "not found here; try --all-accounts"


def test_all_accounts_are_listed_with_the_account_of_each_number() -> None:
    accounts = {record["account_sid"] for record in sandbox("list", "--all-accounts", "--json").json}
    assert accounts == {MAIN, BRANCH}
    assert sandbox("list", "--account", "Sandbox branch", "-q").out.split() == ["+14155550120", "+18665550121"]


def test_accounts_are_listed_without_a_token() -> None:
    ended = sandbox("accounts", "--json")
    assert [account["sid"] for account in ended.json] == [MAIN, BRANCH]
    assert all(set(account) == {"sid", "friendly_name", "status"} for account in ended.json)


def test_search_finds_what_is_for_sale_and_says_what_cannot_be_asked() -> None:
    found = sandbox("search", "US", "--area-code", "415", "--limit", "3", "-q")
    assert [number[:5] for number in found.out.split()] == ["+1415"] * 3
    assert sandbox("search", "--contains", "0000000", "--json").out == "[]\n"
    refused = sandbox("search", "DE", "--area-code", "030")
    assert refused.code == 2
    refused = sandbox("search", "DE", "--area-code", "415")
    assert (refused.code, refused.err) == (2, "numctl: --area-code is only for the US and Canada, not for DE\n")


def test_whoami_names_account_and_source_and_never_the_secret() -> None:
    ended = sandbox("whoami", "--json")
    assert ended.json == {
        "account_sid": MAIN,
        "friendly_name": "Sandbox",
        "profile": None,
        "source": "sandbox",
        "main_account": MAIN,
        "subaccounts": 1,
        "auth": "token",
        "key_sid": None,
        "region": None,
        "edge": None,
        "api_url": "https://sandbox.invalid",
        "keyring": None,
    }
    assert "fac71710" not in ended.out + ended.err


def test_without_credentials_three_lines_say_how_to_begin() -> None:
    ended = numctl("list")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        "numctl: there are no credentials yet\n"
        "  numctl login stores an account's credentials\n"
        "  or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)\n"
        "  numctl list --sandbox tries it without an account\n"
    )


def test_without_credentials_json_has_one_hint_of_three_lines() -> None:
    ended = numctl("list", "--json")
    assert (ended.code, ended.out) == (3, "")
    error = json.loads(ended.err)["error"]
    assert error["message"] == "there are no credentials yet"
    assert error["hint"].splitlines() == [
        "numctl login stores an account's credentials",
        "or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)",
        "numctl list --sandbox tries it without an account",
    ]


@pytest.mark.parametrize(
    "words", ["list", "list --fields phone_number,status", "audit", "accounts", f"release {FRONT_DESK} --yes"]
)
def test_piped_data_is_never_coloured(words: str) -> None:
    forced = sandbox(*words.split(), env={"FORCE_COLOR": "1", "TERM": "xterm"})
    assert "\x1b" not in forced.out
    assert forced.out.count("\t") > 0
