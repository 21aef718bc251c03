"""Write rows as they arrive, and say so if a failure cuts them short: half a list must not look complete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from numctl.cli.messages import say
from numctl.output import Row, Writer
from numctl.text.stdout import Out, OutputFailed, ReaderGone
from numctl.wording import counted

_PAGE = 500


def write_pages(writer: Writer, pages: Iterable[Sequence[Row]], out: Out) -> int:
    """Write pages and the end of the output; return the number of rows."""
    count, any_page = 0, False
    try:
        for page in pages:
            any_page = True
            writer.write(page)
            count += len(page)
        writer.finish()
    except ReaderGone:
        raise
    except BaseException as failure:  # a signal cuts it short as well
        unwritable = isinstance(failure, OutputFailed)
        if any_page and (count or not unwritable):
            say_incomplete(count if out.begun else 0, at_least=unwritable)
        raise
    return count


def say_incomplete(count: int, *, at_least: bool = False) -> None:
    """Say that the output is incomplete, and how many rows it has."""
    rows = f"{'at least ' if at_least else ''}{counted(count, 'row')}"
    say(f"numctl: the output is incomplete: {rows} {'was' if count == 1 else 'were'} written")


def write_rows(writer: Writer, rows: Iterable[Row], out: Out) -> int:
    """Write single rows in pages, since the first page decides a table's columns; return the number of rows."""
    return write_pages(writer, _batches(rows), out)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows in pages."""
    left = iter(rows)
    while page := list(islice(left, _PAGE)):
        yield page
