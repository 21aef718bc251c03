"""Print what the changelog says of a release: `python tools/release_notes.py v1.2.3`.

Exit code 1 if the tag is not the version of the code, or if the changelog has no dated section for it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from numctl import __version__  # noqa: E402 # the checkout beside this file is meant, installed or not


def notes(tag: str, changelog: str) -> str:
    """Find the section of a tag; raises ValueError if this can't be released."""
    version = tag.removeprefix("v")
    if tag != f"v{__version__}":
        raise ValueError(f"the tag is {tag}, the version in numctl/__init__.py is {__version__}")
    found = re.search(rf"^## {re.escape(version)} \(([^)\n]+)\)\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if not found:
        raise ValueError(f"CHANGELOG.md has no section '## {version} (YYYY-MM-DD)'")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", found[1]):
        raise ValueError(f"CHANGELOG.md says that {version} is '{found[1]}'; write the date")
    return found[2].strip()


def main(arguments: list[str]) -> int:
    """Print the notes, or why there are none."""
    if len(arguments) != 1:
        print("usage: python tools/release_notes.py TAG", file=sys.stderr)
        return 2
    try:
        text = notes(arguments[0], (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
