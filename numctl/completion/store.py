"""The text files that completion scripts read: on each line a value, a tab and a description.

`KIND/KEY.tsv` in the cache folder, 0600. Failures to read and write them are ignored, and long lists are cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Literal

from numctl.errors import NumctlError
from numctl.wording import masked

Kind = Literal["numbers", "accounts", "runs"]

LARGEST = 5000
"""Lines of a file; a shell reads them all at each TAB."""


def path_of(kind: Kind, key: str) -> Path:
    """The file of one kind and key."""
    from numctl.system.files import cache_dir

    return cache_dir() / kind / f"{key}.tsv"


def one_line(text: object) -> str:
    """Text without control, bidirectional or other invisible characters, and without passwords."""
    return "".join(character for character in masked(str(text or "")) if character.isprintable())


def replace(kind: Kind, key: str, rows: Mapping[str, str], most: int = LARGEST) -> None:
    """Replace a file, cut to the bound; equal content is not written again."""
    from numctl.system.files import cache_dir, private_dir, write_private

    lines = [f"{word}\t{meaning}\n" for word, meaning in islice(rows.items(), most)]
    content = "".join(lines).encode("utf-8", "replace")
    with suppress(NumctlError, OSError):
        path = path_of(kind, key)
        if not path.is_file() or path.read_bytes() != content:
            private_dir(cache_dir())
            write_private(path, content)


def forget(kind: Kind, key: str) -> None:
    """Remove a file that is out of date."""
    from numctl.system.files import check_regular

    with suppress(NumctlError, OSError):
        path = path_of(kind, key)
        if check_regular(path):
            path.unlink()


def load(kind: Kind, key: str) -> dict[str, str]:
    """What a file holds; empty if it cannot be read."""
    try:
        text = path_of(kind, key).read_text(encoding="utf-8")
    except (NumctlError, OSError, ValueError):
        return {}
    pairs = (line.split("\t", 1) for line in text.split("\n") if "\t" in line)
    return {pair[0]: pair[1] for pair in pairs}
