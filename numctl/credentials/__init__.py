"""Whose account it is: environment, profiles and the OS keyring."""

__all__ = ["keyring", "profiles", "resolve"]
