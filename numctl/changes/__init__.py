"""Every change of a number: planned, carried out, looked for, recorded."""

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
