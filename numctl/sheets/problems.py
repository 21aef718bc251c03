"""Report everything that is wrong with a sheet at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from numctl.errors import UsageError

_LIMIT = 10_000
"""The most errors listed: nobody meant to apply a sheet with more."""


class SheetErrors(UsageError):
    """The sheet cannot be applied; `problems` has one line for each error, each with its cell.

    The message is one line for one error; for several it is a heading with a line for each below it.
    """

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.problems = tuple(" ".join(problem.splitlines()) for problem in problems)
        one = len(self.problems) == 1
        heading = f"{name}: {self.problems[0] if one else f'{len(self.problems)} errors in the sheet'}"
        super().__init__(heading, hint="nothing was sent: fix the sheet and apply it again")
        if not one:
            self.message = "\n  ".join((self.message, *self.problems))


class Problems(list[str]):
    """The errors of a sheet as they are found; raises SheetErrors if there are too many to read on."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def append(self, problem: str) -> None:
        """Add one line."""
        super().append(problem)
        if len(self) > _LIMIT:
            rest = "the rest of the sheet was not read"
            raise SheetErrors(self._name, [*self[:_LIMIT], f"more than {_LIMIT:,} errors: {rest}"])

    def extend(self, problems: Iterable[str]) -> None:
        """Add several lines."""
        for problem in problems:
            self.append(problem)
