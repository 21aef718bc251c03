"""No secret, raw or encoded, in anything that a run prints, starts or leaves behind.

One session of every verb, in processes of their own, with secrets that are easy to recognise; then everything is read.
"""

from __future__ import annotations

import base64
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import ROOT
from tests.cli.keeper import keeping
from tests.cli.program import COMMAND, Ended
from tests.surroundings import folders
from tests.wire import faults
from tests.wire.service import ACCOUNT, OTHER_ACCOUNT, TOKEN, Service, basic, running

NUMBER, SECOND, NEW = "+14155552344", "+14155552345", "+14155552346"
URL, OTHER_URL = "https://voice.example.com/answer", "https://voice.example.com/other"
KEY = "SK" + "3" * 32
KEY_SECRET = "5ecret0f0a0test0key000000000000"
WRONG = "5ecret0that0nobody0accepts000000"
IN_ACCOUNTS = "f" * 32
"""What the test server puts into each account as its `auth_token`."""


def forms() -> dict[str, bytes]:
    """Every form in which a secret could show, without the end that base64 shares with other text."""
    whole = {f"base64 of {user[:2]}:{secret}": basic(user, secret)[6:] for user, secret in PAIRS}
    raw = {secret: secret for _, secret in PAIRS}
    alone = {f"base64 of {secret}": base64.b64encode(secret.encode()).decode() for _, secret in PAIRS}
    return {name: text.rstrip("=")[:-1].encode() for name, text in {**raw, **alone, **whole}.items()}


PAIRS = [(ACCOUNT, TOKEN), (KEY, KEY_SECRET), (ACCOUNT, WRONG), (ACCOUNT, IN_ACCOUNTS)]
FORMS = forms()

FROM_KEYRING: list[tuple[int, *tuple[str, ...]]] = [
    (0, "whoami", "--json"),
    (0, "whoami", "--profiles"),
    (0, "list", "--json", "-v"),
    (0, "list", "--profile", "key", "-v"),
    (0, "show", NUMBER, "-v"),
    (0, "set", NUMBER, "--voice-url", URL, "-v"),
    (0, "buy", NEW, "--yes", "--json", "-v"),
    (0, "transfer", SECOND, "--to", OTHER_ACCOUNT, "--yes", "-v"),
    (0, "release", NEW, "--yes", "--profile", "key", "-v"),
    (0, "accounts", "--json", "-v"),
    (0, "doctor", "--json", "-v"),
    (0, "list", "--all-accounts", "--csv"),
    (0, "audit", "--json"),
    (0, "apply", "-", "--yes", "-v"),
    (0, "history", "--json"),
    (0, "undo", "--yes", "-v"),
    (4, "search", "US", "-v"),
    (4, "show", "+14155550000"),
]
SHEET = f"phone_number,voice_url\n{NUMBER},{OTHER_URL}\n"

FROM_ENVIRONMENT: list[tuple[int, dict[str, str], tuple[str, ...]]] = [
    (0, {"TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": KEY_SECRET}, ("list", "-v")),
    (3, {"TWILIO_AUTH_TOKEN": WRONG}, ("list", "-v")),
    (3, {"TWILIO_AUTH_TOKEN": WRONG}, ("list", "--json")),
    (3, {"TWILIO_AUTH_TOKEN": f"{TOKEN} {TOKEN}"}, ("list",)),
    (3, {"TWILIO_ACCOUNT_SID": TOKEN}, ("list",)),
    (3, {"TWILIO_API_KEY": KEY_SECRET, "TWILIO_API_SECRET": KEY}, ("list",)),
    (3, {"TWILIO_ACCOUNT_SID": ""}, ("list",)),
    (3, {"NUMCTL_API_URL": f"http://{ACCOUNT}:{TOKEN}@127.0.0.1:1"}, ("list",)),
    (3, {"NUMCTL_API_URL": "http://elsewhere.example.com"}, ("list",)),
    (1, {"TWILIO_AUTH_TOKEN": WRONG}, ("doctor", "-v")),
    (1, {"TWILIO_AUTH_TOKEN": f"{TOKEN} {TOKEN}"}, ("doctor",)),
    (1, {"TWILIO_ACCOUNT_SID": TOKEN, "TWILIO_TOKEN": TOKEN, "NUMCTL_TOKEN": TOKEN}, ("doctor", "--json")),
    (1, {"NUMCTL_API_URL": f"http://{ACCOUNT}:{TOKEN}@127.0.0.1:1"}, ("doctor", "-v")),
    (1, {"TEST_CRASH": "GET"}, ("doctor", "-v")),
    (7, {"NUMCTL_API_URL": "http://127.0.0.1:1"}, ("list", "-v", "--timeout", "1")),
    (1, {"TEST_CRASH": "GET"}, ("list", "-v")),
    (0, {"TEST_CRASH": "POST"}, ("set", NUMBER, "--voice-url", f"{URL}/after", "--json", "-v")),
]

BROKEN_CONFIGS = [
    f'[profiles.default]\naccount_sid = "{TOKEN}"\n',
    f'[profiles.default]\naccount_sid = "{ACCOUNT}"\nkey_sid = "{KEY_SECRET}"\n',
    f"{TOKEN}\n",
    f'default_profile = "{TOKEN}\n',
]
UNKNOWN_KEYS = [f'auth_token = "{TOKEN}"\n', f'[profiles.default]\naccount_sid = "{ACCOUNT}"\nsecret = "{TOKEN}"\n']
"""What a newer numctl may have written is kept, and no fault."""


@dataclass
class Session:
    """A home, what was printed in it, and the processes that were started."""

    service: Service
    home: Path
    environ: dict[str, str]
    printed: list[tuple[str, Ended]] = field(default_factory=list)

    def run(self, code: int, *words: str, stdin: str = "", env: dict[str, str] | None = None) -> Ended:
        """Run numctl with every permission open, and keep what it prints; the exit code has to be the given one."""
        done = subprocess.run(
            [*COMMAND, *words],
            input=stdin.encode(),
            capture_output=True,
            timeout=60,
            env=self.environ | (env or {}),
            umask=0,
        )
        ended = Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert ended.code == code, (words, ended.err)
        self.printed.append((" ".join(words), ended))
        return ended

    def files(self) -> dict[str, bytes]:
        """All that stands in the home."""
        return {str(path): path.read_bytes() for path in self.home.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Hold one session of every verb, with the keyring and with the environment."""
    home, site = tmp_path_factory.mktemp("secret") / "home", tmp_path_factory.mktemp("site")
    with running() as service, keeping(site, service.url) as (keeper, leading_there):
        service.accepted.add(basic(KEY, KEY_SECRET))
        for number in (NUMBER, SECOND):
            service.state.add(ACCOUNT, number)
        session = Session(service, home, cleared(home) | leading_there)
        with_the_keyring(session)
        assert set(keeper.secrets.values()) == {TOKEN, KEY_SECRET}
        with_the_environment(session)
        yield session


def cleared(home: Path) -> dict[str, str]:
    """An environment with a home of its own."""
    return {**os.environ, **folders(home)}


def with_the_keyring(session: Session) -> None:
    session.run(0, "login", "--account-sid", ACCOUNT, stdin=f"{TOKEN}\n")
    session.run(0, "login", "--account-sid", ACCOUNT, "--api-key", KEY, "--profile", "key", stdin=KEY_SECRET)
    session.run(3, "login", "--account-sid", ACCOUNT, "--profile", "wrong", stdin=WRONG)
    session.run(2, "login", "--account-sid", ACCOUNT, "--profile", "wrong", stdin=f"{WRONG} {WRONG}")
    for code, *words in FROM_KEYRING:
        session.run(code, *words, stdin=SHEET if words[0] == "apply" else "")
    session.service.fail(faults.throttled("21600"), on="POST")
    session.run(7, "set", NUMBER, "--voice-url", "https://voice.example.com/third", "-v")
    session.run(0, "history", session.run(0, "history", "--json").json[0]["id"], "--json")


def with_the_environment(session: Session) -> None:
    given = {"NUMCTL_API_URL": session.service.url, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
    for code, further, words in FROM_ENVIRONMENT:
        session.run(code, *words, env=given | further)


def check_none(name: str, content: bytes) -> None:
    """Check that no secret stands in some bytes, in any form."""
    assert [form for form, secret in FORMS.items() if secret in content] == [], name


def test_the_session_used_every_secret_that_is_looked_for(session: Session) -> None:
    sent = {request.headers.get("Authorization") for request in session.service.received} - {None}
    assert sent == {basic(user, secret) for user, secret in PAIRS[:3]}
    assert session.service.state.accounts[ACCOUNT]["auth_token"] == IN_ACCOUNTS


def test_no_secret_is_printed(session: Session) -> None:
    for words, ended in session.printed:
        check_none(words, f"{ended.out}\n{ended.err}".encode())
        assert "Traceback" not in ended.err, words


def test_the_log_says_that_it_leaves_the_authorization_out(session: Session) -> None:
    logged = [ended.err for words, ended in session.printed if " -v" in words]
    assert len(logged) > 10
    requests = [line for text in logged for line in text.splitlines() if line.startswith("> ")]
    assert len(requests) > 20
    assert all("Authorization: [redacted]" in line for line in requests)


def test_no_secret_is_left_in_a_file(session: Session) -> None:
    files = session.files()
    assert {Path(name).name for name in files} >= {"config.toml", "history.sqlite3", "profile-key.tsv"}
    for name, content in files.items():
        check_none(name, content)


def test_no_process_is_started_with_a_secret(session: Session) -> None:
    started = Path(session.environ["TEST_STARTED"]).read_bytes()
    assert started.count(b"numctl") >= len(session.printed)
    check_none("argv", started)


def test_every_file_and_folder_is_its_owner_s_alone(session: Session) -> None:
    modes = {str(path): stat.S_IMODE(path.lstat().st_mode) for path in (session.home, *session.home.rglob("*"))}
    wanted = {name: 0o700 if Path(name).is_dir() else 0o600 for name in modes}
    assert modes == wanted


@pytest.mark.parametrize("content", [*BROKEN_CONFIGS, *UNKNOWN_KEYS], ids=range(6))
def test_a_secret_that_someone_wrote_into_the_configuration_is_not_shown(session: Session, content: str) -> None:
    path = session.home / "config" / "numctl" / "config.toml"
    before = path.read_bytes()
    path.write_text(content, encoding="utf-8")
    try:
        ended = session.run(3, "list")
        assert path.read_text(encoding="utf-8") == content
    finally:
        path.write_bytes(before)
    assert (str(path) in ended.err) == (content in BROKEN_CONFIGS)
    check_none(content, f"{ended.out}\n{ended.err}".encode())


def test_a_keyring_that_forgets_is_found_out_and_nothing_is_stored(session: Session) -> None:
    before = session.files()
    forgetful = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    ended = session.run(3, "login", "--account-sid", ACCOUNT, "--profile", "new", stdin=TOKEN, env=forgetful)
    assert "accepted the secret and did not keep it" in ended.err
    assert session.files() == before
    check_none("login", ended.err.encode())


def test_a_logout_forgets_the_secret(session: Session) -> None:
    session.run(0, "logout", "--profile", "key")
    assert session.run(3, "list", "--profile", "key").err.startswith("numctl: there is no profile 'key'")


HEADER = re.compile(rb"authorization\W{1,8}(basic|bearer)\s+[a-z0-9+/=_-]{12,}", re.IGNORECASE)
FOLDERS = ("numctl", "tests", "tools", "docs", "man", "completions")
MEASURED = ".coverage"
"""Where coverage keeps what it measures: files that come and go while the suite runs."""


def test_no_file_of_the_project_holds_an_authorization_header() -> None:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    files += [path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(MEASURED)]
    assert len(files) > 200
    assert [str(path) for path in files if HEADER.search(path.read_bytes())] == []


def test_no_cassette_names_the_header_at_all() -> None:
    cassettes = list((ROOT / "tests").rglob("cassettes/*.yaml"))
    assert len(cassettes) > 10
    assert [str(path) for path in cassettes if b"authorization" in path.read_bytes().lower()] == []
