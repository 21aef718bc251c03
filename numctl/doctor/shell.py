"""Check whether completion is installed for the shell in use: a file where it looks, or a line in its start file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from numctl.completion.scripts import Shell, script
from numctl.doctor.finding import Finding, Situation, ok, warning

_LARGEST = 1 << 20
"""Bytes of a start file that are looked at."""

_INSTALL: dict[Shell, str] = {
    "bash": "echo 'source <(numctl completion bash)' >> ~/.bashrc",
    "zsh": "echo 'source <(numctl completion zsh)' >> ~/.zshrc   # after the line with compinit",
    "fish": "numctl completion fish > ~/.config/fish/completions/numctl.fish",
}
_SYSTEM = ("/usr/share", "/usr/local/share", "/opt/homebrew/share")
_FILES: dict[Shell, str] = {
    "bash": "bash-completion/completions/numctl",
    "zsh": "zsh/site-functions/_numctl",
    "fish": "fish/vendor_completions.d/numctl.fish",
}
"""Below each folder of shared data."""

_START_FILES: dict[Shell, tuple[str, ...]] = {
    "bash": (".bashrc", ".bash_profile", ".profile", ".bash_completion"),
    "zsh": (".zshrc", ".zprofile", ".zshenv"),
    "fish": ("config.fish",),
}


def completion(situation: Situation) -> Iterator[Finding]:
    """Whether completion is installed, and whether it is this numctl's."""
    name = Path(situation.environ.get("SHELL", "")).name
    shell: Shell | None = next((known for known in get_args(Shell) if known == name), None)
    if shell is None:
        yield ok(f"none for {name or 'an unknown shell'}: there are scripts for {', '.join(get_args(Shell))}")
        return
    found = next(filter(os.path.isfile, _places(shell, situation.environ)), None)
    started = next(filter(_asks_for_it, _start_files(shell, situation.environ)), None)
    if started:
        yield ok(f"{shell}: {started}")
    elif found is None:
        yield warning(f"not installed for {shell}", _INSTALL[shell])
    elif found.read_text(encoding="utf-8", errors="replace") == script(shell):
        yield ok(f"{shell}: {found}")
    else:
        yield warning(f"{shell}: {found} is of another version", f"numctl completion {shell} > {found}")


def _places(shell: Shell, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files in which a shell looks for the completion of numctl, a user's own first."""
    home = Path(environ.get("HOME", "/"))
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    data = environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    if shell == "bash" and "BASH_COMPLETION_USER_DIR" in environ:
        yield Path(environ["BASH_COMPLETION_USER_DIR"], "completions", "numctl")
    if shell == "zsh":
        yield from (Path(folder, "_numctl") for folder in environ.get("FPATH", "").split(os.pathsep) if folder)
        yield home / ".zfunc" / "_numctl"
    if shell == "fish":
        yield config / "fish" / "completions" / "numctl.fish"
    shared = [folder for folder in environ.get("XDG_DATA_DIRS", "").split(os.pathsep) if folder]
    yield from (Path(folder, _FILES[shell]) for folder in (data, *shared, *_SYSTEM))


def _start_files(shell: Shell, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files that a shell reads when it starts."""
    home = Path(environ.get("HOME", "/"))
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    folder = {"bash": home, "zsh": Path(environ.get("ZDOTDIR") or home), "fish": config / "fish"}[shell]
    yield from (folder / name for name in _START_FILES[shell])


def _asks_for_it(path: Path) -> bool:
    """Whether a start file has a line, not a comment, that asks numctl for its script."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            lines = file.read(_LARGEST).splitlines()
    except OSError:
        return False
    return any("numctl completion" in line and not line.lstrip().startswith("#") for line in lines)
