"""`numctl list`: the account's numbers, streamed page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Optional

import typer

from numctl.api.client import Client
from numctl.api.prefetch import ahead
from numctl.cli.connection import Connection, Everywhere
from numctl.cli.messages import say
from numctl.cli.options import OutputOptions
from numctl.cli.pages import say_incomplete, write_pages
from numctl.cli.progress import with_progress
from numctl.cli.session import Session, connect
from numctl.completion import cache
from numctl.errors import ExitCode, NumctlError, UsageError
from numctl.model.ids import Capability, Country
from numctl.model.number import Record
from numctl.output import open_writer
from numctl.output.shapes import NUMBERS
from numctl.text import filters as where
from numctl.text.filters import Filter
from numctl.text.stdout import Out
from numctl.wording import quoted

SERVICE, HERE = "Server-side filters", "Local filters"
_LONGEST_PATTERN = 40
"""The most characters of a part of a number, separators included."""


@dataclass(frozen=True)
class Filters:
    """Which numbers to list."""

    number: Annotated[
        Optional[str],
        typer.Option("--number", metavar="PATTERN", help="Part of a number, * for any digit.", rich_help_panel=SERVICE),
    ] = None
    friendly_name: Annotated[
        Optional[str],
        typer.Option("--friendly-name", metavar="NAME", help="Exact name.", rich_help_panel=SERVICE),
    ] = None
    origin: Annotated[
        Optional[Literal["twilio", "hosted"]],
        typer.Option("--origin", metavar="twilio|hosted", help="Where numbers come from.", rich_help_panel=SERVICE),
    ] = None
    beta: Annotated[
        Optional[bool],
        typer.Option("--beta/--no-beta", help="Include or exclude beta numbers.", rich_help_panel=SERVICE),
    ] = None
    type: Annotated[
        Optional[Literal["local", "mobile", "toll-free"]],
        typer.Option("--type", metavar="TYPE", help="local, mobile or toll-free.", rich_help_panel=SERVICE),
    ] = None
    where: Annotated[
        Optional[list[str]],
        typer.Option(
            "--where",
            metavar="TEST",
            help="FIELD=GLOB, FIELD~TEXT, or with !; repeatable.",
            rich_help_panel=HERE,
        ),
    ] = None
    capability: Annotated[
        Optional[list[Capability]],
        typer.Option("--capability", metavar="NAME", help="voice, sms, mms or fax; repeatable.", rich_help_panel=HERE),
    ] = None
    country: Annotated[
        Optional[Country],
        typer.Option("--country", metavar="CC", help="Country, such as US.", rich_help_panel=HERE),
    ] = None
    limit: Annotated[
        Optional[int],
        typer.Option("--limit", metavar="N", help="Stop after N numbers.", min=1, rich_help_panel=HERE),
    ] = None
    page_size: Annotated[
        Optional[int],
        typer.Option(
            "--page-size",
            metavar="N",
            help="Page size (default 1000).",
            min=1,
            max=1000,
            rich_help_panel=SERVICE,
        ),
    ] = None

    def here(self) -> Filter | None:
        """The filters that numctl applies itself, as one; raises UsageError."""
        empty = [name for name in ("number", "friendly_name") if getattr(self, name) == ""]
        if empty:
            raise UsageError(f"--{empty[0].replace('_', '-')} is empty: leave it out to list without it")
        if len(self.number or "") > _LONGEST_PATTERN:
            raise UsageError(f"--number {quoted(self.number)}: no number is as long as that")
        tests = [where.where(text) for text in self.where or ()]
        tests += [where.capability(name) for name in self.capability or ()]
        return where.all_of(tests + ([where.country(self.country)] if self.country else []))

    def on_service(self, filtered_here: bool) -> dict[str, Any]:
        """The filters that the service applies, and a page size no larger than the limit needs."""
        size = self.page_size or 1000
        if self.limit and not filtered_here and not self.page_size:
            size = min(size, self.limit + 1)
        return {
            "type": self.type,
            "page_size": size,
            "beta": self.beta,
            "friendly_name": self.friendly_name,
            "phone_number": self.number,
            "origin": self.origin,
        }


class Listing:
    """The pages of several accounts, filtered, and what could not be read of them."""

    def __init__(self, clients: list[Client], filters: Filters) -> None:
        self.clients = clients
        self._filter = filters.here()
        self._asked = filters.on_service(self._filter is not None)
        self._whole = filters.limit is None  # only then is the next page surely wanted
        self.unread: list[NumctlError] = []
        self._passed = False
        self.in_another_case = 0
        """How many numbers would pass the filters if case did not count; counted until one passes as it is."""

    def pages(self) -> Iterator[list[Record]]:
        """Yield pages of what passes the filters; with several accounts, one that fails is noted and skipped."""
        fetched = ahead if self._whole else iter
        for client in self.clients:
            try:
                for page in with_progress(fetched(client.pages(**self._asked)), "numbers"):
                    yield page if self._filter is None else self._filtered(self._filter, page)
            except NumctlError as error:
                if len(self.clients) == 1:
                    raise
                self.unread.append(error)
                _say_unread(client.account_sid, error)
        if self.unread and len(self.unread) == len(self.clients):
            raise self.unread[0]  # nothing that was written may look like an answer

    def _filtered(self, chosen: Filter, page: list[Record]) -> list[Record]:
        passed = list(filter(chosen.holds, page))
        self._passed = self._passed or bool(passed)
        if not self._passed:
            self.in_another_case += sum(map(chosen.in_any_case, page))
        return passed

    def concluded(self, written: int, otherwise: ExitCode) -> ExitCode:
        """The exit code, after saying how many rows there are if some accounts could not be read."""
        if not self.unread:
            return otherwise
        say_incomplete(written)
        return ExitCode.PARTIAL


def _say_unread(account_sid: str, error: NumctlError) -> None:
    """Say that an account could not be read, so that its numbers are not silently missing."""
    say(f"numctl: {account_sid} could not be read (in full): {error.message}")


class Limited:
    """Pages up to so many records; when they are written, `say_cut` says whether that cut the list."""

    def __init__(self, pages: Iterator[list[Record]], limit: int | None) -> None:
        self._pages = pages
        self._limit = limit
        self._more = ""

    def __iter__(self) -> Iterator[list[Record]]:
        """Yield the pages."""
        left = self._limit
        for page in self._pages:
            if left is not None and (left == 0 or len(page) > left):
                self._more = "exist" if page else "may exist"
                yield page[:left]
                return
            yield page
            left = None if left is None else left - len(page)

    def say_cut(self) -> None:
        """Say so if the limit cut the list."""
        if self._more:
            say(f"numctl: first {self._limit} shown (--limit); more {self._more}")


SHAPES = (NUMBERS,)


def command(filters: Filters, everywhere: Everywhere, output: OutputOptions, connection: Connection) -> ExitCode:
    """List the account's numbers.

    Example: numctl list --sandbox --where 'voice_url~example.com' -q
    """
    out = Out.standard()
    several = everywhere.all_accounts or len(connection.account or ()) > 1
    shape = replace(NUMBERS, table=(*NUMBERS.table, "account_sid")) if several else NUMBERS
    writer = open_writer(output.chosen(), shape, out)
    filters.here()
    session = connect(connection)
    listing = Listing(session.clients(everywhere.all_accounts), filters)
    pages = Limited(_noted(session, filters, listing), filters.limit)
    found = write_pages(writer, pages, out)
    pages.say_cut()
    _say_left_out(out)
    if not found and listing.in_another_case:
        what = "1 number" if listing.in_another_case == 1 else f"{listing.in_another_case} numbers"
        say(f"numctl: nothing matches, but {what} would if case did not count: = is case-sensitive, ~ is not")
    elif out.terminal and not found:
        say("numctl: no numbers" + ("" if filters == Filters() else " match"))
    return listing.concluded(found, ExitCode.OK)


def _say_left_out(out: Out) -> None:
    """Say which columns the terminal had no room for."""
    if out.left_out:
        names = ", ".join(out.left_out)
        say(f"numctl: hidden at this width: {names} (choose with --fields)")


def _noted(session: Session, filters: Filters, listing: Listing) -> Iterator[list[Record]]:
    """The pages; those of an account's whole list are kept for completion as they pass."""
    if len(listing.clients) > 1 or replace(filters, page_size=None) != Filters():
        return listing.pages()
    return cache.noted(cache.key_of(session.credentials, listing.clients[0].account_sid), listing.pages())
