"""The hand-written part of each completion script, and the places in it that are filled from the command tree."""

from __future__ import annotations

from importlib.resources import files


def filled(name: str, **places: list[str]) -> str:
    """A frame with each line `@PLACE@` replaced by the lines for it."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    for place, lines in places.items():
        text = text.replace(f"@{place}@\n", "".join(f"{line}\n" for line in lines))
    return text
