"""The service's REST API: one method per operation, with retries, bounds and readable errors."""

__all__ = [
    "accounts",
    "answer",
    "client",
    "for_sale",
    "hints",
    "hosts",
    "lookup",
    "prefetch",
    "request",
    "throttle",
    "transport",
]
