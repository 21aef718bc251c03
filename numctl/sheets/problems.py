"""What is wrong with a sheet, all of it at once."""

from __future__ import annotations

from collections.abc import Sequence

from numctl.errors import UsageError


class SheetErrors(UsageError):
    """The sheet cannot be applied as it is; `problems` has one line for each fault, each with its cell.

    The message is one line for one fault; for several it is a heading with a line for each below it.
    """

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        if len(self.problems) == 1:
            message = f"{name}: {self.problems[0]}"
        else:
            message = "\n  ".join((f"{name}: {len(self.problems)} errors in the sheet", *self.problems))
        super().__init__(message, hint="nothing was sent: mend the sheet and apply it again")
