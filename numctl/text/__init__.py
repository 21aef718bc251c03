"""Text for people and cells: what a terminal shows and how, what a cell holds, what a filter tests, encodings."""

__all__ = ["cells", "encoding", "filters", "paint", "stdout", "suggestions", "terminal", "times", "width"]
