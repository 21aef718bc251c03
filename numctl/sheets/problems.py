"""Report everything that is wrong with a sheet at once."""

from __future__ import annotations

from collections.abc import Sequence

from numctl.errors import UsageError


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
