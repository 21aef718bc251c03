"""Where numctl keeps its files, and how it opens them: 0600 in 0700 folders, never through a link."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from numctl.errors import Refused

_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def config_dir() -> Path:
    """The folder of `config.toml` (XDG_CONFIG_HOME on Linux); raises Refused."""
    return _folder("config")


def state_dir() -> Path:
    """The folder of the history and the sandbox (XDG_STATE_HOME on Linux); raises Refused."""
    return _folder("state")


def cache_dir() -> Path:
    """The folder of the completion caches (XDG_CACHE_HOME on Linux); raises Refused."""
    return _folder("cache")


def _folder(kind: str) -> Path:
    """For a user without a home folder, platformdirs raises RuntimeError or answers `~/…`."""
    import platformdirs

    try:
        folder = Path(getattr(platformdirs, f"user_{kind}_dir")("numctl", appauthor=False))
    except RuntimeError:
        folder = Path("~")
    if folder.is_absolute():
        return folder
    hint = f"set HOME, or XDG_{kind.upper()}_HOME to an absolute path"
    raise Refused(f"there is no home folder, and so no {kind} folder for numctl", hint=hint)


def open_to_others() -> list[Path]:
    """Those of numctl's folders in which other users may create and replace files."""
    if os.name == "nt":  # the mode means nothing there
        return []
    found = []
    for folder in (config_dir, state_dir, cache_dir):
        with suppress(Refused, OSError):
            if os.stat(path := folder()).st_mode & _WRITABLE_BY_OTHERS:
                found.append(path)
    return list(dict.fromkeys(found))


def private_dir(path: Path) -> Path:
    """Make a folder that only its owner may enter; raises Refused."""
    try:
        _make_private(path)
    except OSError as error:
        raise Refused(f"{path}: the folder cannot be created: {reason(error)}") from error
    return path


def _make_private(path: Path) -> None:
    """Make the missing folders, each 0700: `parents=True` would make the upper ones readable by all."""
    if path.is_dir():
        return
    if path.parent != path:
        _make_private(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def check_regular(path: Path) -> bool:
    """Whether a regular file is there; raises Refused for a link, a folder or anything else."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {reason(error)}") from error
    if stat.S_ISREG(mode):
        return True
    kind = "a symbolic link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "not a regular file"
    raise Refused(f"{path}: is {kind}, but numctl keeps a file there", hint="move it away; it was left as it is")


def touch_private(path: Path) -> None:
    """Make an empty 0600 file in a 0700 folder, unless a regular file is there; raises Refused."""
    private_dir(path.parent)
    if check_regular(path):
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        check_regular(path)
    except OSError as error:
        raise Refused(f"{path}: cannot be written: {reason(error)}") from error


def write_private(path: Path, content: bytes) -> None:
    """Replace a file in one step, 0600 in a 0700 folder: no reader sees half of it; raises Refused."""
    private_dir(path.parent)
    check_regular(path)
    try:
        _put_in_place(path, content)
    except OSError as error:
        raise Refused(f"{path}: cannot be written: {reason(error)}") from error


def _put_in_place(path: Path, content: bytes) -> None:
    """Write a draft beside the file and rename it; a failure leaves no draft behind."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def reason(error: OSError) -> str:
    """The system's own words for an error, without its number and path."""
    return error.strerror or type(error).__name__
