"""How many examples a property tries, where each costs more than most."""

from __future__ import annotations

from hypothesis import settings


def fewer_examples(by: int) -> settings:
    """The setting for a part of the examples that the profile asks for."""
    default = settings.default
    assert default is not None
    return settings(max_examples=default.max_examples // by)
