"""What this machine changed: written before it is sent, read again, and forgotten on request."""

__all__ = ["file", "journal", "pruning", "reader"]
