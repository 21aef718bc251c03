"""`numctl buy`: provision numbers, with any setting applied at purchase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Optional

import typer

from numctl.api.for_sale import look_up, need
from numctl.changes.change import Change
from numctl.changes.plan import buying, check_wanted
from numctl.cli.change import carry_out, connect_to_change
from numctl.cli.connection import Connection
from numctl.cli.messages import say
from numctl.cli.options import Changing, OutputOptions
from numctl.cli.order import Closing, Order
from numctl.cli.outlet import checked
from numctl.cli.session import Session
from numctl.cli.setting_options import SettingsOptions, wanted_of
from numctl.cli.targets import Numbers
from numctl.cli.verbs.after_purchase import addresses, give_back, rest
from numctl.cli.verbs.buy_area import in_area
from numctl.errors import AuthError, ExitCode, UsageError
from numctl.model.ids import AreaCode
from numctl.model.number import Record
from numctl.model.outcome import Outcome
from numctl.model.settings import Wanted
from numctl.output.results import RESULTS

_AREA = "Instead of NUMBERs"
_TEST_CREDENTIALS = 20008
_LOOKED_AT = 8
"""The most numbers bought by name to look up first, for the address that they may need."""


@dataclass(frozen=True)
class _ForSale(Numbers):
    """The NUMBER… arguments of a purchase: what is for sale has no SID yet."""

    numbers: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="[NUMBER]", help="E.164 numbers, or - for one per line on standard input."),
    ] = None


@dataclass(frozen=True)
class _Area:
    """Which area to buy in, instead of naming numbers."""

    area_code: Annotated[
        Optional[AreaCode],
        typer.Option(
            "--area-code",
            metavar="NNN",
            help="Find numbers in this area (US, Canada, toll-free).",
            rich_help_panel=_AREA,
        ),
    ] = None
    count: Annotated[
        Optional[int],
        typer.Option(
            "--count",
            metavar="N",
            help="With --area-code: how many numbers (default 1).",
            min=1,
            max=1000,
            rich_help_panel=_AREA,
        ),
    ] = None

    def check(self, numbers: Sequence[str] | None) -> None:
        """Raise UsageError if numbers are both named and asked for by area."""
        if self.area_code and numbers:
            raise UsageError("name NUMBERs or give --area-code, not both")
        if self.count and not self.area_code:
            raise UsageError("--count goes with --area-code")


SHAPES = (RESULTS,)


def command(
    numbers: _ForSale,
    area: _Area,
    settings: SettingsOptions,
    changing: Changing,
    output: OutputOptions,
    connection: Connection,
) -> ExitCode:
    """Buy numbers, with settings applied at purchase.

    Example: numctl buy +14155550123 --friendly-name Support --sandbox --dry-run
    """
    wanted = wanted_of(settings)
    check_wanted(wanted)
    area.check(numbers.numbers)
    refs = [] if area.area_code else _refuse_sids(numbers.refs(connection))
    shown = checked(output)
    session = connect_to_change(connection, changing, shown)
    if area.area_code:
        changes, notes = in_area(session, area.area_code, area.count or 1, wanted, changing)
    else:
        changes, notes = _by_name(session, refs, wanted), []
    closing = _closing_of(session, wanted)
    return carry_out(session, Order("buy", changes, changing, shown, numbers.stdin_taken, notes=notes, closing=closing))


def _by_name(session: Session, refs: Sequence[str], wanted: Wanted) -> list[Change]:
    """The purchase of each number, after checking whether the account has it already, and what it needs."""
    if not refs:
        return []
    owned = {record["phone_number"]: record for record in _owned(session, refs)}
    changes = [buying(session.client.account_sid, ref, wanted, owned.get(ref)) for ref in refs]
    held = [change.phone_number for change in changes if change.settled is Outcome.UNCHANGED]
    if held:
        say(f"numctl: not bought, since the account has it already: {' '.join(held)}")
    looked_at = () if len(refs) > _LOOKED_AT or wanted.get("address_sid") else refs
    offers = {ref: look_up(session.client, ref) for ref in looked_at if ref not in owned}
    return [replace(change, remark=_remark(change, need(offers.get(change.phone_number) or {}))) for change in changes]


def _owned(session: Session, refs: Sequence[str]) -> Sequence[Record]:
    """The numbers that the account has already. Test credentials own nothing and may not look."""
    try:
        return session.find(refs, [session.client]).numbers
    except AuthError as error:
        if error.code != _TEST_CREDENTIALS:
            raise
        say("numctl: these are test credentials: nothing is bought for real")
        return ()


def _remark(change: Change, address: str) -> str:
    """What the plan says that a purchase may need."""
    abroad = change.settled is None and not change.phone_number.startswith("+1")
    bundle = "may need a bundle (--bundle-sid)" if abroad and not change.wanted.get("bundle_sid") else ""
    return "; ".join(part for part in (address, bundle) if part)


def _refuse_sids(refs: list[str]) -> list[str]:
    """The numbers; raises UsageError for a SID: only what is owned already has one."""
    sids = [ref for ref in refs if ref.startswith("PN")]
    if sids:
        raise UsageError(f"{', '.join(sids)}: a number for sale has no SID; name it in E.164 form")
    return refs


def _closing_of(session: Session, wanted: Wanted) -> Closing:
    """What to say after a purchase: how to finish, and which addresses there are."""
    return lambda results, run_id: [
        *give_back(session, results, run_id),
        *rest(session, results, wanted),
        *addresses(session, results, wanted),
    ]
