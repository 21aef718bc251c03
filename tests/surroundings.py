"""What a test and the processes it starts find around them: folders of the test, and nothing of whoever runs it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

POSIX = {"PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
WINDOWS = {
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP"),
    *("USERNAME", "PROGRAMDATA", "PROGRAMFILES", "NUMBER_OF_PROCESSORS"),
}
KEPT = POSIX | WINDOWS
"""Without these, processes don't start. Everything else changes what some program does: proxies, certificates,
locales, time zones, colors, credentials, and whatever Python itself reads."""

OF_THE_RUN = ("PYTEST_", "COVERAGE_")
"""What pytest and coverage tell the processes below them."""

FIXED = {
    "LANG": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "TERM": "xterm-256color",
    "TZ": "UTC0",
}
RECORDED_WITH = {name: os.environ[name] for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN") if name in os.environ}
"""The account with which cassettes are recorded anew; no test sees it otherwise."""


def cleared(environ: Mapping[str, str]) -> dict[str, str]:
    """What stays of an environment, with the same settings everywhere."""
    return {
        **{name: value for name, value in environ.items() if name.upper() in KEPT or name.startswith(OF_THE_RUN)},
        **FIXED,
    }


def unmeasured() -> dict[str, str]:
    """The environment for a process whose imports are looked at: coverage has imports of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def heed_signals() -> None:
    """Let the signals that end a program do so again: whatever `nohup` or a shell's `&` starts ignores some of them."""
    for name, handler in (
        *(("SIGINT", signal.default_int_handler), ("SIGTERM", signal.SIG_DFL)),
        *(("SIGHUP", signal.SIG_DFL), ("SIGQUIT", signal.SIG_DFL)),
    ):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def clear() -> None:
    """Clear the environment of this process, for it and all that it starts."""
    kept = cleared(os.environ)
    os.environ.clear()
    os.environ.update(kept)
    if sys.platform != "win32":
        time.tzset()


def folders(home: Path) -> dict[str, str]:
    """The variables that put every folder of a user into this one, on any platform.

    On Windows the folders come from the system, not from XDG_*; platformdirs lets WIN_PD_OVERRIDE_* replace them.
    """
    places = {name: str(home / name.lower()) for name in ("CONFIG", "STATE", "CACHE", "DATA")}
    windows = {name: str(home / "data") for name in ("APPDATA", "LOCAL_APPDATA")}
    return {
        **{f"XDG_{name}_HOME": place for name, place in places.items()},
        **{f"WIN_PD_OVERRIDE_{name}": place for name, place in windows.items()},
        **{name.replace("_", ""): place for name, place in windows.items()},
        "HOME": str(home),
        "USERPROFILE": str(home),
    }
