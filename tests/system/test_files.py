"""Where numctl keeps its files, and that nobody else reads or redirects them."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import platformdirs
import pytest

from numctl.errors import ExitCode, Refused
from numctl.system import files as paths

posix = pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX's")


def mode(path: Path) -> int:
    return stat.S_IMODE(os.lstat(path).st_mode)


def refusal(path: Path, content: bytes = b"new") -> Refused:
    with pytest.raises(Refused) as caught:
        paths.write_private(path, content)
    assert caught.value.exit_code == ExitCode.REFUSED
    return caught.value


@pytest.mark.skipif(sys.platform != "linux", reason="XDG is Linux's")
def test_the_folders_are_those_of_xdg(home: Path) -> None:
    found = [paths.config_dir(), paths.state_dir(), paths.cache_dir()]
    assert found == [home / kind / "numctl" for kind in ("config", "state", "cache")]
    assert not home.exists()


@pytest.mark.parametrize("answer", [RuntimeError("no home"), "~/.config/numctl"])
def test_without_a_home_folder_the_variable_to_set_is_named(
    answer: RuntimeError | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def folder(name: str, *, appauthor: bool) -> str:
        if isinstance(answer, RuntimeError):
            raise answer
        return answer

    for kind in ("config", "state", "cache"):
        monkeypatch.setattr(platformdirs, f"user_{kind}_dir", folder)
        with pytest.raises(Refused) as caught:
            getattr(paths, f"{kind}_dir")()
        assert caught.value.message == f"there is no home folder, and so no {kind} folder for numctl"
        assert caught.value.hint == f"set HOME, or XDG_{kind.upper()}_HOME to an absolute path"
    assert paths.open_to_others() == []


@posix
@pytest.mark.parametrize(("mode", "told"), [(0o777, True), (0o770, True), (0o1777, True), (0o755, False)])
def test_a_folder_in_which_others_may_write_is_found(mode: int, told: bool) -> None:
    folder = paths.private_dir(paths.state_dir())
    assert paths.open_to_others() == []
    folder.chmod(mode)
    assert paths.open_to_others() == [folder] * told


@posix
def test_a_file_is_0600_in_a_0700_folder_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        for name, make in (("written", lambda path: paths.write_private(path, b"x")), ("made", paths.touch_private)):
            file = tmp_path / name / "file"
            make(file)
            assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    finally:
        os.umask(before)


@posix
def test_folders_above_that_are_missing_are_0700_too_and_one_that_is_there_is_left(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(0)
    try:
        file = tmp_path / "state" / "numctl" / "numbers" / "file"
        paths.touch_private(file)
    finally:
        os.umask(before)
    assert [mode(folder) for folder in (file.parent, *list(file.parents)[1:4])] == [0o700, 0o700, 0o700, 0o755]


def test_a_file_is_replaced_whole_and_leaves_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    paths.write_private(file, b"a long first version")
    paths.write_private(file, b"second")
    assert (file.read_bytes(), os.listdir(tmp_path)) == (b"second", ["config.toml"])


def test_touching_keeps_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    file.write_bytes(b"kept")
    paths.touch_private(file)
    assert file.read_bytes() == b"kept"


@posix
@pytest.mark.parametrize("target", ["there", "missing"])
def test_a_link_is_refused_and_left_alone(tmp_path: Path, target: str) -> None:
    (tmp_path / "there").write_bytes(b"theirs")
    link = tmp_path / "config.toml"
    link.symlink_to(tmp_path / target)
    error = refusal(link)
    assert error.message == f"{link}: is a symbolic link, but numctl keeps a file there"
    assert error.hint == "move it away; it was left as it is"
    assert (os.readlink(link), (tmp_path / "there").read_bytes()) == (str(tmp_path / target), b"theirs")
    assert sorted(os.listdir(tmp_path)) == ["config.toml", "there"]
    with pytest.raises(Refused):
        paths.touch_private(link)


def test_a_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "config.toml"
    folder.mkdir()
    assert refusal(folder).message == f"{folder}: is a folder, but numctl keeps a file there"
    assert folder.is_dir()


@posix
def test_what_is_not_a_regular_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "config.toml"
    os.mkfifo(pipe)
    assert refusal(pipe).message == f"{pipe}: is not a regular file, but numctl keeps a file there"


def test_a_file_where_a_folder_should_be_is_one_clear_refusal(tmp_path: Path) -> None:
    (tmp_path / "numctl").write_bytes(b"theirs")
    file = tmp_path / "numctl" / "config.toml"
    assert refusal(file).message == f"{file.parent}: the folder cannot be created: File exists"
    assert (tmp_path / "numctl").read_bytes() == b"theirs"


def test_whether_a_regular_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert [paths.check_regular(tmp_path / name) for name in ("file", "missing")] == [True, False]


def test_a_write_that_fails_names_the_file_keeps_it_and_leaves_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    paths.write_private(file, b"first")

    def full(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert refusal(file).message == f"{file}: cannot be written: No space left on device"
    assert (file.read_bytes(), os.listdir(tmp_path)) == (b"first", ["config.toml"])


def test_the_reason_of_an_error_is_the_systems_own_words() -> None:
    assert [paths.reason(OSError(13, "Permission denied", "/home")), paths.reason(TimeoutError())] == [
        "Permission denied",
        "TimeoutError",
    ]
