"""Where numctl keeps its files, and how it opens them: 0600 in 0700 folders, never through a link."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from numctl.errors import Refused


def config_dir() -> Path:
    """Return the folder of `config.toml` (XDG_CONFIG_HOME on Linux)."""
    import platformdirs

    return Path(platformdirs.user_config_dir("numctl", appauthor=False))


def state_dir() -> Path:
    """Return the folder of the history and the sandbox (XDG_STATE_HOME on Linux)."""
    import platformdirs

    return Path(platformdirs.user_state_dir("numctl", appauthor=False))


def cache_dir() -> Path:
    """Return the folder of the completion caches (XDG_CACHE_HOME on Linux)."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("numctl", appauthor=False))


def private_dir(path: Path) -> Path:
    """Make a folder that only its owner may enter, and return it; raises Refused where that is not possible."""
    try:
        make_private(path)
    except OSError as error:
        raise Refused(f"{path}: the folder cannot be made: {reason(error)}") from error
    return path


def make_private(path: Path) -> None:
    """Make a folder and those above it that are missing, each 0700: `parents=True` would open those to all."""
    if path.is_dir():
        return
    if path.parent != path:
        make_private(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def check_regular(path: Path) -> bool:
    """Say whether a regular file is there; raises Refused for a link, a folder or anything else, and leaves it."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {reason(error)}") from error
    if stat.S_ISREG(mode):
        return True
    kind = "a symbolic link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "not a regular file"
    raise Refused(f"{path}: is {kind}, where numctl keeps a file of its own", hint="move it away; it was left as it is")


def touch_private(path: Path) -> None:
    """Make an empty 0600 file, in a 0700 folder, unless a regular file is there already; raises Refused."""
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
    """Replace a file whole, 0600 in a 0700 folder, so that no reader sees half of it; raises Refused."""
    private_dir(path.parent)
    check_regular(path)
    try:
        put_in_place(path, content)
    except OSError as error:
        raise Refused(f"{path}: cannot be written: {reason(error)}") from error


def put_in_place(path: Path, content: bytes) -> None:
    """Write a draft beside the file and rename it; where that fails, no draft stays behind."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def reason(error: OSError) -> str:
    """Return the system's own words for an error, without its number and path."""
    return error.strerror or type(error).__name__
