"""Order: what a verb that changes numbers asks for, before anything is shown or sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from numctl.changes.change import Change, Result
from numctl.cli.options import Changing
from numctl.output import Output

Closing = Callable[[Sequence[Result], str | None], list[str]]


@dataclass(frozen=True)
class Order:
    """What a verb asks for: its changes, how they are confirmed, and where its NUMBERs came from.

    `several` says that several accounts may be meant. `notes` end the plan; `closing` turns the results and the run's
    ID into what is said after the run.
    """

    verb: str
    changes: Sequence[Change]
    changing: Changing
    output: Output
    stdin_taken: bool = False
    several: bool = False
    undoes: str | None = None
    question: str = ""
    notes: Sequence[str] = ()
    closing: Closing | None = None
