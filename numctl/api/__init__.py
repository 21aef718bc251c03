"""The service's REST API: one method per operation, with retries, bounds and readable errors."""

__all__ = [
    "accounts",
    "client",
    "for_sale",
    "hints",
    "hosts",
    "http",
    "lookup",
    "network",
    "prefetch",
    "request",
    "throttle",
    "transport",
]
