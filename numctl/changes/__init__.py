"""Every change of a number: plan it, carry it out, look for it, record it."""

__all__ = [
    "change",
    "consequences",
    "from_history",
    "from_sheet",
    "lag",
    "looking",
    "operation",
    "perform",
    "plan",
    "recorded",
    "recorder",
    "run",
    "second_look",
    "vanished",
]
