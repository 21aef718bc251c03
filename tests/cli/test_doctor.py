"""`numctl doctor`: whole outputs, what it asks of the service, and what it does where nothing works."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pexpect
import pytest

from numctl import __version__
from numctl.credentials import profiles
from numctl.doctor import examine
from numctl.doctor.finding import Situation
from numctl.system import files
from tests.cli import inside
from tests.cli.keeper import keeping
from tests.cli.program import MAIN, NUMCTL, SANDBOX_LINE, Ended, alone, numctl, sandbox
from tests.cli.served import pointed_at
from tests.cli.test_homeless import NOBODY
from tests.wire import faults
from tests.wire.reply import Received, problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, ROOT, TOKEN, Service, basic, running

NULL = "keyring.backends.null.Keyring: it forgets what it is given"
VERSIONS = f"numctl {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}"
WITHOUT_KEYRING = (
    "without a keyring, set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)"
)
NO_CREDENTIALS = """numctl login stores an account's credentials
or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and TWILIO_API_SECRET)
numctl list --sandbox tries it without an account"""
ACCOUNTS = f"{ROOT}.json"
OWN = f"{ROOT}/{ACCOUNT}.json"
NUMBERS = f"{ROOT}/{ACCOUNT}/IncomingPhoneNumbers.json"


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as service:
        yield service


def asked(service: Service) -> list[str]:
    """The paths that were asked for; nothing else may have been sent."""
    assert {request.method for request in service.received} <= {"GET"}
    return [request.path for request in service.received]


def rows(ended: Ended) -> dict[str, tuple[str, str, str | None]]:
    """Status, message and hint of each check."""
    return {row["check"]: (row["status"], row["message"], row["hint"]) for row in ended.json}


def doctor(service: Service, *words: str, **env: str) -> Ended:
    return numctl("doctor", "--json", *words, env=pointed_at(service) | env)


def test_all_is_in_order_in_the_sandbox() -> None:
    ended = sandbox("doctor")
    assert (ended.code, ended.err) == (0, SANDBOX_LINE)
    first, *rest = ended.out.splitlines()
    assert first == f"✓ version        {VERSIONS} {platform.machine()}"
    assert rest == [
        "✓ variables      set: NUMCTL_SANDBOX",
        f"✓ config-folder  {files.config_dir()} (made when it is needed)",
        f"✓ state-folder   {files.state_dir()}",
        f"✓ cache-folder   {files.cache_dir()} (made when it is needed)",
        "✓ configuration  no profiles: numctl login adds one",
        f"✓ keyring        {NULL}; not needed with credentials from the sandbox",
        "✓ region         the sandbox, on this machine",
        "✓ network        not needed: the sandbox answers on this machine",
        "✓ clock          not compared: the sandbox has this machine's",
        f"✓ credentials    sandbox: {MAIN} with the auth token; the service accepts them",
        f"✓ account        Sandbox ({MAIN}), a main account with 1 subaccount",
        "✓ numbers        can be read",
        "✓ history        no changes recorded yet",
        "✓ cache          no numbers yet: numctl list fills it",
        "✓ completion     none for an unknown shell: there are scripts for bash, zsh, fish",
        "all in order",
    ]


def test_problems_come_with_their_hints_below_them_and_are_counted(service: Service) -> None:
    ended = numctl("doctor", env={"NUMCTL_API_URL": service.url, "TWILIO_ACCOUNTSID": ACCOUNT, "SHELL": "/bin/zsh"})
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines()[1:] == [
        "! variables      TWILIO_ACCOUNTSID is not read",
        "    did you mean TWILIO_ACCOUNT_SID?",
        f"✓ config-folder  {files.config_dir()} (made when it is needed)",
        f"✓ state-folder   {files.state_dir()} (made when it is needed)",
        f"✓ cache-folder   {files.cache_dir()} (made when it is needed)",
        "✓ configuration  no profiles: numctl login adds one",
        f"! keyring        {NULL}; login stores nothing there",
        f"    {WITHOUT_KEYRING}",
        f"✓ region         {service.url} (NUMCTL_API_URL)",
        f"✓ network        {service.url} answers",
        "✓ clock          agrees with the service's within 60 seconds",
        "✗ credentials    there are no credentials yet",
        *(f"    {line}" for line in NO_CREDENTIALS.splitlines()),
        "✓ history        no changes recorded yet",
        "✓ cache          not looked at: it belongs to an account",
        "! completion     not installed for zsh",
        "    echo 'source <(numctl completion zsh)' >> ~/.zshrc   # after the line with compinit",
        "1 error, 3 warnings",
    ]


def test_without_credentials_one_request_without_any_is_made(service: Service) -> None:
    ended = numctl("doctor", "--json", "-v", env={"NUMCTL_API_URL": service.url})
    assert rows(ended)["credentials"] == ("error", "there are no credentials yet", NO_CREDENTIALS)
    assert asked(service) == [ACCOUNTS]
    assert "Authorization" not in service.received[0].headers
    assert ended.err.splitlines()[0] == f"> GET {service.url}{ACCOUNTS} PageSize='1'"


def test_json_has_four_keys_per_check_and_two_requests_are_enough(service: Service) -> None:
    ended = doctor(service)
    assert (ended.code, ended.err) == (0, "")
    assert {tuple(row) for row in ended.json} == {("check", "status", "message", "hint")}
    assert [row["check"] for row in ended.json] == list(examine.CHECKS)
    found = rows(ended)
    accepted = f"environment: {ACCOUNT} with the auth token; the service accepts them"
    assert found["credentials"] == ("ok", accepted, None)
    name = f"Lighthouse Bakery ({ACCOUNT}), a main account with 0 subaccounts"
    assert (found["account"], found["numbers"]) == (("ok", name, None), ("ok", "can be read", None))
    assert asked(service) == [ACCOUNTS, NUMBERS]


def test_a_key_that_reads_no_accounts_is_in_order_after_three_requests(service: Service) -> None:
    key, secret = "SK" + "7" * 32, "5" * 32
    service.accepted.add(basic(key, secret))
    service.keys.add(basic(key, secret))
    service.fail(faults.status(401, body=problem(401, 20003, "Authenticate").body), on="GET", times=2)
    found = rows(doctor(service, TWILIO_AUTH_TOKEN="", TWILIO_API_KEY=key, TWILIO_API_SECRET=secret))
    accepted = f"environment: {ACCOUNT} with API key {key}; the service accepts them"
    assert found["credentials"] == ("ok", accepted, None)
    assert found["account"][:2] == (
        "ok",
        f"{ACCOUNT}: this API key reads no accounts, only what belongs to this one",
    )
    assert found["numbers"] == ("ok", "can be read", None)
    assert asked(service) == [ACCOUNTS, OWN, NUMBERS]


def test_credentials_with_which_nothing_can_be_read_are_an_error(service: Service) -> None:
    ended = doctor(service, TWILIO_AUTH_TOKEN="f" * 32)
    found = rows(ended)
    refused = "the service answered: Authenticate (code 20003, HTTP 401)"
    assert (ended.code, found["credentials"][0]) == (1, "error")
    assert found["credentials"][1] == f"environment: {ACCOUNT} with the auth token: {refused}"
    assert found["network"] == ("ok", f"{service.url} answers", None)
    assert not {"account", "numbers"} & set(found)
    assert asked(service) == [ACCOUNTS, OWN, NUMBERS]


def test_numbers_that_may_not_be_read_are_an_error(service: Service) -> None:
    service.fail(faults.altered("as it is", lambda body: body), on="GET")
    service.fail(faults.status(403, body=problem(403, 20403, "Forbidden").body), on="GET")
    ended = doctor(service)
    assert (ended.code, rows(ended)["numbers"][:2]) == (
        1,
        ("error", "cannot be read: the service answered: Forbidden (code 20403, HTTP 403)"),
    )
    assert rows(ended)["credentials"][0] == "ok"


def test_a_suspended_account_is_an_error(service: Service) -> None:
    service.state.accounts[ACCOUNT]["status"] = "suspended"
    ended = doctor(service)
    assert (ended.code, rows(ended)["account"][:2]) == (
        1,
        ("error", f"Lighthouse Bakery ({ACCOUNT}) is suspended"),
    )


def test_a_subaccount_that_is_acted_on_is_named_with_its_owner(service: Service) -> None:
    service.state.accounts[OTHER_ACCOUNT]["owner_account_sid"] = ACCOUNT
    ended = doctor(service, "--account", "Lighthouse Bakery, harbour branch")
    branch = f"Lighthouse Bakery, harbour branch ({OTHER_ACCOUNT}), a subaccount of {ACCOUNT}"
    assert (ended.code, rows(ended)["account"]) == (0, ("ok", branch, None))
    assert asked(service) == [ACCOUNTS, ACCOUNTS, f"{ROOT}/{OTHER_ACCOUNT}/IncomingPhoneNumbers.json"]


def test_an_account_that_is_not_there_is_an_error(service: Service) -> None:
    ended = doctor(service, NUMCTL_ACCOUNT="Elsewhere")
    missing = ("error", "no active account is named 'Elsewhere'", "numctl accounts lists them")
    assert (ended.code, rows(ended)["account"]) == (1, missing)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (faults.RESET, "the connection broke; GET {}"),
        (faults.HTML, "the answer cannot be used: it is not the JSON that the service documents; GET {}"),
        (faults.status(503), "the service answered 503: Internal Server Error (code 20500); GET {}"),
        (faults.throttled(), "the service refused: too many requests (code 20429, HTTP 429)"),
    ],
    ids=str,
)
def test_a_service_that_cannot_be_used_is_asked_once(service: Service, fault: faults.Fault, message: str) -> None:
    service.fail(fault, times=9)
    ended = doctor(service)
    found = rows(ended)
    assert (ended.code, found["network"][:2]) == (1, ("error", message.format(service.url)))
    unknown = f"environment: {ACCOUNT} with the auth token; not checked: the service cannot be used"
    assert found["credentials"] == ("warning", unknown, None)
    assert asked(service) == [ACCOUNTS]


def test_a_service_that_does_not_answer_is_not_asked_for_the_name_of_an_account(service: Service) -> None:
    service.fail(faults.RESET, times=9)
    assert doctor(service, "--account", "Elsewhere").code == 1
    assert asked(service) == [ACCOUNTS]


def test_a_network_that_is_not_there_is_an_error_and_the_clock_is_not_compared() -> None:
    given = {"NUMCTL_API_URL": "http://127.0.0.1:1", "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
    found = rows(numctl("doctor", "--json", env=given))
    no_way = "no connection could be made; GET http://127.0.0.1:1"
    assert found["network"] == ("error", no_way, "check the network, then try again")
    assert found["clock"] == ("warning", "not compared: no answer of the service says the time", None)


@pytest.mark.parametrize(("hours", "way"), [(-2, "ahead of"), (2, "behind")])
def test_a_clock_that_is_wrong_is_a_warning(service: Service, hours: int, way: str) -> None:
    service.fail(dated(hours))
    status, message, hint = rows(doctor(service))["clock"]
    assert (status, message.split(" seconds ")[1]) == ("warning", f"{way} the service")
    assert 7190 < int(message.split()[3]) < 7230
    assert hint == "set this machine's clock: certificates and the times in the history depend on it"


def dated(hours: int) -> faults.Fault:
    """Answer rightly, with a time that is so many hours late."""

    def act(connection: Any, reply: Any) -> None:
        connection.date_time_string = lambda: formatdate(time.time() + hours * 3600, usegmt=True)
        connection.write(reply)

    return faults.Fault(f"{hours} hours", act)


def test_a_broken_file_of_profiles_is_an_error_and_stops_nothing(service: Service) -> None:
    config = profiles.config_path()
    config.parent.mkdir(parents=True)
    config.write_text('default_profile = "nougat\n', encoding="utf-8")
    found = rows(doctor(service))
    assert found["configuration"][0] == "error"
    assert found["configuration"][1].startswith(f"{config}: it is not TOML: ")
    assert found["credentials"][0] == "ok"


def test_a_profile_is_checked_with_its_secret_from_the_keyring(tmp_path: Path, service: Service) -> None:
    with keeping(tmp_path, service.url) as (_, environ):
        assert alone("login", "--account-sid", ACCOUNT, stdin=f"{TOKEN}\n", env=environ).code == 0
        service.received.clear()
        ended = alone("doctor", "--json", env=environ)
    found = rows(ended)
    assert (ended.code, ended.err) == (0, "")
    assert found["keyring"] == ("ok", "in_memory_of_the_test.Keyring", None)
    accepted = f"profile default: {ACCOUNT} with the auth token; the service accepts them"
    assert found["credentials"] == ("ok", accepted, None)
    assert asked(service) == [ACCOUNTS, NUMBERS]
    assert TOKEN not in ended.out


def test_a_keyring_that_cannot_be_used_is_an_error_of_whoever_needs_it(service: Service) -> None:
    config = profiles.config_path()
    config.parent.mkdir(parents=True)
    config.write_text(f'default_profile = "work"\n[profiles.work]\naccount_sid = "{ACCOUNT}"\n', encoding="utf-8")
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:1", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    ended = numctl("doctor", "--json", env=nowhere)
    found = rows(ended)
    assert (ended.code, ended.err) == (1, "")
    assert found["keyring"] == ("error", "the keyring cannot be used: there is none", WITHOUT_KEYRING)
    assert found["credentials"] == ("error", "the profile's secret cannot be read", "see keyring")
    assert found["configuration"] == ("ok", f"{config}: 1 profile, default work", None)


def test_a_check_that_fails_unexpectedly_is_an_error_and_the_others_go_on(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(situation: Situation) -> Iterator[Any]:
        raise RuntimeError(TOKEN)

    monkeypatch.setitem(examine.CHECKS, "clock", broken)
    ended = inside.numctl(service, "doctor", "--json")
    found = rows(ended)
    assert ended.code == 1
    assert found["clock"] == ("error", "the check failed unexpectedly (RuntimeError)", "this is a bug in numctl")
    assert (found["credentials"][0], found["completion"][0]) == ("ok", "ok")
    assert TOKEN not in ended.out + ended.err


def test_connecting_that_fails_unexpectedly_is_an_error_too(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr("numctl.cli.verbs.doctor.connect", broken)
    ended = inside.numctl(service, "doctor", "--json")
    unexpected = ("error", "something unexpected happened (RuntimeError)", "this is a bug in numctl")
    assert (ended.code, rows(ended)["credentials"]) == (1, unexpected)
    assert TOKEN not in ended.out + ended.err


@pytest.mark.skipif(os.name != "posix", reason="only there is a user without a home folder")
def test_a_user_without_a_home_folder_is_told_which_folders_are_missing(
    tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(NOBODY)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    ended = alone("doctor", "--json", env=pointed_at(service) | {"PYTHONPATH": str(tmp_path), "SHELL": "/bin/bash"})
    found = rows(ended)
    wanted = {"config": "warning", "state": "error", "cache": "warning"}
    for kind, status in wanted.items():
        message = f"there is no home folder, and so no {kind} folder for numctl"
        hint = f"set HOME, or XDG_{kind.upper()}_HOME to an absolute path"
        assert found[f"{kind}-folder"] == (status, message, hint)
    assert (ended.code, found["credentials"][0], found["configuration"][0]) == (1, "ok", "ok")


def test_quietly_only_the_checks_that_are_not_in_order_are_named(service: Service) -> None:
    wrong = {"TWILIO_SID": ACCOUNT, "NUMCTL_FOO": "1", "TWILIO_ACCOUNT_SID": ""}
    assert numctl("doctor", "-q", env=pointed_at(service) | wrong) == Ended(1, "variables\nkeyring\ncredentials\n", "")


def test_fields_are_picked_as_in_every_verb(service: Service) -> None:
    ended = numctl("doctor", "--fields", "status,check", env=pointed_at(service))
    assert ended == Ended(0, "status\tcheck\n" + "".join(f"ok\t{name}\n" for name in examine.CHECKS), "")


@pytest.mark.parametrize("token", [TOKEN, ""], ids=["with credentials", "without"])
def test_two_accounts_are_a_usage_error(service: Service, token: str) -> None:
    ended = doctor(service, "--account", ACCOUNT, "--account", OTHER_ACCOUNT, TWILIO_AUTH_TOKEN=token)
    assert (ended.code, ended.out) == (2, "")
    assert service.received == list[Received]()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals there")
def test_on_a_terminal_signs_have_a_colour_and_long_lines_wrap_below_their_own() -> None:
    env = {**os.environ, "SHELL": "/bin/fish", "NUMCTL_FOO": "1", "NUMCTL_SANDBOX": "1"}
    child = pexpect.spawn("/bin/sh", ["-c", f"{NUMCTL} doctor"], env=env, encoding="utf-8", dimensions=(60, 72))
    child.expect(pexpect.EOF)
    child.close()
    lines = child.before.replace("\r\n", "\n").splitlines()
    assert child.exitstatus == 0
    assert "\x1b[32m✓\x1b[0m region         the sandbox, on this machine" in lines
    start = lines.index("\x1b[33m!\x1b[0m variables      NUMCTL_FOO is not read")
    assert lines[start + 1 : start + 3] == [
        "    numctl's own are NUMCTL_PROFILE, NUMCTL_ACCOUNT, NUMCTL_SANDBOX,",
        "      NUMCTL_API_URL, NUMCTL_HISTORY, NUMCTL_MAX",
    ]
    assert lines[-3:] == [
        "\x1b[33m!\x1b[0m completion     not installed for fish",
        "    \x1b[36mnumctl completion fish > ~/.config/fish/completions/numctl.fish\x1b[0m",
        "2 warnings",
    ]
