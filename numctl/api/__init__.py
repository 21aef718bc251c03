"""The service's REST API: one method per operation, with retries, bounds and readable errors."""
