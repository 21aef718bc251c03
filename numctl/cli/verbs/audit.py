"""`numctl audit`: numbers whose configuration cannot work or is probably a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated, Optional

import typer

from numctl.audit.rules import audit
from numctl.cli.connection import Connection, Everywhere
from numctl.cli.options import OutputOptions
from numctl.cli.pages import write_rows
from numctl.cli.session import connect
from numctl.cli.verbs.audit_view import report
from numctl.cli.verbs.list import Filters, Listing
from numctl.errors import ExitCode
from numctl.model.number import Record
from numctl.output import Column, Shape, columns_of, open_writer
from numctl.text.stdout import Out, write_lines

_CHOSEN = "Which findings"

_FINDINGS = Shape(
    name="findings",
    key="phone_number",
    columns=columns_of(
        ("rule", "severity", "phone_number", "sid", "account_sid", "field", "message", "command"),
        Column("severity", styles={"error": "error", "warning": "warning"}),
        whole=("phone_number", "sid", "account_sid", "message"),
    ),
    table=("severity", "phone_number", "rule", "message"),
    once=True,
)
SHAPES = (_FINDINGS,)


def command(
    everywhere: Everywhere,
    output: OutputOptions,
    connection: Connection,
    rule: Annotated[
        Optional[list[str]],
        typer.Option("--rule", metavar="ID", help="Only this rule; repeatable.", rich_help_panel=_CHOSEN),
    ] = None,
    skip_rule: Annotated[
        Optional[list[str]],
        typer.Option("--skip-rule", metavar="ID", help="Skip this rule; repeatable.", rich_help_panel=_CHOSEN),
    ] = None,
    severity: Annotated[
        Optional[str],
        typer.Option(
            "--severity", metavar="LEVEL", help="Lowest severity: info, warning or error.", rich_help_panel=_CHOSEN
        ),
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 10 if there are findings.", rich_help_panel=_CHOSEN)
    ] = False,
) -> ExitCode:
    """Find numbers whose configuration cannot work or is probably a mistake.

    Example: numctl audit --sandbox --severity warning
    """
    search = partial(audit, rules=rule or (), skip=skip_rule or (), severity=severity)
    search([])
    shown, out = output.chosen(), Out.standard()
    writer = open_writer(shown, _FINDINGS, out)
    session = connect(connection)
    listing = Listing(session.clients(everywhere.all_accounts), Filters())
    records = _Counted(record for page in listing.pages() for record in page)
    if out.terminal and shown.is_view:
        findings = list(search(records))
        write_lines(report(findings, records.count, session.reach.line))
        found = len(findings)
    else:
        found = write_rows(writer, (finding.as_json(session.reach.line) for finding in search(records)), out)
    return listing.concluded(found, ExitCode.PENDING if found and exit_code else ExitCode.OK)


class _Counted:
    """Records, counted as they pass."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records
        self.count = 0

    def __iter__(self) -> Iterator[Record]:
        """Yield the records."""
        for record in self._records:
            self.count += 1
            yield record
