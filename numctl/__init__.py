"""numctl: run the phone numbers of an account from a terminal."""

__version__ = "0.2.0"
