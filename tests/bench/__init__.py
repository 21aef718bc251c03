"""Benchmarks, as ratios in one run: `python -m tests.bench [start] [list] [bulk] [tables] [--quick] [--plot FILE]`.

Nothing here is a test, and no test asserts on a clock: a ratio is read, not enforced. CPU time is that of the process
and all its children, user and system; the commands that are compared take turns, and medians are shown.
"""
