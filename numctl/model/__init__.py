"""What is valid, what can be set on a number, and what the service returns: pure, without input or output."""

__all__ = [
    "area_codes",
    "countries",
    "ids",
    "loopback",
    "moment",
    "number",
    "outcome",
    "regions",
    "routing",
    "sale",
    "settings",
]
