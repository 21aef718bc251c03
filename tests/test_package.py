"""The wheel and the sdist: what they carry, and that building twice gives the same bytes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests import ROOT

SHARED = {
    "share/bash-completion/completions/numctl": "completions/numctl.bash",
    "share/zsh/site-functions/_numctl": "completions/_numctl",
    "share/fish/vendor_completions.d/numctl.fish": "completions/numctl.fish",
}


def built(source: Path, target: Path, *kinds: str) -> list[Path]:
    """Build into a folder and return the files."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), *kinds, str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return sorted(target.iterdir())


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that was built from it."""
    target = tmp_path_factory.mktemp("dist")
    wheel, sdist = sorted(built(ROOT, target), key=lambda path: path.suffix != ".whl")
    return sdist, wheel


def test_the_wheel_carries_the_manual_and_the_completions(distributions: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(distributions[1]) as wheel:
        prefix = next(name for name in wheel.namelist() if ".data/data/" in name).split("share/")[0]
        carried = {name.removeprefix(prefix): wheel.read(name) for name in wheel.namelist() if name.startswith(prefix)}
    pages = {f"share/man/man1/{page.name}": page.read_bytes() for page in (ROOT / "man").glob("*.1")}
    assert carried == pages | {name: (ROOT / source).read_bytes() for name, source in SHARED.items()}


def test_the_wheel_carries_every_module_and_what_they_read(distributions: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(distributions[1]) as wheel:
        carried = {name for name in wheel.namelist() if name.startswith("numctl/")}
    kept = [path for path in (ROOT / "numctl").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    scripts = {f"numctl/completion/completions/{path.name}" for path in (ROOT / "completions").iterdir()}
    assert carried == {path.relative_to(ROOT).as_posix() for path in kept} | scripts


def test_the_wheel_says_what_it_is(distributions: tuple[Path, Path]) -> None:
    from numctl import __version__

    with zipfile.ZipFile(distributions[1]) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        lines = wheel.read(name).decode().splitlines()
    assert {f"Version: {__version__}", "License-Expression: MIT", "Requires-Python: >=3.11"} <= set(lines)
    assert {line.split(",")[0] for line in lines if line.startswith("Project-URL")} == {
        "Project-URL: Homepage",
        "Project-URL: Issues",
        "Project-URL: Changelog",
        "Project-URL: Security",
    }


def test_the_sdist_carries_what_building_and_testing_need(distributions: tuple[Path, Path]) -> None:
    with tarfile.open(distributions[0]) as sdist:
        carried = {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}
    wanted = {"pyproject.toml", "README.md", "tools/generate.py", ".ci/run", "man/numctl.1", "tests/test_package.py"}
    wanted |= {"requirements.lock", ".github/workflows/release.yml", "CHANGELOG.md", "SECURITY.md"}
    assert wanted | set(SHARED.values()) <= carried


def test_the_checkout_builds_the_same_wheel_as_the_sdist(distributions: tuple[Path, Path], tmp_path: Path) -> None:
    (again,) = built(ROOT, tmp_path, "--wheel")
    assert digest(again) == digest(distributions[1])


def test_a_second_sdist_is_the_same_file(distributions: tuple[Path, Path], tmp_path: Path) -> None:
    (again,) = built(ROOT, tmp_path, "--sdist")
    assert digest(again) == digest(distributions[0])


def digest(path: Path) -> str:
    """What a file's bytes come to."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
