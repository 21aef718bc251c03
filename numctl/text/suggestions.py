"""What a mistyped name may mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from numctl.wording import quoted

_ALIKE = 0.6
"""The least similarity of a suggestion; a name with one wrong letter is above it."""


def closest(name: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Up to `count` of the known names that are similar to this one, the most similar first.

    Case is ignored, and `-`, `_` and a space are equal.
    """
    from difflib import get_close_matches  # only a slip needs it

    by_form: dict[str, str] = {}
    for one in known:
        by_form.setdefault(_form(one), one)
    form = _form(name)
    if form in by_form:
        return [by_form[form]]
    found = get_close_matches(form, by_form, n=count, cutoff=_ALIKE)
    if not found and len(form) > 2:
        found = [one for one in by_form if one.startswith(form)][:count]
    return [by_form[one] for one in found]


def did_you_mean(name: str, known: Iterable[str], meanings: Mapping[str, str] | None = None, shown: str = "{}") -> str:
    """Return `: did you mean NAME?` to end a message with, or nothing; `meanings` maps other words to names."""
    meant = (meanings or {}).get(_form(name))
    found = [meant] if meant else closest(name, known)
    return f": did you mean {shown.format(found[0])}?" if found else ""


def unknown_field(name: str, known: Iterable[str]) -> str:
    """Say that there is no such field, and which ones may be meant."""
    found = closest(name, known, 3)
    meant = f": did you mean {' or '.join(filter(None, (', '.join(found[:-1]), found[-1])))}?" if found else ""
    return f"there is no field {quoted(name)}{meant}"


def _form(name: str) -> str:
    return name.strip().lstrip("-").lower().replace("_", "-").replace(" ", "-")
