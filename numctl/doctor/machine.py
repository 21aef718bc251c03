"""Checks of this machine: versions, numctl's folders, the history, and the cache that completion reads."""

from __future__ import annotations

import os
import platform
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from numctl import __version__
from numctl.completion import store
from numctl.completion.cache import key_of, load
from numctl.doctor.finding import Finding, Situation, Status, error, failed, ok, warning
from numctl.errors import NumctlError, Refused
from numctl.history import file as history_file
from numctl.history.reader import History
from numctl.system import files
from numctl.wording import counted

_PATIENCE = 2.0
"""Seconds to wait while another numctl writes the history."""

_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def versions(situation: Situation) -> Iterator[Finding]:
    """Say which version of numctl runs on which Python and system."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    yield ok(f"numctl {__version__}, Python {platform.python_version()}, {system}")


def config_folder(situation: Situation) -> Iterator[Finding]:
    """Look at the folder of the profiles."""
    yield _folder(files.config_dir, Status.WARNING, "until it is writable, login stores no profile")


def state_folder(situation: Situation) -> Iterator[Finding]:
    """Look at the folder of the history, without which numctl changes nothing."""
    kept = history_file.is_kept(situation.environ)
    hint = "until it is writable, numctl changes nothing; NUMCTL_HISTORY=off does without the history"
    yield _folder(files.state_dir, Status.ERROR if kept or situation.sandbox else Status.WARNING, hint)


def cache_folder(situation: Situation) -> Iterator[Finding]:
    """Look at the folder of the numbers that completion offers."""
    yield _folder(files.cache_dir, Status.WARNING, "until it is writable, completion offers no numbers")


def _folder(find: Callable[[], Path], severity: Status, hint: str) -> Finding:
    """Whether a folder, existing or still to be made, can be used by its owner and nobody else."""
    try:
        path = find()
    except Refused as refused:
        return failed(refused, status=severity)
    there = next((place for place in (path, *path.parents) if os.path.lexists(place)), path)
    if not there.is_dir():
        return Finding(severity, f"{there} is not a folder", hint)
    if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        what = "is not readable and writable" if there == path else f"cannot be made: {there} is not writable"
        return Finding(severity, f"{path} {what}", hint)
    if there != path:
        return ok(f"{path} (made when it is needed)")
    if os.name != "nt" and path.stat().st_mode & _OTHERS:  # the mode says nothing there
        return warning(f"{path}: other users may write to it", f"chmod 700 {path}")
    return ok(str(path))


def history(situation: Situation) -> Iterator[Finding]:
    """See that the history can be read and written."""
    if not history_file.is_kept(situation.environ):
        yield ok("off (NUMCTL_HISTORY=off): changes cannot be undone")
        return
    path = history_file.sandbox_history_path() if situation.sandbox else history_file.history_path()
    if not history_file.holds_runs(path):
        yield ok("no changes recorded yet")
        return
    with History.open(path, patience=_PATIENCE) as found:
        newest = next(found.runs(limit=1), None)
    if not os.access(path, os.W_OK):
        yield error(f"{path} is not writable", history_file.HINT)
        return
    yield ok(f"{path}, newest run {newest['id']}" if newest else str(path))


def cache(situation: Situation) -> Iterator[Finding]:
    """Say how many numbers completion offers for the account."""
    credentials, client = situation.credentials, None
    if isinstance(credentials, NumctlError) or isinstance(situation.service, NumctlError):
        yield ok("not looked at: it belongs to an account")
        return
    client = situation.service.client
    account_sid = credentials.account_sid if isinstance(client, NumctlError) else client.account_sid
    path = store.path_of("numbers", key_of(credentials, account_sid))
    if not path.exists():
        yield ok("no numbers yet: numctl list fills it")
    elif not os.access(path, os.R_OK | os.W_OK) or not path.is_file():
        yield warning(f"{path} is not readable and writable", "remove it; numctl list makes it again")
    else:
        yield ok(f"{counted(len(load(path.stem)), 'number')} in {path}")
