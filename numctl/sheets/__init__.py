"""Read a sheet (CSV, XLSX, JSON, JSON Lines) into wanted settings; nothing here touches the network.

`read` takes the sheet apart and reports everything that is wrong with its form; `wanted_by_row` compares its cells with
the live records: what a cell would change, and whether that is allowed.
"""

from __future__ import annotations

from numctl.sheets.compare import read_only_differences, wanted_by_row, wanted_for
from numctl.sheets.problems import SheetErrors
from numctl.sheets.reading import read
from numctl.sheets.row import Row, Sheet

__all__ = ["Row", "Sheet", "SheetErrors", "read", "read_only_differences", "wanted_by_row", "wanted_for"]
