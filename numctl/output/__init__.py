"""The only writers of standard output: table, JSON, JSON Lines, CSV, XLSX and bare keys."""

from numctl.output.columns import Column, Row, columns_of
from numctl.output.shape import Kind, Output, Shape, Writer, check_fields
from numctl.output.writers import check_output, open_writer, write_object

__all__ = [
    "Column",
    "Kind",
    "Output",
    "Row",
    "Shape",
    "Writer",
    "check_fields",
    "check_output",
    "columns_of",
    "open_writer",
    "results",
    "shapes",
    "write_object",
]
