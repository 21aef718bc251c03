"""The built-in stand-in for the service: fictional accounts and numbers, kept in one SQLite file.

Nothing is imported here, so that asking for the credentials or the file costs nothing.
"""

from __future__ import annotations

from pathlib import Path

from numctl.system import files

ACCOUNT_SID = "AC" + "5a9db0c5" * 4
SUBACCOUNT_SID = "AC" + "50b5a9db" * 4
AUTH_TOKEN = "fac71710" * 4
BASE_URL = "https://sandbox.invalid"
"""The origin at which the stand-in is mounted; the name never resolves (RFC 2606)."""

__all__ = [
    "ACCOUNT_SID",
    "AUTH_TOKEN",
    "BASE_URL",
    "SUBACCOUNT_SID",
    "access",
    "app",
    "default_path",
    "mount",
    "server",
    "state",
]


def default_path() -> Path:
    """The file that `--sandbox` uses."""
    return files.state_dir() / "sandbox.sqlite3"
