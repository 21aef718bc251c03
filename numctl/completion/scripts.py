"""The completion scripts as shipped; `tools/generate.py` makes them from the command tree."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

import numctl

Shell = Literal["bash", "zsh", "fish"]

NAMES: dict[Shell, str] = {"bash": "numctl.bash", "zsh": "_numctl", "fish": "numctl.fish"}
"""The file of each shell, in `completions/` of a checkout."""


def script(shell: Shell) -> str:
    """A shell's completion script: from the package, or in a checkout from `completions/`."""
    shipped: Traversable = files("numctl.completion") / "completions" / NAMES[shell]
    checked_in = Path(numctl.__file__).parents[1] / "completions" / NAMES[shell]
    return (shipped if shipped.is_file() else checked_in).read_text(encoding="utf-8")
