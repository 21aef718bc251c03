"""Which credentials are in force: the first match wins, and two sources are never mixed."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from numctl.credentials import keyring, profiles
from numctl.credentials.profiles import Profile, Profiles
from numctl.credentials.resolve import PUBLIC_URL, Credentials, StandIn, resolve, sandbox_asked
from numctl.errors import AuthError, ExitCode, Refused

SID, OTHER, KEY = "AC" + "1" * 32, "AC" + "2" * 32, "SK" + "3" * 32
TOKEN = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "token-of-nobody"}
PAIR = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": "secret-of-nobody"}
SANDBOX = StandIn(SID, "token-of-the-sandbox", "https://sandbox.invalid")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Profile:
    """Store a profile whose secret is in the keyring."""
    profile = Profile("work", OTHER, region="ie1", edge="dublin")
    profiles.save(Profiles().with_profile(profile, default=False))
    monkeypatch.setattr(keyring, "fetch", lambda found, tell: f"secret of {found.name}")
    return profile


def env(**more: str) -> dict[str, str]:
    return {**TOKEN, **more}


def refused(environ: dict[str, str], profile: str | None = None) -> str:
    with pytest.raises(AuthError) as error:
        resolve(environ, profile=profile)
    assert error.value.exit_code == ExitCode.AUTH
    assert re.findall("(?:token|secret)-of-nobody", error.value.message + str(error.value.hint)) == []
    return error.value.message


def test_a_token_in_the_environment_is_used() -> None:
    assert resolve(TOKEN, profile=None) == Credentials(SID, SID, "token-of-nobody", "environment")


def test_the_key_pair_wins_over_the_token_and_that_is_said() -> None:
    found = resolve({**TOKEN, **PAIR}, profile=None)
    assert (found.user, found.secret, found.auth, found.key_sid) == (KEY, "secret-of-nobody", "api_key", KEY)
    assert found.notes == ("TWILIO_API_KEY is used, not TWILIO_AUTH_TOKEN",)


def test_a_profile_named_wins_over_the_environment_and_that_is_said(work: Profile) -> None:
    found = resolve(TOKEN, profile="work")
    assert (found.account_sid, found.secret, found.source, found.where) == (OTHER, "secret of work", "keyring", "work")
    assert found.api_url == "https://api.dublin.ie1.twilio.com"
    assert found.notes == ("profile 'work' is used, not the credentials in the environment",)


def test_the_environment_wins_over_numctl_profile_and_the_default(work: Profile) -> None:
    assert resolve(env(NUMCTL_PROFILE="work"), profile=None).source == "environment"
    assert resolve({"NUMCTL_PROFILE": "work"}, profile=None).profile == "work"
    assert resolve({}, profile=None).profile == "work"


def test_the_sandbox_wins_over_everything(work: Profile) -> None:
    found = resolve(env(NUMCTL_PROFILE="work"), profile="work", stand_in=SANDBOX)
    assert (found.source, found.where, found.api_url) == ("sandbox", "SANDBOX", "https://sandbox.invalid")


@pytest.mark.parametrize(
    ("more", "notes"),
    [
        ({"TWILIO_API_KEY": KEY}, ["TWILIO_AUTH_TOKEN is used, not the API key: TWILIO_API_SECRET is missing"]),
        (
            {"TWILIO_API_SECRET": "secret-of-nobody"},
            ["TWILIO_AUTH_TOKEN is used, not the API key: TWILIO_API_KEY is missing"],
        ),
        ({"NUMCTL_PROFILE": "work"}, ["the credentials in the environment are used, not NUMCTL_PROFILE"]),
        (
            {**PAIR, "NUMCTL_PROFILE": "work"},
            [
                "TWILIO_API_KEY is used, not TWILIO_AUTH_TOKEN",
                "the credentials in the environment are used, not NUMCTL_PROFILE",
            ],
        ),
        ({"TWILIO_API_KEY": "", "TWILIO_API_SECRET": "", "NUMCTL_PROFILE": ""}, []),
    ],
)
def test_what_the_environment_has_beside_the_set_that_is_used_is_said(more: dict[str, str], notes: list[str]) -> None:
    assert resolve(env(**more), profile=None).notes == tuple(notes)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        (TOKEN, True),
        (PAIR, True),
        ({}, False),
        ({"TWILIO_ACCOUNT_SID": SID, "TWILIO_API_KEY": KEY}, False),
        ({"TWILIO_AUTH_TOKEN": "token-of-nobody"}, False),
    ],
)
def test_only_a_whole_set_in_the_environment_is_said_to_be_overruled(
    environ: dict[str, str], said: bool, work: Profile
) -> None:
    of_profile = resolve(environ, profile="work").notes
    assert of_profile == ("profile 'work' is used, not the credentials in the environment",) * said
    of_sandbox = resolve(environ, profile=None, stand_in=SANDBOX).notes
    assert of_sandbox == ("the sandbox is used, not the credentials in the environment",) * said
    assert resolve(environ, profile="work", stand_in=SANDBOX).notes == (
        "the sandbox is used, not profile 'work'",
        *of_sandbox,
    )


def test_a_profile_that_the_environment_names_and_that_lost_is_said(work: Profile) -> None:
    environ = {"NUMCTL_PROFILE": "other"}
    assert resolve(environ, profile="work").notes == ("profile 'work' is used, not NUMCTL_PROFILE",)
    assert resolve(environ, profile=None, stand_in=SANDBOX).notes == ("the sandbox is used, not NUMCTL_PROFILE",)
    assert resolve({"NUMCTL_PROFILE": "work"}, profile="work").notes == ()


def test_a_variable_that_cannot_name_a_profile_is_named() -> None:
    with pytest.raises(AuthError, match=r"^NUMCTL_PROFILE is malformed: '\.\.' is not a profile name"):
        resolve({"NUMCTL_PROFILE": ".."}, profile=None)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"TWILIO_ACCOUNT_SID": SID}, "TWILIO_AUTH_TOKEN is missing"),
        ({"TWILIO_AUTH_TOKEN": "token-of-nobody"}, "TWILIO_ACCOUNT_SID is missing"),
        ({"TWILIO_ACCOUNT_SID": SID, "TWILIO_API_KEY": KEY}, "TWILIO_API_SECRET is missing"),
        ({"TWILIO_ACCOUNT_SID": SID, "TWILIO_API_SECRET": "secret-of-nobody"}, "TWILIO_API_KEY is missing"),
        (env(TWILIO_ACCOUNT_SID="AC1"), "TWILIO_ACCOUNT_SID is malformed"),
        (env(TWILIO_AUTH_TOKEN="token-of-nobody\n"), "TWILIO_AUTH_TOKEN is malformed"),
        (env(TWILIO_REGION="ie1.evil.example"), "TWILIO_REGION is malformed"),
        (env(NUMCTL_API_URL="http://api.example.com"), "plain http is allowed only to a loopback address"),
        (env(NUMCTL_API_URL="https://me:token-of-nobody@api.example.com"), "it carries a user name or password"),
        (env(NUMCTL_API_URL="https://api.example.com/path"), "it is not an origin"),
        (env(NUMCTL_API_URL="api.example.com"), "it is not an origin"),
        *(
            (env(NUMCTL_API_URL=url), "NUMCTL_API_URL is malformed: it holds white space")
            for url in (
                " https://api.example.com",
                "https://api.example.com\t",
                "https://api.exa\nmple.com",
                "https://api.example.com\x7f",
                "https://bücher.example",
            )
        ),
        *(
            (env(NUMCTL_API_URL=f"https://{rest}"), "NUMCTL_API_URL is malformed: it is not an origin")
            for rest in (
                "api.example.com?",
                "api.example.com/?",
                "api.example.com#",
                "api.example.com/#",
                ".",
                "a..b",
                "-",
            )
        ),
    ],
)
def test_what_is_incomplete_or_malformed_is_named(environ: dict[str, str], named: str, work: Profile) -> None:
    assert named in refused(environ)


def test_an_incomplete_set_does_not_matter_where_a_profile_is_named(work: Profile) -> None:
    assert resolve({"TWILIO_ACCOUNT_SID": SID}, profile="work").account_sid == OTHER


def test_an_empty_variable_counts_as_unset() -> None:
    assert resolve(env(TWILIO_API_KEY="", NUMCTL_API_URL=""), profile=None).api_url == PUBLIC_URL


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "https://x.example"]
)
def test_another_base_url_goes_with_the_environments_credentials(url: str) -> None:
    assert resolve(env(NUMCTL_API_URL=url), profile=None).api_url == url


def test_a_keyrings_secret_goes_to_the_service_alone(work: Profile) -> None:
    assert "NUMCTL_API_URL needs credentials in the environment" in refused({"NUMCTL_API_URL": "http://[::1]"})


REGIONS = {
    ("us1", None): ("us1", None, "https://api.twilio.com"),
    ("au1", None): ("au1", "sydney", "https://api.sydney.au1.twilio.com"),
    ("br1", None): ("br1", "sao-paulo", "https://api.sao-paulo.br1.twilio.com"),
    ("de1", None): ("de1", "frankfurt", "https://api.frankfurt.de1.twilio.com"),
    ("ie1", None): ("ie1", "dublin", "https://api.dublin.ie1.twilio.com"),
    ("jp1", None): ("jp1", "tokyo", "https://api.tokyo.jp1.twilio.com"),
    ("jp2", None): ("jp2", "osaka", "https://api.osaka.jp2.twilio.com"),
    ("sg1", None): ("sg1", "singapore", "https://api.singapore.sg1.twilio.com"),
    ("us2", None): ("us2", "umatilla", "https://api.umatilla.us2.twilio.com"),
    ("ie1", "frankfurt"): ("ie1", "frankfurt", "https://api.frankfurt.ie1.twilio.com"),
    ("us1", "ashburn"): ("us1", "ashburn", "https://api.ashburn.us1.twilio.com"),
    ("xx9", "somewhere"): ("xx9", "somewhere", "https://api.somewhere.xx9.twilio.com"),
    (None, "dublin"): ("us1", "dublin", "https://api.dublin.us1.twilio.com"),
    (None, None): (None, None, "https://api.twilio.com"),
}


@pytest.mark.parametrize(("given", "reached"), REGIONS.items())
def test_a_region_is_reached_through_its_edge(
    given: tuple[str | None, str | None], reached: tuple[str | None, str | None, str], work: Profile
) -> None:
    region, edge = given
    found = resolve(env(TWILIO_REGION=region or "", TWILIO_EDGE=edge or ""), profile=None)
    assert (found.region, found.edge, found.api_url) == reached
    profiles.save(Profiles().with_profile(Profile("work", OTHER, region=region, edge=edge), default=True))
    found = resolve({}, profile=None)
    assert (found.region, found.edge, found.api_url) == reached


KNOWN = "only au1, br1, de1, ie1, jp1, jp2, sg1, us2, us1 have a default"


def test_a_region_without_a_known_edge_needs_one(work: Profile) -> None:
    with pytest.raises(AuthError) as error:
        resolve(env(TWILIO_REGION="xx9"), profile=None)
    assert error.value.message == f"TWILIO_REGION: region 'xx9' needs an edge: {KNOWN}"
    assert error.value.hint == "set TWILIO_EDGE as well"
    profiles.save(Profiles().with_profile(Profile("work", OTHER, region="xx9"), default=True))
    with pytest.raises(AuthError) as error:
        resolve({}, profile=None)
    assert error.value.message == f"profile 'work': region 'xx9' needs an edge: {KNOWN}"
    assert error.value.hint == "give its edge: numctl login --profile work --region xx9 --edge EDGE"


@pytest.mark.parametrize(
    ("environ", "notes"),
    [
        ({"TWILIO_REGION": "ie1", "TWILIO_EDGE": "dublin"}, ()),
        ({"TWILIO_REGION": "au1"}, ("profile 'work' is used, not TWILIO_REGION",)),
        ({"TWILIO_EDGE": "sydney"}, ("profile 'work' is used, not TWILIO_EDGE",)),
    ],
)
def test_a_region_that_lost_to_the_profiles_is_said(environ: dict[str, str], notes: tuple[str], work: Profile) -> None:
    found = resolve(environ, profile=None)
    assert (found.api_url, found.notes) == ("https://api.dublin.ie1.twilio.com", notes)


def test_another_base_url_takes_the_place_of_region_and_edge() -> None:
    environ = env(NUMCTL_API_URL="https://x.example", TWILIO_REGION="xx9")
    found = resolve(environ, profile=None)
    assert (found.region, found.edge, found.api_url) == (None, None, "https://x.example")
    assert found.notes == ("NUMCTL_API_URL is used, not TWILIO_REGION",)


def test_where_no_profile_is_the_default_those_there_are_are_named(work: Profile) -> None:
    profiles.save(Profiles(None, {"work": work, "home": Profile("home", SID)}))
    with pytest.raises(AuthError) as error:
        resolve({}, profile=None)
    assert error.value.message == "there is no default profile"
    assert error.value.hint == "choose one with --profile or NUMCTL_PROFILE: work, home"


def test_an_unknown_profile_is_named(work: Profile) -> None:
    assert refused({}, profile="home") == "there is no profile 'home'"


def test_a_secret_is_in_no_repr() -> None:
    assert "token-of-nobody" not in repr(resolve(TOKEN, profile=None))


@pytest.mark.parametrize(("value", "asked"), [("1", True), ("", False), ("0", False), ("true", True)])
def test_the_sandbox_is_asked_for_by_a_variable(value: str, asked: bool) -> None:
    assert sandbox_asked({"NUMCTL_SANDBOX": value}, False) is asked


def test_another_value_of_the_sandbox_variable_is_refused() -> None:
    with pytest.raises(AuthError, match="NUMCTL_SANDBOX"):
        sandbox_asked({"NUMCTL_SANDBOX": "maybe"}, False)


def test_the_keyring_is_not_loaded_where_the_environment_has_the_credentials() -> None:
    script = (
        "import os, sys\nfrom numctl.credentials.resolve import resolve\n"
        "resolve(os.environ, profile=None)\nprint('keyring' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, **TOKEN}, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_the_file_holds_no_secret_and_only_its_owner_reads_it(work: Profile) -> None:
    path = profiles.config_path()
    assert "secret" not in path.read_text()
    assert profiles.load().by_name == {"work": work}
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("default_profile = ", "it is not TOML"),
        ("default_profile = 'x'", "default_profile: there is no such profile"),
        ("[profiles.x]\nregion = 'ie1'", "profiles.x.account_sid: it is missing"),
        ("[profiles.x]\naccount_sid = 'AC1'", "profiles.x.account_sid: it is not AC and 32 hexadecimal digits"),
        (f"[profiles.x]\naccount_sid = '{SID}'\nregion = 'a/b'", "profiles.x.region: it is not a region, such as ie1"),
    ],
)
def test_a_broken_file_is_named_and_left_as_it_was(content: str, why: str) -> None:
    path = profiles.config_path()
    path.parent.mkdir(parents=True)
    path.write_text(content)
    message = refused({})
    assert why in message
    assert str(path) in message
    assert path.read_text() == content


def test_a_link_in_the_files_place_is_refused_and_left(tmp_path: Path) -> None:
    path = profiles.config_path()
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="is a symbolic link"):
        profiles.save(Profiles())
    assert path.is_symlink()
    assert not (tmp_path / "elsewhere").exists()
