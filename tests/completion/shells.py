"""Real shells in a pseudo-terminal, with the checked-in scripts loaded and a trap for every Python that starts."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import pexpect

from tests import ROOT

SCRIPTS = ROOT / "completions"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[()=>][AB0]?|[\x07\x0e\x0f]")
NUMBERS = "+14155550100\tFront desk\n+14155550111\t$(touch pwned)\n+14155550112\t`touch pwned`\n+12125550101\tSupport\n"
CONFIG = 'default_profile = "prod"\n\n[profiles.prod]\naccount_sid = "AC"\n\n[profiles."te.st"]\naccount_sid = "AC"\n'
ARGUMENTS = {
    "bash": ["--noprofile", "--norc", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "-i"],
}
LOAD = {
    "bash": "bind 'set enable-bracketed-paste off'; source {}/numctl.bash",
    "zsh": "fpath=({} $fpath); autoload -Uz compinit; compinit -u -D",
    "fish": "source {}/numctl.fish",
}
FEATURES = "no-query-term"
"""fish 4 would wait for answers that this terminal doesn't give; fish 3 doesn't ask."""
TERMINAL = {"bash": "dumb", "zsh": "dumb", "fish": "xterm"}


@dataclass
class Home:
    """A home with caches, profiles, and programs first on PATH that leave a mark when they are started."""

    path: Path

    def furnish(self) -> None:
        """Lay out its files."""
        for place, text in (
            ("cache/numctl/numbers/profile-prod.tsv", NUMBERS),
            ("cache/numctl/numbers/profile-te.st.tsv", "+15125550105\tReminders\n"),
            ("cache/numctl/numbers/profile-=Te=St.tsv", "+13055550108\tOffice\n"),
            ("cache/numctl/numbers/sandbox.tsv", "+18005550100\tOrder hotline\n"),
            (f"cache/numctl/numbers/account-AC{'0' * 32}.tsv", "+447700900123\tLondon\n"),
            ("cache/numctl/accounts/sandbox.tsv", f"AC{'5' * 32}\tSandbox\nAC{'6' * 32}\tBranch $(touch pwned)\n"),
            ("cache/numctl/accounts/profile-prod.tsv", f"AC{'7' * 32}\tShop\n$(touch pwned)\tx\n"),
            ("cache/numctl/runs/machine.tsv", "577egfqfy5e\tset, 3 numbers\n577egfqfy5d\tbuy, 1 number\n"),
            ("cache/numctl/runs/sandbox.tsv", "5aaaaaaaaaa\tundo, 1 number\n`touch pwned`\tx\n"),
            ("config/numctl/config.toml", CONFIG),
            ("sheet.csv", "phone_number\n"),
        ):
            file = self.path / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        (self.path / "bin").mkdir()
        for name in ("numctl", "python", "python3"):
            program = self.path / "bin" / name
            program.write_text(f'#!/bin/sh\n: > "{self.path}/started"\n')
            program.chmod(0o755)

    def environment(self, shell: str, **more: str) -> dict[str, str]:
        """The environment of a shell in this home."""
        return {
            "HOME": str(self.path),
            "XDG_CACHE_HOME": str(self.path / "cache"),
            "XDG_CONFIG_HOME": str(self.path / "config"),
            "PATH": os.pathsep.join([str(self.path / "bin"), os.environ["PATH"]]),
            "TERM": TERMINAL[shell],
            "LANG": "C.UTF-8",
            "fish_features": FEATURES,
            **more,
        }

    def harmed(self) -> list[str]:
        """The marks of what must not have run."""
        return [name for name in ("pwned", "started") if (self.path / name).exists()]


def started(shell: str, home: Home, load: str = "", **more: str) -> pexpect.spawn:
    """A shell that has loaded its script, by these commands or from the checkout, and waits."""
    terminal = pexpect.spawn(
        shell,
        ARGUMENTS[shell],
        env=home.environment(shell, **more),
        cwd=str(home.path),
        encoding="utf-8",
        timeout=10,
        dimensions=(60, 160),
    )
    terminal.delaybeforesend = None
    terminal.send((load or LOAD[shell].format(quote(str(SCRIPTS)))) + "; echo rea''dy\r")
    terminal.expect("ready\r?\n")
    return terminal


def ended(terminal: pexpect.spawn) -> None:
    """End a shell at once."""
    terminal.kill(signal.SIGKILL)
    terminal.close(force=True)


def typed(shell: str, home: Home, keys: str, expected: str, **more: str) -> str:
    """What a shell of its own shows after these keys."""
    terminal = started(shell, home, **more)
    try:
        terminal.send(keys)
        return seen(terminal, expected)
    finally:
        ended(terminal)


def seen(terminal: pexpect.spawn, expected: str, patience: int = 10) -> str:
    """Read until the text has appeared and a moment was quiet; return all of it without escape sequences.

    A slow machine gets so many seconds for what is expected; where nothing is, one second of quiet is enough.
    """
    text = ""
    quiet = 0
    while quiet < (20 if not expected else 2 if expected in text else 20 * patience):
        try:
            text += ESCAPES.sub("", terminal.read_nonblocking(65536, timeout=0.05))
            quiet = 0
        except pexpect.TIMEOUT:
            quiet += 1
    return text
