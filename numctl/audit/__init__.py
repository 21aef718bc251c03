"""Rules that find numbers that cannot work as configured, or probably should not."""

__all__ = ["rules", "webhook_hosts"]
