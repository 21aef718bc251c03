"""Shell completion: the scripts as shipped, and the cache of numbers that they read."""

__all__ = ["cache", "scripts"]
