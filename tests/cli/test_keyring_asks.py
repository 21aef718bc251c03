"""A keyring that asks for a passphrase on the terminal, on a real one: it may, and the terminal is left as it was."""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from numctl.credentials import keyring as keychain
from numctl.credentials import profiles
from numctl.credentials.profiles import Profile, Profiles
from tests.cli.keeper import keeping
from tests.wire.service import ACCOUNT, TOKEN, Service, running

if os.name != "posix":
    pytest.skip("there are no pseudo-terminals here", allow_module_level=True)

import fcntl
import pty
import termios
import tty

BACKEND = """
import getpass, keyring.backend

class Keyring(keyring.backend.KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return {secret!r} if getpass.getpass("Passphrase of the keyring: ") == "open sesame" else None

    def set_password(self, service, username, password):
        raise NotImplementedError
"""
SOON = """
import sys
import keyring, numctl.credentials.keyring
keyring.get_keyring()  # loaded by now, so that what takes time is the person
numctl.credentials.keyring.SECONDS, numctl.credentials.keyring.SECONDS_TO_ASK = {soon}, {late}
from numctl.__main__ import main
main()
"""
PROMPT = "Passphrase of the keyring: "
WAITING = "numctl: waiting for the keyring, which may be asking for something; Ctrl-C stops\n"
NOBODY = "the keyring cannot be used: it asks for a passphrase, and there is no terminal to ask on"
WITHOUT = f"  {keychain.WITHOUT_KEYRING}\n"


@dataclass
class Screen:
    """numctl on a terminal of its own, which stays open when it ends, as a shell's does."""

    environ: dict[str, str]
    ends: tuple[int, int] = field(default_factory=pty.openpty)
    shown: str = ""

    def start(self, *words: str, soon: float = 30, late: float = 60, **streams: Any) -> None:
        """Start numctl, whose keyring is waited for so long until it says so, and until it is given up."""
        _, ours = self.ends
        self.before = termios.tcgetattr(ours)
        self.process = subprocess.Popen(
            [sys.executable, "-c", SOON.format(soon=soon, late=late), *words],
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **self.environ},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(ours, termios.TIOCSCTTY, 0),
            pass_fds=(ours,),
            **({"stdin": ours, "stdout": ours, "stderr": ours} | streams),
        )

    def read(self, until: str) -> None:
        """Read what is shown until it ends with some text."""
        end = time.monotonic() + 30
        while not self.shown.endswith(until):
            assert time.monotonic() < end, self.shown
            if select.select([self.ends[0]], [], [], 0.1)[0]:
                self.shown += os.read(self.ends[0], 4096).decode().replace("\r\n", "\n")

    def type(self, text: bytes) -> None:
        """Type something, and give the terminal the moment that it takes to get there."""
        os.write(self.ends[0], text)
        time.sleep(0.3)

    def code(self) -> int:
        """Wait for the end, read the rest of what is shown, and return the exit code."""
        code = self.process.wait(30)
        while select.select([self.ends[0]], [], [], 0.05)[0]:
            self.shown += os.read(self.ends[0], 4096).decode().replace("\r\n", "\n")
        return code

    def as_it_was(self) -> bool:
        """Whether what is typed is shown again, and nothing of what was typed is left for the shell."""
        found = termios.tcgetattr(self.ends[1])
        tty.setcbreak(self.ends[1], termios.TCSANOW)  # a shell reads half a line as well
        left = struct.unpack("i", fcntl.ioctl(self.ends[1], termios.FIONREAD, b"\0" * 4))
        return found == self.before and left == (0,)


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as service:
        yield service


@pytest.fixture
def screen(tmp_path: Path, service: Service) -> Iterator[Screen]:
    profiles.save(Profiles().with_profile(Profile("default", ACCOUNT), default=False))
    (tmp_path / "asking.py").write_text(BACKEND.format(secret=TOKEN))
    with keeping(tmp_path, service.url) as (_, environ):
        screen = Screen({**environ, "PYTHON_KEYRING_BACKEND": "asking.Keyring"})
        yield screen
        screen.process.kill()
        screen.process.wait()
        for end in screen.ends:
            os.close(end)


def test_a_passphrase_is_asked_for_and_what_is_typed_is_hidden_and_used(screen: Screen, service: Service) -> None:
    screen.start("list", "-q", stdout=subprocess.DEVNULL)
    screen.read(PROMPT)
    assert not termios.tcgetattr(screen.ends[1])[3] & termios.ECHO
    screen.type(b"open sesame\n")
    assert (screen.code(), screen.shown, screen.as_it_was()) == (0, PROMPT + "\n", True)
    assert service.count("GET") == 1


def test_who_takes_long_is_told_what_is_waited_for_and_is_still_heard(screen: Screen, service: Service) -> None:
    screen.start("list", "-q", soon=0.8, stdout=subprocess.DEVNULL)
    screen.read(f"{PROMPT}\n{WAITING}")
    screen.type(b"open sesame\n")
    assert (screen.code(), screen.shown, screen.as_it_was()) == (0, f"{PROMPT}\n{WAITING}\n", True)
    assert service.count("GET") == 1


@pytest.mark.parametrize(
    ("ending", "code", "said"),
    [
        ("Ctrl-C", 130, "numctl: interrupted\n"),
        ("SIGTERM", 143, "numctl: terminated\n"),
        ("time", 3, f"numctl: the keyring did not answer within 2 s; is it locked?\n{WITHOUT}"),
    ],
)
def test_however_the_waiting_ends_the_terminal_is_left_as_it_was(
    screen: Screen, service: Service, ending: str, code: int, said: str
) -> None:
    screen.start("list", soon=0.8, late=2 if ending == "time" else 60)
    screen.read(WAITING)
    screen.type(b"open ses\x03" if ending == "Ctrl-C" else b"open ses")
    if ending == "SIGTERM":
        screen.process.send_signal(signal.SIGTERM)
    assert (screen.code(), screen.shown, screen.as_it_was()) == (code, f"{PROMPT}\n{WAITING}\n{said}", True)
    assert service.received == []


def test_with_no_input_nothing_is_asked(screen: Screen, service: Service) -> None:
    screen.start("list", "--no-input")
    assert (screen.code(), screen.shown, screen.as_it_was()) == (3, f"numctl: {NOBODY}\n{WITHOUT}", True)
    assert service.received == []


def test_without_a_terminal_standard_input_is_not_taken_for_the_answer(screen: Screen, service: Service) -> None:
    screen.process = subprocess.Popen(
        [sys.executable, "-m", "numctl", "list"],
        env={**os.environ, **screen.environ},
        start_new_session=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    out, err = screen.process.communicate("open sesame\n", timeout=30)
    assert (screen.process.returncode, out, err) == (3, "", f"numctl: {NOBODY}\n{WITHOUT}")
    assert service.received == []
