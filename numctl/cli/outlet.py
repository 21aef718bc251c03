"""Check how the result of a change is to be written and recorded, before anything is sent."""

from __future__ import annotations

import os

from numctl.cli.options import OutputOptions
from numctl.history.file import is_kept
from numctl.output import Output, check_output
from numctl.output.results import RESULTS
from numctl.text.stdout import Out


def checked(options: OutputOptions) -> Output:
    """The output asked for; raises UsageError for one that results cannot be written as.

    Raises AuthError for a variable that does not say whether the change is recorded.
    """
    is_kept(os.environ)
    output = options.chosen()
    check_output(output, RESULTS, Out.standard())
    return output
