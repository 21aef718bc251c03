"""Write everything that is generated from the code: completions, man pages, the tables and the picture of the README.

`python tools/generate.py` writes them; with `--check` nothing is written, and what is stale is named (exit 1).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from numctl.audit.rules import RULES  # noqa: E402 # the checkout beside this file is meant, installed or not
from numctl.cli.environment import ENVIRONMENT  # noqa: E402 # as above
from numctl.cli.tree import describe  # noqa: E402 # as above
from numctl.errors import EXIT_MEANINGS  # noqa: E402 # as above
from numctl.model.number import FIELDS  # noqa: E402 # as above
from numctl.model.settings import SETTINGS  # noqa: E402 # as above
from tools.docs.completion import scripts  # noqa: E402 # as above
from tools.docs.manual import pages  # noqa: E402 # as above
from tools.docs.reference import FIELD_MEANINGS, FILES  # noqa: E402 # as above
from tools.picture import picture  # noqa: E402 # as above


def generated() -> dict[Path, str]:
    """Return every generated file with what it is to hold."""
    completions = {ROOT / "completions" / name: text for name, text in scripts().items()}
    manual = {ROOT / "man" / name: page for name, page in pages(describe()).items()}
    readme = ROOT / "README.md"
    return (
        completions
        | manual
        | {
            readme: with_tables(readme.read_text(encoding="utf-8")),
            ROOT / "docs" / "sandbox.svg": picture(),
        }
    )


def with_tables(text: str) -> str:
    """Return the README with its tables as the code has them."""
    codes = [f"| {int(code)} | {meaning} |" for code, meaning in EXIT_MEANINGS.items()]
    variables = [f"| {', '.join(f'`{name}`' for name in names.split(', '))} | {what} |" for names, what in ENVIRONMENT]
    files = [f"| `{path}` | {what} |" for path, what in FILES]
    text = region(text, "exit codes", ["| code | meaning |", "|---|---|", *codes])
    text = region(text, "environment", ["| variable | what it does |", "|---|---|", *variables])
    rules = [f"| `{rule.id}` | {rule.severity} | {rule.reason} |" for rule in RULES]
    text = region(text, "audit rules", ["| rule | severity | why |", "|---|---|---|", *rules])
    text = region(text, "files", ["| file | what it holds |", "|---|---|", *files])
    return region(text, "fields", ["| field | set with | what it is |", "|---|---|---|", *field_rows()])


def field_rows() -> list[str]:
    """Return the rows of the table of fields, in the order in which numctl shows them."""
    meanings = dict(FIELD_MEANINGS)
    return [
        f"| `{name}` | `{SETTINGS[name].option}` | {SETTINGS[name].help} |"
        if name in SETTINGS
        else f"| `{name}` | | {meanings[name]} |"
        for name in FIELDS
    ]


def region(text: str, name: str, lines: list[str]) -> str:
    """Return text with what stands between `<!-- NAME -->` and `<!-- end of NAME -->` replaced."""
    form = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    body = "\n" + "".join(f"{line}\n" for line in lines) + "\n"
    return form.sub(lambda found: found[1] + body + found[2], text)


def stale(files: dict[Path, str]) -> list[Path]:
    """Return the files that do not hold what they are to hold, and man pages that nothing generates any more."""
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
