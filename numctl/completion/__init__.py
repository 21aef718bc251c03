"""Shell completion: the scripts as shipped, and the cached numbers, accounts and runs that they read."""

__all__ = ["accounts", "cache", "runs", "scripts", "store"]
