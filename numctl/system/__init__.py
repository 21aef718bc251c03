"""The seams to the machine: time, bounds on calls, and whose files are whose."""
