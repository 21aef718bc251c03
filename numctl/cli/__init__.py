"""The command line: the only code that knows Typer and the terminal."""

__all__ = ["app", "commands", "environment", "messages", "tree", "values", "verbs"]
