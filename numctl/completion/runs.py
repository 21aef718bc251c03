"""The runs that `undo` and `history` complete: the newest ones of this machine, and of the sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from numctl.completion import store
from numctl.wording import counted

if TYPE_CHECKING:
    from numctl.model.number import Record

LARGEST = 100
"""Older runs are seldom undone, and `history` lists them."""


def note(sandbox: bool, run_id: str | None, verb: str, numbers: int) -> None:
    """Add a new run before the known ones."""
    if run_id:
        key = _key(sandbox)
        _replace(key, {run_id: _meaning(verb, numbers)} | store.load("runs", key))


def noted(sandbox: bool, runs: Iterable[Record]) -> Iterator[Record]:
    """Yield all runs, the newest first, and remember the first of them once all were taken."""
    known: dict[str, str] = {}
    for run in runs:
        if len(known) < LARGEST:
            known[run["id"]] = _meaning(run["verb"], run["numbers"])
        yield run
    _replace(_key(sandbox), known)


def forget(sandbox: bool) -> None:
    """Forget the runs, since the history has lost some of them."""
    store.forget("runs", _key(sandbox))


def _replace(key: str, known: dict[str, str]) -> None:
    store.replace("runs", key, known, LARGEST)


def _key(sandbox: bool) -> str:
    return "sandbox" if sandbox else "machine"


def _meaning(verb: str, numbers: int) -> str:
    return f"{verb}, {counted(numbers, 'number')}"
