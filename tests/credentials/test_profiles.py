"""Profiles: which names there can be, which one is the default, and what of the file is taken or refused."""

from __future__ import annotations

import os
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.credentials import profiles
from numctl.credentials.profiles import Profile, Profiles, check_name, config_path, label, load, parsed, save
from numctl.errors import AuthError, ExitCode, Refused, UsageError
from numctl.model.ids import Invalid
from numctl.system import files
from tests.fakes import MAIN, OTHER, SUB

KEY = "SK" + "3" * 32
WORK, HOME = Profile("work", MAIN, KEY, "ie1", "dublin"), Profile("home", OTHER)
BOTH = Profiles("work", {"work": WORK, "home": HOME})
MEND = "fix it or move the file away; it was left as it is"
SECRET = "secret-of-nobody"

posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and the words of an error are POSIX's")


def written(content: str | bytes) -> Path:
    """Put a file where the profiles are read from."""
    path = config_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def unusable() -> AuthError:
    with pytest.raises(AuthError) as caught:
        load()
    assert caught.value.exit_code == ExitCode.AUTH
    return caught.value


# --- By name


def test_a_profile_is_found_by_its_exact_name() -> None:
    assert (BOTH.named("home"), BOTH.named("work")) == (HOME, WORK)


@pytest.mark.parametrize(
    ("known", "meant", "names"), [(BOTH, ": did you mean work?", "work, home"), (Profiles(), "", "none yet")]
)
def test_a_name_of_no_profile_is_said_with_those_there_are(known: Profiles, meant: str, names: str) -> None:
    with pytest.raises(AuthError) as caught:
        known.named("Work")
    assert caught.value.message == f"there is no profile 'Work'{meant}"
    assert caught.value.hint == f"profiles: {names}; numctl login --profile Work creates it"


@pytest.mark.parametrize(
    ("before", "default", "after"),
    [
        (Profiles(), False, Profiles("home", {"home": HOME})),
        (Profiles(), True, Profiles("home", {"home": HOME})),
        (Profiles("work", {"work": WORK}), False, BOTH),
        (Profiles("work", {"work": WORK}), True, Profiles("home", BOTH.by_name)),
        (Profiles(None, {"work": WORK}), False, Profiles(None, BOTH.by_name)),
        (Profiles("home", {"home": Profile("home", SUB, KEY)}), False, Profiles("home", {"home": HOME})),
    ],
)
def test_the_first_profile_becomes_the_default_and_one_that_asks_to_be(
    before: Profiles, default: bool, after: Profiles
) -> None:
    assert before.with_profile(HOME, default=default) == after


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("home", Profiles("work", {"work": WORK})),
        ("work", Profiles(None, {"home": HOME})),
        ("nobody", BOTH),
    ],
)
def test_without_its_default_there_is_none_and_another_stays(name: str, rest: Profiles) -> None:
    assert BOTH.without(name) == rest


def test_one_more_or_one_less_leaves_those_it_came_from_as_they_were() -> None:
    before = Profiles("work", {"work": WORK})
    before.with_profile(HOME, default=True)
    before.without("work")
    assert before == Profiles("work", {"work": WORK})


# --- What can be a name, a region or an edge


@pytest.mark.parametrize("name", ["a", "7", "work", "Work_2.old-one", "a" * 64])
def test_a_name_has_letters_digits_and_a_few_signs_within(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", ".hidden", "-x", "_x", "a b", "a/b", "wörk", "work\n", "a" * 65])
def test_what_cannot_be_a_name_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_name(name)
    assert caught.value.message == f"{name!r} is not a profile name: use letters, digits, and . _ - inside"


@pytest.mark.parametrize("text", ["a", "1", "ie1", "sao-paulo", "a" * 63])
def test_a_region_or_an_edge_is_one_label_of_a_host_name(text: str) -> None:
    assert label(text) == text


@pytest.mark.parametrize("text", ["", "-ie1", "ie1-", "IE1", "ie1.example", "ie1/", "ie_1", "ie1\n", "a" * 64])
def test_what_could_lead_to_another_host_is_no_label(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        label(text)
    assert caught.value.message == f"{text!r} is not a region or an edge, such as ie1 or dublin"


# --- Reading


def test_the_file_is_in_the_configuration_folder() -> None:
    assert config_path() == files.config_dir() / "config.toml"


def test_where_there_is_no_file_there_are_no_profiles_and_none_is_made() -> None:
    assert load() == Profiles(None, {})
    assert not config_path().parent.exists()


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "[profiles]\n", "\ufeff"])
def test_a_file_without_profiles_has_none(content: str) -> None:
    written(content)
    assert load() == Profiles(None, {})


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_key_is_read_with_or_without_a_byte_order_mark(mark: str) -> None:
    written(
        f"{mark}default_profile = 'work'\n[profiles.work]\naccount_sid = '{MAIN}'\nkey_sid = '{KEY}'\n"
        f"region = 'ie1'\nedge = 'dublin'\n[profiles.home]\naccount_sid = '{OTHER}'\n"
    )
    assert load() == BOTH


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"default_profile = '\xff'", id="not UTF-8"),
        pytest.param("[profiles.x]\n[profiles.x]\n", id="twice the same table"),
        pytest.param("a = " + "[" * 5000, id="too deep"),
        pytest.param("a = " + "9" * 5000, id="too long a number"),
    ],
)
def test_what_cannot_be_decoded_is_no_toml_and_is_left(content: str | bytes) -> None:
    path = written(content)
    before = path.read_bytes()
    error = unusable()
    assert error.message.startswith(f"{path}: it is not TOML: ")
    assert (error.hint, path.read_bytes()) == ("fix it or move it away; it was left as it is", before)


def test_a_file_of_a_mebibyte_is_read_and_a_larger_one_is_not() -> None:
    path = written(b"#" * profiles.LARGEST)
    assert load() == Profiles()
    path.write_bytes(b"#" * (profiles.LARGEST + 1))
    assert unusable().message == f"{path}: it is too large to be a numctl file; it was left as it is"


def test_a_file_that_may_not_be_read_is_named_with_the_systems_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    path = written("")

    def denied(self: Path, mode: str) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert unusable().message == f"{path}: it cannot be read: Permission denied"


@posix
@pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "not a regular file"])
def test_what_is_no_file_in_its_place_is_no_credentials_and_left(kind: str, tmp_path: Path) -> None:
    path = config_path()
    path.parent.mkdir(parents=True)
    if kind == "a folder":
        path.mkdir()
    elif kind == "not a regular file":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "elsewhere.toml")
        (tmp_path / "elsewhere.toml").write_text(f"[profiles.x]\naccount_sid = '{MAIN}'\n")
    error = unusable()
    assert error.message == f"{path}: is {kind}, but numctl keeps a file there"
    assert error.hint == "move it away; it was left as it is"
    assert (path.is_symlink(), path.is_dir()) == (kind == "a symbolic link", kind == "a folder")


@posix
def test_a_folder_that_is_none_or_may_not_be_read_is_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    path = config_path()
    path.parent.parent.mkdir(parents=True)
    path.parent.write_text("a file in the place of the folder")
    assert unusable().message == f"{path}: cannot be read: Not a directory"

    def denied(path: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "lstat", denied)
    assert unusable().message == f"{path}: cannot be read: Permission denied"


@pytest.mark.parametrize(
    ("found", "place", "why"),
    [
        ({"profiles": 1}, "profiles", "it is not a table"),
        ({"default_profile": 1}, "default_profile", "there is no such profile"),
        ({"default_profile": "", "profiles": {}}, "default_profile", "there is no such profile"),
        ({"profiles": {"x": "y"}}, "profiles.x", "it is not a profile"),
        ({"profiles": {"a b": {"account_sid": MAIN}}}, "profiles.a b", "it is not a profile"),
        ({"profiles": {"x": {"account_sid": 1}}}, "profiles.x.account_sid", "it is not text"),
        ({"profiles": {"x": {"account_sid": MAIN, "edge": []}}}, "profiles.x.edge", "it is not text"),
        ({"profiles": {"x": {}}}, "profiles.x.account_sid", "it is missing"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(found: dict[str, Any], place: str, why: str) -> None:
    with pytest.raises(AuthError) as caught:
        parsed(Path("config.toml"), found)
    assert (caught.value.message, caught.value.hint) == (f"config.toml: {place}: {why}", MEND)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("account_sid", "it is not AC and 32 hexadecimal digits"),
        ("key_sid", "it is not SK and 32 hexadecimal digits"),
        ("region", "it is not a region, such as ie1"),
        ("edge", "it is not an edge, such as dublin"),
    ],
)
def test_a_wrong_value_is_not_shown_since_it_may_be_a_secret(key: str, why: str) -> None:
    table = {"account_sid": MAIN, key: f"{SECRET}!"}
    with pytest.raises(AuthError) as caught:
        parsed(Path("config.toml"), {"profiles": {"home": {"account_sid": OTHER}, "x": table}})
    assert (caught.value.message, caught.value.hint) == (f"config.toml: profiles.x.{key}: {why}", MEND)


# --- Writing


def test_the_file_says_what_is_set_and_nothing_of_what_is_not() -> None:
    save(BOTH)
    assert config_path().read_text(encoding="utf-8") == (
        'default_profile = "work"\n\n'
        f'[profiles.work]\naccount_sid = "{MAIN}"\nkey_sid = "{KEY}"\nregion = "ie1"\nedge = "dublin"\n\n'
        f'[profiles.home]\naccount_sid = "{OTHER}"\n'
    )


def test_a_file_is_replaced_whole() -> None:
    save(BOTH)
    save(BOTH.without("work"))
    assert load() == Profiles(None, {"home": HOME})
    assert [path.name for path in config_path().parent.iterdir()] == ["config.toml"]


def test_where_it_cannot_be_written_that_is_refused(home: Path) -> None:
    home.write_text("a file in the place of the folders")
    with pytest.raises(Refused, match="the folder cannot be created"):
        save(BOTH)
    assert home.read_text() == "a file in the place of the folders"


def test_what_numctl_does_not_know_of_the_file_is_kept() -> None:
    text = (
        "newer = [1, 2]\ndefault_profile = 'work'\n"
        f"[profiles.work]\naccount_sid = '{MAIN}'\nmood = 'good'\n[profiles.work.limits]\nmax = 5\n"
        "[theme]\nsign = '!'\n"
    )
    written(text)
    save(load().with_profile(Profile("work", OTHER, KEY), default=False).with_profile(HOME, default=True))
    assert tomllib.loads(config_path().read_text(encoding="utf-8")) == {
        "newer": [1, 2],
        "default_profile": "home",
        "profiles": {
            "work": {"account_sid": OTHER, "key_sid": KEY, "mood": "good", "limits": {"max": 5}},
            "home": {"account_sid": OTHER},
        },
        "theme": {"sign": "!"},
    }


NAMES = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)
SIDS = st.text("0123456789abcdef", min_size=32, max_size=32)
LABELS = st.none() | st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)


@st.composite
def some_profiles(draw: st.DrawFn) -> Profiles:
    names = draw(st.lists(NAMES, unique=True, max_size=4))
    keys = st.none() | SIDS.map("SK{}".format)
    made = [Profile(name, "AC" + draw(SIDS), draw(keys), draw(LABELS), draw(LABELS)) for name in names]
    return Profiles(draw(st.sampled_from([None, *names])), {profile.name: profile for profile in made})


@given(some_profiles())
def test_what_was_saved_is_loaded(some: Profiles) -> None:
    save(some)
    assert load() == some
