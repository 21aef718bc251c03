"""Check how the result of a change is to be written, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numctl.cli.options import OutputOptions

if TYPE_CHECKING:
    from numctl.render import Output


def checked(options: OutputOptions) -> Output:
    """Return the output asked for; raises UsageError for one that results cannot be written as."""
    from numctl.render import Out, check_output
    from numctl.render.results import RESULTS

    output = options.chosen()
    check_output(output, RESULTS, Out.standard())
    return output
