"""The seams to the machine: time, bounds on calls, files and whose they are, SQLite, the streams and the terminal."""
