"""Check how the result of a change is to be written and recorded, before anything is sent."""

from __future__ import annotations

import os

from numctl.cli.options import OutputOptions
from numctl.history.file import is_kept
from numctl.output import Output, check_output
from numctl.output.results import RESULTS
from numctl.text.stdout import Out


def checked(options: OutputOptions) -> Output:
    """The requested output; raises UsageError if results cannot be written that way.

    Raises AuthError if NUMCTL_HISTORY has another value than its two.
    """
    is_kept(os.environ)
    output = options.chosen()
    check_output(output, RESULTS, Out.standard())
    return output
