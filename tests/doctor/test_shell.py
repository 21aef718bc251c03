"""Completion: found where each shell looks, in its start file, or not at all; then the line that installs it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from numctl.completion.scripts import Shell, script
from numctl.doctor import shell as checked
from numctl.doctor.finding import ok, warning
from numctl.doctor.shell import completion
from tests.doctor.situations import with_variables

INSTALL = {
    "bash": "echo 'source <(numctl completion bash)' >> ~/.bashrc",
    "zsh": "echo 'source <(numctl completion zsh)' >> ~/.zshrc   # after the line with compinit",
    "fish": "numctl completion fish > ~/.config/fish/completions/numctl.fish",
}
PLACES = {
    "bash": "data/bash-completion/completions/numctl",
    "zsh": ".zfunc/_numctl",
    "fish": "config/fish/completions/numctl.fish",
}
STARTS = {"bash": ".bashrc", "zsh": ".zshrc", "fish": "config/fish/config.fish"}


@pytest.fixture(autouse=True)
def nothing_on_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked, "_SYSTEM", ())


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("shell", get_args(Shell))
def test_a_shell_without_it_is_told_the_line_that_installs_it(shell: Shell) -> None:
    assert list(completion(with_variables(SHELL=f"/usr/bin/{shell}"))) == [
        warning(f"not installed for {shell}", INSTALL[shell])
    ]


@pytest.mark.parametrize("shell", get_args(Shell))
def test_a_script_where_the_shell_looks_is_in_order(shell: Shell, home: Path) -> None:
    path = written(home / PLACES[shell], script(shell))
    assert list(completion(with_variables(SHELL=shell))) == [ok(f"{shell}: {path}")]


@pytest.mark.parametrize("shell", get_args(Shell))
def test_a_script_of_another_version_is_a_warning(shell: Shell, home: Path) -> None:
    path = written(home / PLACES[shell], script(shell) + "# older\n")
    assert list(completion(with_variables(SHELL=shell))) == [
        warning(f"{shell}: {path} is of another version", f"numctl completion {shell} > {path}")
    ]


@pytest.mark.parametrize("shell", get_args(Shell))
def test_a_line_in_the_start_file_is_in_order_and_a_comment_is_none(shell: Shell, home: Path) -> None:
    path = written(home / STARTS[shell], f"# source <(numctl completion {shell})\n")
    assert list(completion(with_variables(SHELL=shell))) == [warning(f"not installed for {shell}", INSTALL[shell])]
    written(path, f"alias ll='ls -l'\nsource <(numctl completion {shell})\n")
    assert list(completion(with_variables(SHELL=shell))) == [ok(f"{shell}: {path}")]


@pytest.mark.parametrize(
    ("shell", "variable", "below"),
    [
        ("bash", "BASH_COMPLETION_USER_DIR", "completions/numctl"),
        ("bash", "XDG_DATA_DIRS", "bash-completion/completions/numctl"),
        ("zsh", "FPATH", "_numctl"),
        ("fish", "XDG_DATA_DIRS", "fish/vendor_completions.d/numctl.fish"),
    ],
)
def test_folders_that_the_shell_is_told_of_are_looked_in(
    shell: Shell, variable: str, below: str, tmp_path: Path
) -> None:
    path = written(tmp_path / below, script(shell))
    assert list(completion(with_variables(SHELL=shell, **{variable: str(tmp_path)}))) == [ok(f"{shell}: {path}")]


@pytest.mark.parametrize(("shell", "name"), [("/bin/sh", "sh"), ("/usr/bin/nu", "nu"), ("", "an unknown shell")])
def test_a_shell_without_a_script_is_no_fault(shell: str, name: str) -> None:
    assert list(completion(with_variables(SHELL=shell))) == [
        ok(f"none for {name}: there are scripts for bash, zsh, fish")
    ]
