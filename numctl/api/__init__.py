"""The service's REST API: one method per operation, with retries, bounds and readable errors."""

__all__ = [
    "accounts",
    "answer",
    "bare",
    "client",
    "for_sale",
    "hints",
    "hosts",
    "lookup",
    "network",
    "prefetch",
    "request",
    "throttle",
    "transport",
]
