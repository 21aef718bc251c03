"""Rules that find numbers whose configuration cannot work or is probably a mistake."""

__all__ = ["rules", "webhook_hosts"]
