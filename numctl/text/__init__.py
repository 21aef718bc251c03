"""Text for people and cells: what is safe on a terminal, what a cell holds, what a filter tests."""
