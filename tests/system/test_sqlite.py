"""How an SQLite file is opened, whatever its name."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from numctl.system import sqlite


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/home/me/a b/50%?#.sqlite3"), "file:///home/me/a%20b/50%25%3F%23.sqlite3?mode=rw"),
        (PureWindowsPath(r"C:\Users\me\a b.sqlite3"), "file:///C:/Users/me/a%20b.sqlite3?mode=rw"),
        (PureWindowsPath(r"\\server\share\me\a b.sqlite3"), "file:////server/share/me/a%20b.sqlite3?mode=rw"),
    ],
)
def test_sqlite_is_given_a_uri_without_an_authority(path: PurePath, uri: str) -> None:
    assert sqlite.uri(path, "rw") == uri


def test_sqlite_finds_the_file_by_its_uri_whatever_its_name_holds(tmp_path: Path) -> None:
    path = tmp_path / "a b%20?mode=ro#é.sqlite3"
    path.touch()
    for name in (path, Path(f"/{path}")):  # two slashes at the front, as a UNC path has
        with closing(sqlite.connect(name, "rw", 0)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS found (here)")
    assert path.stat().st_size > 0
