"""login and logout: under which name a profile is kept, what is shown of it, and what the sandbox has no use for."""

from __future__ import annotations

import os
import subprocess
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.keeper import Keeper, keeping
from tests.cli.program import COMMAND, Ended, alone, numctl
from tests.wire.faults import Fault, status
from tests.wire.reply import Received, Reply, problem
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, TOKEN, Service, basic, running

SANDBOX = "numctl: the sandbox needs no login and has no profile: leave out --sandbox and NUMCTL_SANDBOX\n"


@dataclass
class Desk:
    """A keyring, and the service that is asked whether a secret is right."""

    service: Service
    keeper: Keeper
    environ: dict[str, str]

    def run(self, *words: str, stdin: str = "", **env: str) -> Ended:
        """Run numctl with the keyring."""
        return alone(*words, stdin=stdin, env={**self.environ, **env})

    def login(self, *words: str, **env: str) -> Ended:
        """Log in with the token."""
        return self.run("login", "--account-sid", ACCOUNT, *words, stdin=f"{TOKEN}\n", **env)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running() as service, keeping(tmp_path, service.url) as (keeper, environ):
        yield Desk(service, keeper, environ)


def stored(name: str) -> str:
    return f"numctl: profile '{name}' is stored (in_memory_of_the_test.Keyring)\n"


@pytest.mark.parametrize(
    ("words", "variable", "name"),
    [((), "", "default"), ((), "work", "work"), (("--profile", "home"), "work", "home")],
    ids=["default", "NUMCTL_PROFILE", "--profile"],
)
def test_a_login_stores_the_profile_that_the_option_or_else_the_variable_names(
    desk: Desk, words: tuple[str, ...], variable: str, name: str
) -> None:
    ended = desk.login(*words, NUMCTL_PROFILE=variable)
    assert (ended.code, ended.out, ended.err) == (0, "", stored(name))
    assert list(desk.keeper.secrets.values()) == [TOKEN]
    assert [row["profile"] for row in desk.run("whoami", "--profiles", "--json").json] == [name]
    assert desk.service.count("GET") == 1


def test_a_verbose_login_shows_its_request_without_the_secret(desk: Desk) -> None:
    ended = desk.login("-v")
    sent, answered, said = ended.err.splitlines(keepends=True)
    assert (ended.code, ended.out, said) == (0, "", stored("default"))
    assert sent.startswith(f"> GET {desk.service.url}/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json")
    assert "Authorization: [redacted]" in sent
    assert answered.startswith("< 200")
    assert TOKEN not in ended.err


@pytest.mark.parametrize(("words", "variable"), [(("--sandbox",), ""), ((), "1")], ids=["--sandbox", "NUMCTL_SANDBOX"])
def test_the_sandbox_neither_stores_nor_forgets_a_profile(desk: Desk, words: tuple[str, ...], variable: str) -> None:
    refused = desk.login(*words, NUMCTL_SANDBOX=variable)
    assert (refused.code, refused.out, refused.err) == (2, "", SANDBOX)
    assert (desk.keeper.secrets, desk.service.received) == ({}, [])
    desk.login()
    kept = dict(desk.keeper.secrets)
    refused = desk.run("logout", *words, NUMCTL_SANDBOX=variable)
    assert (refused.code, refused.out, refused.err) == (2, "", SANDBOX)
    assert (desk.keeper.secrets, desk.run("list", "-q").code) == (kept, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--api-key", TOKEN],
            "invalid value for '--api-key': the value is not a valid SID: SK and 32 hexadecimal digits",
        ),
        (
            ["--account-sid", TOKEN],
            "invalid value for '--account-sid': the value is not a valid SID: AC and 32 hexadecimal digits",
        ),
        ([TOKEN], "login takes no arguments; the secret is asked for, or read from standard input"),
    ],
    ids=["--api-key", "--account-sid", "argument"],
)
def test_a_secret_in_the_wrong_place_is_not_repeated(words: list[str], said: str) -> None:
    hint = "  for help: numctl login --help\n"
    ended = numctl("login", *words)
    assert (ended.code, ended.out, ended.err) == (2, "", f"numctl: {said}\n{hint}")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero here")
def test_a_standard_input_without_end_is_no_secret(desk: Desk) -> None:
    with open("/dev/zero", "rb") as endless:
        done = subprocess.run(
            [*COMMAND, "login", "--account-sid", ACCOUNT],
            env={**os.environ, **desk.environ},
            stdin=endless,
            capture_output=True,
            text=True,
            timeout=60,
        )
    said = "numctl: standard input does not hold the auth token: its first line is longer than 4096 bytes\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert (desk.keeper.secrets, desk.service.received) == ({}, [])


def test_what_is_no_text_is_no_secret_and_a_byte_order_mark_is_not_part_of_it(desk: Desk) -> None:
    words = ("login", "--account-sid", ACCOUNT)
    ended = numctl(*words, stdin=b"\xff\xfe\n")
    assert (ended.code, ended.err) == (2, "numctl: standard input does not hold the auth token: it is not text\n")
    assert desk.run(*words, stdin=f"\ufeff{TOKEN}\r\n").code == 0
    assert list(desk.keeper.secrets.values()) == [TOKEN]


@pytest.mark.parametrize("verb", ["login", "logout"])
def test_a_variable_that_cannot_name_a_profile_is_named(verb: str) -> None:
    ended = numctl(verb, env={"NUMCTL_PROFILE": ".."})
    said = "numctl: NUMCTL_PROFILE is malformed: '..' is not a profile name: use letters, digits, and . _ - inside\n"
    assert (ended.code, ended.out, ended.err) == (3, "", said)


def test_a_region_is_stored_and_shown_with_the_edge_through_which_it_is_reached(desk: Desk) -> None:
    assert desk.login("--region", "ie1").code == 0
    found = desk.run("whoami", "--json").json
    assert [found[key] for key in ("source", "region", "edge")] == ["keyring", "ie1", "dublin"]
    (row,) = desk.run("whoami", "--profiles", "--json").json
    assert (row["region"], row["edge"]) == ("ie1", None)


def test_a_region_without_a_known_edge_is_refused_before_the_secret_is_sent(desk: Desk) -> None:
    ended = desk.login("--region", "xx9")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        "numctl: profile 'default': region 'xx9' needs an edge: "
        "only au1, br1, de1, ie1, jp1, jp2, sg1, us2, us1 have a default\n"
        "  give its edge: numctl login --profile default --region xx9 --edge EDGE\n"
    )
    assert (desk.keeper.secrets, desk.service.received) == ({}, [])


@pytest.mark.skipif(os.name != "posix", reason="links and the words of an error are POSIX's")
def test_where_no_profile_can_be_written_no_secret_is_stored(desk: Desk, home: Path) -> None:
    folder = home / "config" / "numctl"
    folder.parent.mkdir(parents=True)
    folder.symlink_to("nowhere")
    ended = desk.login()
    assert (ended.code, ended.out, ended.err) == (
        1,
        "",
        f"numctl: {folder}: the folder cannot be created: File exists\n",
    )
    assert desk.keeper.secrets == {}


@pytest.mark.skipif(os.name != "posix", reason="the mode says nothing elsewhere")
def test_a_folder_that_is_open_to_others_is_told_of(home: Path) -> None:
    folder = home / "state" / "numctl"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    warning = f"numctl: warning: other users may write to {folder}; chmod 700 closes it to them\n"
    for words in (["list", "--sandbox"], ["history"], ["sandbox", "reset"], ["whoami"], ["logout"]):
        assert numctl(*words).err.count(warning) == 1, words
    folder.chmod(0o700)
    assert "warning" not in numctl("list", "--sandbox").err


# --- Several at once


class Waited(Service):
    """A service that does something before it answers."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def answer(self, request: Received) -> tuple[Reply, Fault | None]:
        self.meanwhile()
        return super().answer(request)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Desk]:
    service = Waited()
    with closing(service), keeping(tmp_path, service.url) as (keeper, environ):
        yield Desk(service, keeper, environ)


def profiles(home: Path) -> set[str]:
    return set(tomllib.loads((home / "config" / "numctl" / "config.toml").read_text(encoding="utf-8"))["profiles"])


def test_three_logins_at_once_store_three_profiles(busy: Desk, home: Path) -> None:
    together = threading.Barrier(3, timeout=60)
    busy.service.meanwhile = together.wait  # type: ignore[attr-defined] # each has read all that it reads before
    names = ["one", "two", "three"]
    desks = [threading.Thread(target=busy.login, args=("--profile", name)) for name in names]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert profiles(home) == set(names)
    assert {user.partition(":")[0] for _, user in busy.keeper.secrets} == set(names)


def test_a_login_that_was_waiting_does_not_bring_back_what_logout_removed(busy: Desk, home: Path) -> None:
    busy.login("--profile", "old")
    busy.service.meanwhile = lambda: busy.run("logout", "--profile", "old")  # type: ignore[attr-defined]
    assert busy.login("--profile", "new").code == 0
    assert profiles(home) == {"new"}
    assert [user for _, user in busy.keeper.secrets] == [f"new:{ACCOUNT}@{ACCOUNT}"]


def test_a_login_under_a_name_that_had_another_account_leaves_no_secret_behind(desk: Desk) -> None:
    desk.login("--profile", "work")
    desk.service.accepted.add(basic(OTHER_ACCOUNT, TOKEN))
    again = desk.run("login", "--account-sid", OTHER_ACCOUNT, "--profile", "work", stdin=f"{TOKEN}\n")
    assert (again.code, again.err) == (0, stored("work"))
    assert [user for _, user in desk.keeper.secrets] == [f"work:{OTHER_ACCOUNT}@{OTHER_ACCOUNT}"]


def test_a_logout_with_nothing_to_forget_makes_no_folder(home: Path) -> None:
    said = "numctl: there is no profile to remove\n  numctl whoami --profiles lists them\n"
    ended = numctl("logout")
    assert (ended.code, ended.out, ended.err) == (3, "", said)
    assert not (home / "config").exists()


@pytest.mark.parametrize(
    ("code", "message"),
    [(70051, "Authorization Error: missing permission numbers/list"), (20008, "Resource not accessible")],
)
def test_a_key_that_may_not_list_numbers_is_accepted_all_the_same(desk: Desk, code: int, message: str) -> None:
    desk.service.fail(status(403, body=problem(403, code, message).body), on="GET")
    ended = desk.login()
    said = f"the service answered: {message} (code {code}, HTTP 403)"
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == f"numctl: accepted, but it may not do everything: {said}\n{stored('default')}"
    assert list(desk.keeper.secrets.values()) == [TOKEN]


def test_a_key_that_is_not_known_is_not_stored(desk: Desk) -> None:
    desk.service.fail(status(401, body=problem(401, 20003, "Authenticate").body), on="GET")
    ended = desk.login()
    assert (ended.code, ended.out, list(desk.keeper.secrets)) == (3, "", [])
    assert ended.err.splitlines()[:2] == [
        "numctl: the service does not accept these credentials: the service answered: Authenticate "
        "(code 20003, HTTP 401)",
        "  nothing was stored",
    ]
