"""`numctl show`: one number in full, and what its own settings make of a call and a message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from numctl.cli.friendly_names import checked_ref
from numctl.cli.options import Connection, Everywhere, OutputOptions
from numctl.cli.session import Session, connect
from numctl.errors import ExitCode
from numctl.model.number import FIELDS, Record, abilities, can
from numctl.model.routing import handler
from numctl.model.settings import SETTINGS
from numctl.output import Out, check_output, write_object
from numctl.output.out import write_lines
from numctl.output.shapes import NUMBERS

SHAPES = (NUMBERS,)


def command(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="An E.164 number or a PN SID.")],
    everywhere: Everywhere,
    output: OutputOptions,
    connection: Connection,
) -> ExitCode:
    """Show one number in full, and what answers it.

    Example: numctl show +14155550100 --sandbox
    """
    ref = checked_ref(number, connection)
    shown = output.chosen()
    out = Out.standard()
    check_output(shown, NUMBERS, out)
    record = _found(connect(connection), ref, everywhere.all_accounts)
    if shown.kind == "table" and not shown.quiet and shown.fields is None:
        write_lines(_lines(record))
    else:
        write_object(shown, NUMBERS, record, out)
    return ExitCode.OK


def _found(session: Session, ref: str, all_accounts: bool) -> Record:
    """Return the record as the service shows it now; raises NotFound."""
    from numctl.api.lookup import find
    from numctl.cli.targets import refuse_missing

    clients = session.clients(all_accounts)
    found = find([ref], clients)
    refuse_missing(found, clients, all_accounts)
    return found.numbers[0]


def _lines(record: Record) -> Iterator[str]:
    """Yield the number's fields in groups, then what answers a call and a message."""
    yield f"{record['phone_number']}  {record.get('friendly_name') or ''}".rstrip()
    for title, names in _groups(record).items():
        yield ""
        yield title
        for name in names:
            yield f"  {name:<26}{_text(record, name)}".rstrip()
    yield ""
    yield "Routing"
    for what, capability in (("calls", "voice"), ("messages", "sms")):
        yield from _outcome(record, what, capability)
    yield "  Settings inside applications, trunks and Messaging Services are not checked."


def _groups(record: Record) -> dict[str, list[str]]:
    """Return the fields of each group: the panels of the settings, then the rest, unknown fields last."""
    found: dict[str, list[str]] = {}
    for name, row in SETTINGS.items():
        found.setdefault(row.panel, []).append(name)
    rest = [name for name in FIELDS if name not in SETTINGS and name != "phone_number"]
    unknown = [name for name in record if name not in FIELDS]
    return found | {"Details": rest + unknown}


def _text(record: Record, name: str) -> str:
    """Return a field's value as a person reads it."""
    value = record.get(name)
    if name == "capabilities" and isinstance(value, dict):
        return abilities(record) or "none"
    if value is None or value == "":
        return "-"
    if isinstance(value, dict):
        return " ".join(map(str, value.values()))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _outcome(record: Record, what: str, capability: str) -> Iterator[str]:
    """Yield what the number's own settings make of a call or a message, and what is ignored therefore."""
    answer = handler(record, what)
    if can(record, capability) is False:
        yield f"  {what}: the number cannot receive them"
        return
    if answer.field is None:
        yield f"  {what}: nothing is set to answer them"
        return
    yield f"  {what}: {answer.field} answers: {answer.value}"
    if answer.ignored:
        yield f"    ignored: {', '.join(answer.ignored)}"
    if what == "calls" and record.get("voice_receive_mode") == "fax":
        yield "    received as fax (voice_receive_mode)"
