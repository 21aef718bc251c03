"""How the change of one number came out, as scripts and the history read it."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The values of `outcome` in a result and in the history."""

    BOUGHT = "bought"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    PLANNED = "planned"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"

    @property
    def is_done(self) -> bool:
        """Whether this run made the change."""
        return self in _DONE

    @property
    def may_have_effect(self) -> bool:
        """Whether it may have changed something on the account."""
        return self.is_done or self is Outcome.UNKNOWN

    @property
    def is_failure(self) -> bool:
        """Whether the requested state is not in place, or not known to be."""
        return self in _FAILURES


_DONE = frozenset({Outcome.BOUGHT, Outcome.CHANGED, Outcome.RELEASED, Outcome.TRANSFERRED})
_FAILURES = frozenset({Outcome.FAILED, Outcome.UNKNOWN, Outcome.SKIPPED})
