"""Buy in an area: find numbers, let a person choose, and show the spares."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from numctl import offers
from numctl.cli.asking import ask
from numctl.cli.options import Changing
from numctl.cli.stderr import say
from numctl.errors import Cancelled
from numctl.plan import Change, SparePool, buying

if TYPE_CHECKING:
    from numctl.cli.session import Session
    from numctl.number import Record
    from numctl.settings import Wanted


def in_area(
    session: Session, area_code: str, count: int, wanted: Wanted, changing: Changing
) -> tuple[list[Change], list[str]]:
    """Return the purchases of `count` numbers with an area code, and what to say about them.

    Raises UsageError for a code of another country, Refused where fewer are for sale.
    """
    found = offers.in_area(session.client, area_code, count)
    person = not (changing.yes or changing.dry_run or session.connection.no_input) and sys.stdin.isatty()
    chosen = choose(found, count) if person and len(found) > count else found[:count]
    spares = [offer["phone_number"] for offer in found if offer not in chosen]
    pool = SparePool(spares)
    account_sid = session.client.account_sid
    changes = [
        replace(
            buying(account_sid, offer["phone_number"], wanted),
            remark=offers.described(offer),
            spares=pool,
            marks={"area_code": area_code},
        )
        for offer in chosen
    ]
    return changes, [*spare_notes(spares), *recent_notes(session, area_code)]


def choose(found: Sequence[Record], count: int) -> list[Record]:
    """Let a person choose among what is for sale; raises Cancelled for an answer that chooses nothing."""
    for place, offer in enumerate(found, start=1):
        say(f"  {place}  {offer['phone_number']}  {offers.described(offer)}")
    default = "1" if count == 1 else f"1-{count}"
    answer = ask(f"Which {count} of these? [{default}]", no_input=False, stdin_taken=False)
    places = list(dict.fromkeys(int(word) for word in re.findall(r"[0-9]{1,6}", answer))) or list(range(1, count + 1))
    if len(places) != count or not all(1 <= place <= len(found) for place in places):
        raise Cancelled(f"not confirmed: {answer!r} does not choose {count} of these; nothing was bought")
    return [found[place - 1] for place in places]


def spare_notes(spares: Sequence[str]) -> list[str]:
    """Return what the plan says of the spares."""
    return [f"spares, only in the place of one that someone else takes: {', '.join(spares)}"] if spares else []


def recent_notes(session: Session, area_code: str) -> list[str]:
    """Return what the plan says where the same was bought within the hour: an area code is not repeatable."""
    from numctl.history import History

    since = datetime.now(UTC) - timedelta(hours=1)
    with History.open(session.history_path) as history:
        recent = history.recent_purchases(session.client.account_sid, area_code, since)
    bought = ", ".join(change["phone_number"] for change in recent)
    return [f"within the hour, {len(recent)} of area code {area_code} were bought already: {bought}"] if recent else []
