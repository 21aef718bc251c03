"""`numctl doctor`: check that numctl works here, and say how to fix what does not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from numctl.api.hosts import origins_of
from numctl.api.transport import Transport
from numctl.cli.connection import Connection, at_most_one
from numctl.cli.messages import say
from numctl.cli.options import OutputOptions
from numctl.cli.pages import write_rows
from numctl.cli.session import Session, connect
from numctl.credentials.resolve import address_in, sandbox_asked
from numctl.doctor.examine import CHECKS, Row, examine
from numctl.doctor.finding import Situation, Status
from numctl.doctor.service import Service
from numctl.errors import ExitCode, NumctlError, Refused
from numctl.output import Column, Shape, check_output, columns_of, open_writer
from numctl.text.paint import Piece, Style, Text, line, render
from numctl.text.stdout import Out
from numctl.wording import counted

_SIGNS = {Status.OK: "✓", Status.WARNING: "!", Status.ERROR: "✗"}
_STYLES: dict[str, Style] = {Status.OK: "good", Status.WARNING: "warning", Status.ERROR: "error"}
_WIDTH = max(map(len, CHECKS))
_FINDINGS = Shape(
    name="checks",
    key="check",
    columns=columns_of(
        ("check", "status", "message", "hint"),
        Column("status", styles=_STYLES),
    ),
    once=True,
)
SHAPES = (_FINDINGS,)
T = TypeVar("T")


def command(output: OutputOptions, connection: Connection) -> ExitCode:
    """Check this machine and these credentials, and say how to fix what is wrong.

    Example: numctl doctor --sandbox
    """
    shown = output.chosen()
    out = Out.standard()
    check_output(shown, _FINDINGS, out)
    at_most_one(connection.account)
    rows = examine(_situation(connection))
    if shown.kind == "table" and not shown.quiet and shown.fields is None:
        found = list(_listed(rows, out))
    else:
        found = list(rows)
        wanted = [row for row in found if row.finding.status is not Status.OK] if shown.quiet else found
        write_rows(open_writer(shown, _FINDINGS, out), map(_as_json, wanted), out)
    return ExitCode.REFUSED if any(row.finding.status is Status.ERROR for row in found) else ExitCode.OK


def _situation(connection: Connection) -> Situation:
    """Connect like every verb; if that fails, check at least whether the service can be reached."""
    sandbox = _attempt(lambda: sandbox_asked(os.environ, connection.sandbox)) is True
    session = _attempt(lambda: connect(connection))
    if isinstance(session, Session):
        credentials = session.credentials
        named = at_most_one(session.asked)
        return Situation(
            os.environ, sandbox, credentials, Service(session.parent.transport, credentials.account_sid, named)
        )
    service = session if sandbox else _attempt(lambda: Service(_without_credentials(connection)))
    return Situation(os.environ, sandbox, session, service)


def _without_credentials(connection: Connection) -> Transport:
    """A connection without credentials, which can read nothing."""
    region, edge, url = address_in(os.environ)
    log = say if connection.verbose else None
    return Transport(origins_of(url, region, edge), None, timeout=connection.timeout or 60.0, log=log)


def _attempt(call: Callable[[], T]) -> T | NumctlError:
    try:
        return call()
    except NumctlError as failure:
        return failure
    except Exception as failure:  # its words are not shown: they may hold a secret
        return Refused(f"something unexpected happened ({type(failure).__name__})", hint="this is a bug in numctl")


def _as_json(row: Row) -> dict[str, str | None]:
    return {"check": row.check, **row.finding._asdict()}


def _listed(rows: Iterable[Row], out: Out) -> Iterator[Row]:
    """Write each row when it is known, then the totals."""
    counts = dict.fromkeys(Status, 0)
    for row in rows:
        counts[row.finding.status] += 1
        _write(_lines(row), out)
        yield row
    problems = [counted(counts[status], status) for status in (Status.ERROR, Status.WARNING) if counts[status]]
    _write([", ".join(problems) or "all in order"], out)


def _lines(row: Row) -> Iterator[Text]:
    """Yield a row, and the hints below it."""
    status, message, hint = row.finding
    yield line(Piece(_SIGNS[status], _STYLES[status]), f" {row.check:<{_WIDTH}}  {message}", hang=_WIDTH + 4)
    yield from (f"    {advice}" for advice in (hint or "").splitlines())


def _write(texts: Iterable[Text], out: Out) -> None:
    out.write(render(texts, width=out.width if out.terminal else None, color=out.color).encode())
    out.flush()
