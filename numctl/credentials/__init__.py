"""Whose account it is: environment, profiles and the OS keyring."""
