"""`numctl search`: numbers for sale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal, Optional

import typer

from numctl.api.for_sale import samples
from numctl.cli.connection import Connection
from numctl.cli.messages import say
from numctl.cli.options import OutputOptions
from numctl.cli.pages import write_pages
from numctl.cli.progress import with_progress
from numctl.cli.session import Session, connect
from numctl.cli.verbs.list import Limited
from numctl.errors import ExitCode, NotFound, Refused, UsageError
from numctl.model.ids import E164, AreaCode, Country
from numctl.model.number import Record
from numctl.model.settings import wire_text
from numctl.output import Column, Output, Row, Shape, columns_of, open_writer
from numctl.output.shapes import FOR_SALE
from numctl.text.stdout import Out
from numctl.wording import quoted

WHAT, PLACE, ADDRESS = "Capabilities", "Location", "Address requirements"
_SaleType = Literal["local", "toll-free", "mobile", "national", "shared-cost", "voip", "machine-to-machine"]
_Type = Annotated[
    _SaleType,
    typer.Option(
        "--type",
        metavar="TYPE",
        help="local, toll-free, mobile, national, shared-cost, voip or machine-to-machine.",
        rich_help_panel=WHAT,
    ),
]
_LAT_LONG = re.compile(r"-?[0-9]{1,2}(\.[0-9]+)?,-?[0-9]{1,3}(\.[0-9]+)?")
_SCREENFUL = 30
"""Numbers that a terminal shows unless --limit says otherwise."""

_NORTH_AMERICA = ("US", "CA")
_NORTH_AMERICAN_ONLY = (
    "area_code",
    "near_number",
    "near_lat_long",
    "distance",
    "in_postal_code",
    "in_region",
    "in_rate_center",
    "in_lata",
)


def _types_of(row: Row) -> str:
    """The types of number that a country has: the names of its subresources, as --type takes them."""
    return " ".join(sorted(row.get("subresource_uris") or {})).replace("_", "-")


_COUNTRY = ("country_code", "country", "beta", "types")
_COUNTRIES = Shape(
    name="countries",
    key="country_code",
    columns=columns_of(
        ("country_code", "country", "beta", "uri", "subresource_uris", "types"), Column("types", value=_types_of)
    ),
    table=_COUNTRY,
    sheet=_COUNTRY,
)
SHAPES = (FOR_SALE, _COUNTRIES)


def _flag(names: str, help: str, panel: str = WHAT) -> Any:
    """A filter that is on, off or not given."""
    return typer.Option(names, help=help, rich_help_panel=panel)


def text(name: str, metavar: str, help: str) -> Any:
    """A filter by place."""
    return typer.Option(name, metavar=metavar, help=help, rich_help_panel=PLACE)


@dataclass(frozen=True)
class SaleFilters:
    """The request parameters of AvailablePhoneNumbers, each under its documented name in snake_case."""

    area_code: Annotated[Optional[AreaCode], text("--area-code", "NNN", "Area code (US and Canada).")] = None
    contains: Annotated[
        Optional[str],
        typer.Option("--contains", metavar="PATTERN", help="Two or more digits or letters.", rich_help_panel=WHAT),
    ] = None
    sms_enabled: Annotated[Optional[bool], _flag("--sms-enabled/--no-sms-enabled", "Can do SMS.")] = None
    mms_enabled: Annotated[Optional[bool], _flag("--mms-enabled/--no-mms-enabled", "Can do MMS.")] = None
    voice_enabled: Annotated[Optional[bool], _flag("--voice-enabled/--no-voice-enabled", "Can do calls.")] = None
    fax_enabled: Annotated[Optional[bool], _flag("--fax-enabled/--no-fax-enabled", "Can do fax.")] = None
    exclude_all_address_required: Annotated[
        bool, _flag("--exclude-all-address-required", "Only numbers that need no address.", ADDRESS)
    ] = False
    exclude_local_address_required: Annotated[
        bool, _flag("--exclude-local-address-required", "Leave out numbers that need a local address.", ADDRESS)
    ] = False
    exclude_foreign_address_required: Annotated[
        bool, _flag("--exclude-foreign-address-required", "Leave out numbers that need a foreign address.", ADDRESS)
    ] = False
    beta: Annotated[Optional[bool], _flag("--beta/--no-beta", "Include or exclude beta numbers.")] = None
    near_number: Annotated[Optional[E164], text("--near-number", "NUMBER", "Near this number.")] = None
    near_lat_long: Annotated[Optional[str], text("--near-lat-long", "LAT,LONG", "Near this place.")] = None
    distance: Annotated[
        Optional[int],
        typer.Option(
            "--distance",
            metavar="MILES",
            help="Within this distance (default 25).",
            min=0,
            max=500,
            rich_help_panel=PLACE,
        ),
    ] = None
    in_postal_code: Annotated[Optional[str], text("--in-postal-code", "CODE", "Postal code.")] = None
    in_region: Annotated[Optional[str], text("--in-region", "REGION", "State or province, such as CA.")] = None
    in_rate_center: Annotated[Optional[str], text("--in-rate-center", "NAME", "Rate centre; with --in-lata.")] = None
    in_lata: Annotated[Optional[str], text("--in-lata", "LATA", "Local access and transport area.")] = None
    in_locality: Annotated[Optional[str], text("--in-locality", "NAME", "City.")] = None

    def params(self) -> dict[str, str]:
        """What was given as request parameters."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        asked = {name: value for name, value in given.items() if value is not None}
        on = {name: value for name, value in asked.items() if not (name.startswith("exclude_") and value is False)}
        return {
            _wire_name(name): wire_text(value) if isinstance(value, bool) else str(value) for name, value in on.items()
        }

    def check(self, country: str, type: str) -> None:
        """Raise UsageError for what the service does not offer in this country or for this type."""
        given = [field.name for field in fields(self) if getattr(self, field.name) not in (None, False)]
        empty = [name for name in given if getattr(self, name) == ""]
        if empty:
            raise UsageError(f"{_option(empty[0])} is empty: leave it out to search without it")
        elsewhere = [name for name in given if name in _NORTH_AMERICAN_ONLY]
        if elsewhere and country not in _NORTH_AMERICA:
            raise UsageError(f"{_option(elsewhere[0])} is only for the US and Canada, not for {country}")
        placed = [name for name in given if name in (*_NORTH_AMERICAN_ONLY[1:], "in_locality")]
        if placed and type == "toll-free":
            raise UsageError(f"{_option(placed[0])}: a toll-free number belongs to no place")
        if self.distance is not None and not (self.near_number or self.near_lat_long):
            raise UsageError("--distance goes with --near-number or --near-lat-long")
        if self.in_rate_center is not None and self.in_lata is None:
            raise UsageError("--in-rate-center goes with --in-lata")
        if self.near_lat_long is not None:
            _check_lat_long(self.near_lat_long)


def _check_lat_long(text: str) -> None:
    """Raise UsageError for coordinates that do not exist."""
    if not _LAT_LONG.fullmatch(text):
        raise UsageError(f"--near-lat-long {quoted(text)}: it is LAT,LONG in degrees, such as 37.84,-122.45")
    latitude, longitude = map(float, text.split(","))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise UsageError(
            f"--near-lat-long {quoted(text)}: the latitude is from -90 to 90, the longitude from -180 to 180"
        )


def _wire_name(name: str) -> str:
    """The request parameter of a filter."""
    return "".join(word.capitalize() for word in name.split("_"))


def _option(name: str) -> str:
    """The option of a filter."""
    return "--" + name.replace("_", "-")


def command(
    filters: SaleFilters,
    output: OutputOptions,
    connection: Connection,
    country: Annotated[Optional[Country], typer.Argument(metavar="[COUNTRY]", help="ISO 3166-1 code (US).")] = None,
    type: _Type = "local",
    limit: Annotated[
        Optional[int],
        typer.Option("--limit", metavar="N", help="Up to N numbers, in at most 50 requests.", min=1),
    ] = None,
    page_size: Annotated[
        Optional[int], typer.Option("--page-size", metavar="N", help="Page size.", min=1, max=1000)
    ] = None,
    countries: Annotated[bool, typer.Option("--countries", help="List where numbers are sold.")] = False,
) -> ExitCode:
    """Find numbers for sale.

    One answer is a sample of about 30; the next shows others.

    Example: numctl search US --area-code 415 --limit 3 --sandbox
    """
    shown = output.chosen()
    if countries:
        _refuse_filters(country, type, limit, page_size, filters)
        return _list_countries(connect, connection, shown)
    country = country or "US"
    filters.check(country, type)
    out = Out.standard()
    writer = open_writer(shown, FOR_SALE, out)
    session = connect(connection)
    most = _SCREENFUL if out.terminal and shown == Output() and limit is None else None
    pages = _for_sale(session, country, type, filters, page_size, limit, most)
    found = write_pages(writer, _fitting(filters, sold(session, country, type, pages)), out)
    if most:
        pages.say_cut()
    return _conclude(filters, found, limit, terminal=out.terminal)


def _for_sale(
    session: Session,
    country: str,
    type: str,
    filters: SaleFilters,
    page_size: int | None,
    limit: int | None,
    most: int | None,
) -> Limited:
    """Numbers for sale: one answer, and more if the limit needs them."""
    size = page_size or (min(1000, limit + 1) if limit else 1000)
    answers = samples(session.client, country, type, filters.params(), wanted=limit or 0, page_size=size)
    return Limited(with_progress(answers, "numbers for sale"), limit or most)


def _fitting(filters: SaleFilters, pages: Iterator[list[Record]]) -> Iterator[list[Record]]:
    """Yield the pages; a refused pattern gets a hint, since the service's rules for patterns are not fully known."""
    try:
        yield from pages
    except Refused as error:
        if error.status != 400 or not filters.contains:
            raise
        hint = "write the digits out, all ten of a number of the US or Canada, without * or %"
        raise Refused(error.message, hint=hint, **error.said) from error


def _conclude(filters: SaleFilters, found: int, limit: int | None, *, terminal: bool) -> ExitCode:
    """Say that there may be more, and how to see it; that nothing was found is said only to a person."""
    if not found:
        if terminal:
            _loosen(filters)
        return ExitCode.OK
    so_far = f"found {found} so far, not {limit}; " if limit and found < limit else ""
    say(f"numctl: {so_far}the service shows a sample of what is for sale; search again or narrow the search for others")
    return ExitCode.OK


def sold(session: Session, country: str, type: str, pages: Limited) -> Iterator[list[Record]]:
    """Yield the pages; raises NotFound with what is sold instead, if this is not sold."""
    try:
        yield from pages
    except NotFound as error:
        raise _not_sold(session, country, type, error) from error


def _refuse_filters(*given: object) -> None:
    """Raise UsageError for what the list of countries would ignore: COUNTRY, type, limit, page size, filters."""
    if given != (None, "local", None, None, SaleFilters()):
        raise UsageError("--countries lists all of them: leave out COUNTRY, types, limits and filters")


def _loosen(filters: SaleFilters) -> None:
    """Suggest which filters to leave out."""
    given = [_option(field.name) for field in fields(filters) if getattr(filters, field.name) not in (None, False)]
    hint = f"try without {' or '.join(given)}" if given else "numctl search --countries lists where numbers are sold"
    say(f"numctl: nothing for sale matches; {hint}")


def _not_sold(session: Session, country: str, type: str, error: NotFound) -> NotFound:
    """The error for a country or a type of number that is not for sale, with the types that are."""
    hint = "numctl search --countries lists where numbers are sold, and of which types"
    rows = [row for page in session.client.countries() for row in page if row["country_code"] == country]
    if rows:
        sold = _types_of(rows[0]).split()
        hint = f"there are {', '.join(f'--type {name}' for name in sold)}"
    return NotFound(f"{country} has no {type} numbers for sale", hint=hint, **error.said)


def _list_countries(connect: Any, connection: Connection, output: Output) -> ExitCode:
    """Write where numbers are sold, and of which types."""
    out = Out.standard()
    write_pages(open_writer(output, _COUNTRIES, out), connect(connection).client.countries(), out)
    return ExitCode.OK
