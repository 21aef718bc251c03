"""Nothing of the person who runs the tests reaches a test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from platformdirs.windows import Windows

from tests import ROOT, surroundings

FOREIGN = [
    *("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONOPTIMIZE", "PYTHONWARNINGS"),
    *("HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "NUMCTL_PROFILE", "NUMCTL_SANDBOX", "TWILIO_AUTH_TOKEN"),
    *("LC_ALL", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "DBUS_SESSION_BUS_ADDRESS", "CI"),
]


def test_a_test_run_keeps_nothing_of_the_environment_but_what_processes_need() -> None:
    script = "import os, sys, tests.conftest; print(*sorted(os.environ))"
    environ = {**surroundings.cleared(os.environ), **dict.fromkeys(FOREIGN, "1"), "PYTHONOPTIMIZE": "", "TZ": "EST5"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    kept = {name for name in os.environ if name in surroundings.KEPT or name.startswith(surroundings.OF_THE_RUN)}
    assert set(done.stdout.split()) == kept | set(surroundings.FIXED)


@pytest.mark.skipif(os.name != "posix", reason="a shell's `trap` is POSIX's")
def test_a_test_run_in_the_background_heeds_the_signals_that_its_shell_ignores() -> None:
    look = "import signal; print(*(signal.getsignal(one) is signal.SIG_IGN for one in (2, 1, 15, 3)))"
    inside = f"import tests.conftest, subprocess, sys; subprocess.run([sys.executable, '-c', {look!r}], check=True)"
    found = []
    for script in (look, inside):
        words = ["sh", "-c", "trap '' INT HUP TERM QUIT; exec \"$@\"", "sh", sys.executable, "-c", script]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
        found.append(done.stdout.split())
    assert found == [["True"] * 4, ["False"] * 4]


def test_nothing_but_the_folders_of_the_test_is_added(home: Path) -> None:
    added = set(os.environ) - surroundings.KEPT - set(surroundings.FIXED)
    assert {name for name in added if not name.startswith(surroundings.OF_THE_RUN)} == set(surroundings.folders(home))
    assert not home.exists()


def test_on_windows_too_every_folder_is_in_the_home_of_the_test(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drive = "" if os.name == "nt" else "C:"  # there, no path is complete without one
    for name in ("APPDATA", "LOCAL_APPDATA"):
        variable = f"WIN_PD_OVERRIDE_{name}"
        monkeypatch.setenv(variable, drive + os.environ[variable])
    folders = Windows("numctl", appauthor=False)
    for folder in (folders.user_config_dir, folders.user_state_dir, folders.user_cache_dir):
        assert folder.startswith(f"{drive}{home}{os.sep}")
