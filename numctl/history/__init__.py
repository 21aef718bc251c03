"""What this machine changed: written before it is sent, readable later, and pruned on request."""

__all__ = ["file", "journal", "pruning", "reader"]
