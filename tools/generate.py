"""Write everything that is generated from the code: completions, man pages, docs/reference.md, tables and pictures.

`python tools/generate.py` writes them; with `--check` nothing is written, and what is stale is named (exit 1).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from numctl.cli.tree import describe  # noqa: E402 # the checkout beside this file is meant, installed or not
from tools.docs import reference_page  # noqa: E402 # as above
from tools.docs.completion import scripts  # noqa: E402 # as above
from tools.docs.manual import pages  # noqa: E402 # as above
from tools.pictures import pictures  # noqa: E402 # as above

TABLES = {
    ROOT / "README.md": {"commands": reference_page.commands},
    ROOT / "docs" / "scripting.md": {
        "exit codes": reference_page.exit_codes,
        "environment": reference_page.environment,
    },
    ROOT / "docs" / "safety.md": {"files": reference_page.files},
}
"""Tables that stand in pages which are otherwise written by hand."""


def generated() -> dict[Path, str]:
    """Every generated file with what it is to hold."""
    tree = describe()
    return {
        **{ROOT / "completions" / name: text for name, text in scripts().items()},
        **{ROOT / "man" / name: page for name, page in pages(tree).items()},
        **{ROOT / "docs" / "pictures" / name: drawn for name, drawn in pictures().items()},
        **{page: with_tables(page) for page in TABLES},
        ROOT / "docs" / "reference.md": reference_page.reference(tree),
    }


def with_tables(page: Path) -> str:
    """A page with its tables as the code has them."""
    text = page.read_text(encoding="utf-8")
    for name, rows in TABLES[page].items():
        text = region(text, name, list(rows()))
    return text


def region(text: str, name: str, lines: list[str]) -> str:
    """Text with what stands between `<!-- NAME -->` and `<!-- end of NAME -->` replaced."""
    form = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    body = "\n" + "".join(f"{line}\n" for line in lines) + "\n"
    return form.sub(lambda found: found[1] + body + found[2], text)


def stale(files: dict[Path, str]) -> list[Path]:
    """The files that do not hold what they are to hold, and man pages that nothing generates any more."""
    wrong = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return wrong + [path for path in sorted((ROOT / "man").glob("*.1")) if path not in files]


def main() -> int:
    """Write what is stale, or name it."""
    files = generated()
    wrong = stale(files)
    for path in wrong:
        print(path.relative_to(ROOT).as_posix())
        if "--check" not in sys.argv and path in files:
            path.parent.mkdir(exist_ok=True)
            path.write_text(files[path], encoding="utf-8", newline="\n")
        elif "--check" not in sys.argv:
            path.unlink()
    return 1 if wrong and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
