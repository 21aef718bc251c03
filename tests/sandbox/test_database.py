"""The sandbox's file: private, recognised, and left alone where it is not ours."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from numctl.errors import Refused
from numctl.sandbox import state
from numctl.sandbox.database import APPLICATION_ID


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE precious (thing TEXT)")
        connection.commit()


def future_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 99")
        connection.execute("CREATE TABLE accounts (thing TEXT)")


def truncated(path: Path) -> None:
    whole = path.with_suffix(".whole")
    state.open_state(whole).close()
    path.write_bytes(whole.read_bytes()[:5000])


STRANGERS: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("my diary\n" * 50),
    "short": lambda path: path.write_bytes(b"\x00"),
    "other SQLite": foreign_database,
    "other version": future_version,
    "half of ours": truncated,
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_file_that_is_not_ours_is_refused_and_left(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "sandbox.sqlite3"
    STRANGERS[kind](path)
    before, around = path.read_bytes(), sorted(os.listdir(tmp_path))
    for use in (state.open_state, state.reset, state.credentials, lambda path: state.load(path, [])):
        with pytest.raises(Refused) as refused:
            use(path)
        assert str(path) in refused.value.message
        assert refused.value.hint
    assert path.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == around


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is a folder"):
        state.open_state(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_link_is_refused_and_its_target_left(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "sandbox.sqlite3"
    link.symlink_to(target)
    with pytest.raises(Refused, match="symbolic link"):
        state.open_state(link)
    assert not target.exists()


def test_file_that_cannot_be_read_or_written_is_refused(state_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permissions do not stop root, so the system's answers are feigned."""
    state.open_state(state_file).close()
    with monkeypatch.context() as feigned:
        feigned.setattr(os, "access", lambda path, mode: False)
        with pytest.raises(Refused, match="cannot be written"):
            state.open_state(state_file)

    def denied(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as feigned:
        feigned.setattr(Path, "open", denied)
        with pytest.raises(Refused, match="cannot be read: Permission denied"):
            state.open_state(state_file)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_file_is_private(state_file: Path) -> None:
    opened = state.open_state(state_file)
    for path in state_file.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    opened.close()
    assert stat.S_IMODE(state_file.parent.stat().st_mode) == 0o700


def test_name_with_characters_of_a_uri_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=memory#100%.sqlite3"
    state.open_state(path).close()
    assert path.stat().st_size > 0
    assert sorted(os.listdir(tmp_path)) == [path.name]
