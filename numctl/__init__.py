"""numctl: manage a Twilio account's phone numbers from a terminal."""

__version__ = "0.2.0"
