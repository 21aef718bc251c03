"""How every SQLite file is opened: by a URI that never creates it, with explicit transactions."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from sqlite3 import Connection


def connect(path: Path, mode: str, patience: float) -> Connection:
    """Open a file as `ro`, `rw` or `ro&immutable=1`; waits `patience` seconds for others. Raises sqlite3.Error."""
    import sqlite3

    address = uri(path.absolute(), mode)
    return sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)


def uri(path: PurePath, mode: str) -> str:
    """The URI that opens a file without creating it; `mode` is such as `rw`.

    A UNC path keeps both its slashes behind an empty authority (file:////server/share/…): SQLite refuses the
    file://server/share/… of `Path.as_uri` (https://www.sqlite.org/uri.html).
    """
    text = quote(os.fsencode(path.as_posix()), safe="/:")
    return f"file://{'' if text.startswith('/') else '/'}{text}?mode={mode}"
