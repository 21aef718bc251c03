"""`numctl buy`: provision numbers, with any setting applied at purchase."""

from __future__ import annotations

from numctl.cli.options import Changing, Connection, OutputOptions, SettingsOptions, wanted_of
from numctl.cli.targets import Numbers
from numctl.errors import ExitCode, UsageError


def command(
    numbers: Numbers,
    settings: SettingsOptions,
    changing: Changing,
    output: OutputOptions,
    connection: Connection,
) -> ExitCode:
    """Buy numbers, with settings applied at purchase.

    Example: numctl buy +14155550123 --friendly-name Support --sandbox --dry-run
    """
    from numctl.cli.change import Order, carry_out
    from numctl.cli.outlet import checked
    from numctl.cli.session import connect
    from numctl.plan import buying, check_wanted
    from numctl.selection import find

    wanted = wanted_of(settings)
    check_wanted(wanted)
    refs = numbers.refs()
    refuse_sids(refs)
    shown = checked(output)
    session = connect(connection, concurrency=changing.concurrency)
    owned = {record["phone_number"]: record for record in find(refs, [session.client]).numbers} if refs else {}
    changes = [buying(session.client.account_sid, ref, wanted, owned.get(ref)) for ref in refs]
    return carry_out(session, Order("buy", changes, changing, shown, numbers.stdin_taken))


def refuse_sids(refs: list[str]) -> None:
    """Raise UsageError for a SID: only what is owned already has one."""
    sids = [ref for ref in refs if ref.startswith("PN")]
    if sids:
        raise UsageError(f"{', '.join(sids)}: a number for sale has no SID; name it in E.164 form")
