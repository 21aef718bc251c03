"""Text for people and cells: what a terminal may show, what a cell holds, what a filter tests, how text is encoded."""

__all__ = ["cells", "encoding", "filters", "terminal"]
