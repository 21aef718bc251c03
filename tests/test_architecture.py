"""The shape of the house: imports go one way, modules and functions stay small."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests import ROOT

MODULES = sorted(path for folder in ("numctl", "tools") for path in (ROOT / folder).rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "data"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function from its name to its end, without its docstring."""
    said = ast.get_docstring(function, clean=False)
    return (function.end_lineno or 0) - function.lineno + 1 - (len(said.splitlines()) if said else 0)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environ = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60)


def test_imports_go_one_way() -> None:
    done = lint(ROOT)
    assert (done.returncode, "0 broken" in done.stdout) == (0, True), done.stdout


def test_a_new_package_needs_a_place(tmp_path: Path) -> None:
    for package in [*(path.parent for path in (ROOT / "numctl").glob("*/__init__.py")), tmp_path / "elsewhere"]:
        copy = tmp_path / "numctl" / package.name
        copy.mkdir(parents=True)
        (copy / "__init__.py").touch()
    for name in ("__init__", "__main__", "errors", "wording"):
        (tmp_path / "numctl" / f"{name}.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "The following modules are not listed as layers:\n\n- numctl.elsewhere\n" in done.stdout


def test_few_modules_stand_beside_the_packages() -> None:
    assert {path.name for path in (ROOT / "numctl").glob("*.py")} == {
        "__init__.py",
        "__main__.py",
        "errors.py",
        "wording.py",
    }


def test_the_architecture_page_names_every_package_and_only_existing_modules() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = {path.parent.name for path in (ROOT / "numctl").glob("*/__init__.py")}
    assert {name for name in packages if f"  {name}/ " not in page} == set()
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", page)
    assert named
    assert [name for name in named if not (ROOT / "numctl" / name).is_file() and not (ROOT / name).is_file()] == []


def test_each_module_is_short_and_named_for_one_idea() -> None:
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}
    assert [name_of(path) for path in MODULES if path.stem in EMPTY_NAMES] == []


def test_each_function_is_short() -> None:
    lengths = {f"{name_of(path)}: {one.name}": length(one) for path in MODULES for one in functions(path)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_each_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert MODULES
    assert silent == []


def used_from_outside() -> dict[str, set[str]]:
    """The modules and names of each package that other packages and the tools import."""
    used: dict[str, set[str]] = {path.parent.name: set() for path in (ROOT / "numctl").glob("*/__init__.py")}
    for path in MODULES:
        own = path.relative_to(ROOT).parts[1]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("numctl."):
                package, *module = str(node.module).split(".")[1:]
                if package in used and package != own:
                    used[package] |= {module[0]} if module else {alias.name for alias in node.names}
    return used


def test_each_package_exports_what_others_use_and_no_more() -> None:
    for package, used in used_from_outside().items():
        tree = ast.parse((ROOT / "numctl" / package / "__init__.py").read_text(encoding="utf-8"))
        exported = next(
            node.value for node in tree.body if isinstance(node, ast.Assign) and "__all__" in ast.dump(node)
        )
        names = set(ast.literal_eval(exported))
        assert used - names == set(), package
        assert {name for name in names - used if (ROOT / "numctl" / package / f"{name}.py").exists()} == set(), package
