"""The seams to the machine: time, bounds on calls, files and whose they are, SQLite, the streams and the terminal."""

__all__ = ["clock", "color", "deadline", "files", "lock", "sqlite", "streams", "terminal"]
