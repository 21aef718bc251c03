"""Choose the writer of an output, and refuse what cannot be written.

A writer's module is loaded when it is chosen: a command needs one, and `--help` none.
"""

from __future__ import annotations

from numctl.errors import UsageError
from numctl.output.columns import Row
from numctl.output.shape import Output, Shape, Writer, check_fields
from numctl.text.stdout import Out


def check_output(output: Output, shape: Shape, out: Out) -> None:
    """Raise UsageError for an output that is not possible, before anything is sent."""
    check_fields(output, shape)
    if output.kind == "xlsx" and out.terminal and not output.quiet:
        raise UsageError("XLSX is not text for a terminal", hint=f"send it to a file: -o xlsx > {shape.name}.xlsx")


def open_writer(output: Output, shape: Shape, out: Out) -> Writer:
    """The writer for an output; raises UsageError as `check_output` does."""
    check_output(output, shape, out)
    fields = None if output.fields is None else tuple(dict.fromkeys(output.fields))
    return _writer(output._replace(fields=fields), shape, out)


def _writer(output: Output, shape: Shape, out: Out) -> Writer:
    if output.quiet:
        from numctl.output.quiet import QuietWriter

        return QuietWriter(shape, out)
    if output.kind in ("json", "jsonl"):
        from numctl.output.jsonout import JsonLinesWriter, JsonWriter

        return (JsonWriter if output.kind == "json" else JsonLinesWriter)(shape, output.fields, out)
    if output.kind == "csv":
        from numctl.output.csvout import CsvWriter

        return CsvWriter(shape, output.fields, out)
    if output.kind == "xlsx":
        from numctl.output.xlsx import XlsxWriter

        return XlsxWriter(shape, output.fields, out)
    return _table(output, shape, out)


def _table(output: Output, shape: Shape, out: Out) -> Writer:
    if out.terminal:
        from numctl.output.table import TableWriter

        return TableWriter(shape, output.fields, out)
    from numctl.output.plain import PlainWriter

    return PlainWriter(shape, output.fields, out)


def write_object(output: Output, shape: Shape, row: Row, out: Out) -> None:
    """Write a single row: in JSON as an object, else as the only row."""
    if output.kind == "json" and not output.quiet:
        from numctl.output.jsonout import write_json_object

        check_fields(output, shape)
        write_json_object(shape, output.fields, row, out)
        return
    writer = open_writer(output, shape, out)
    writer.write([row])
    writer.finish()
