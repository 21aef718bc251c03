"""Buy in an area: find numbers, let a person choose, and show the spares."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from numctl.api import for_sale
from numctl.changes.change import Change, SparePool
from numctl.changes.plan import buying
from numctl.cli.messages import say
from numctl.cli.options import Changing
from numctl.cli.progress import Progress
from numctl.cli.prompts import ask
from numctl.cli.session import Session
from numctl.history.reader import History
from numctl.model.number import Record
from numctl.model.settings import Wanted
from numctl.text.paint import Piece, line
from numctl.wording import quoted


def in_area(
    session: Session, area_code: str, count: int, wanted: Wanted, changing: Changing
) -> tuple[list[Change], list[str]]:
    """The purchases of `count` numbers with an area code, and what to say about them.

    Raises UsageError for a code of another country, Refused where fewer are for sale.
    """
    session.expect_plan(session.client.account_sid)
    with Progress(count, "Searching") as progress:
        found = for_sale.in_area(session.client, area_code, count, progress.advance)
    asked = len(found) > count and _is_asked(session, changing)
    chosen, spares = choose(found, count) if asked else (found[:count], found[count:])
    pool = SparePool([offer["phone_number"] for offer in spares])
    account_sid = session.client.account_sid
    changes = [
        replace(
            buying(account_sid, offer["phone_number"], wanted),
            remark=for_sale.offer_line(offer),
            spares=pool,
            marks={"area_code": area_code},
        )
        for offer in chosen
    ]
    return changes, [*_spare_notes(spares, chosen), *_recent_notes(session, area_code)]


def _is_asked(session: Session, changing: Changing) -> bool:
    """Whether a person can choose."""
    silent = changing.yes or changing.dry_run or session.connection.no_input
    return not silent and sys.stdin is not None and sys.stdin.isatty()


def choose(found: Sequence[Record], count: int) -> tuple[list[Record], list[Record]]:
    """Let a person choose among what is for sale, and return the choice and the spares.

    Numbers that were picked have no spares: the person did not pick the others. Asked again after a typo.
    """
    digits = len(str(len(found)))
    for place, offer in enumerate(found, start=1):
        number = Piece(offer["phone_number"], "number")
        say(line(f"{place:>{digits}}  ", number, f"  {for_sale.offer_line(offer)}", indent=2, hang=digits + 2))
    default, example = ("1", "2") if count == 1 else (f"1-{count}", _example(count))
    question = f"Choose {count} (for example {example}, Enter = {default}):"
    while answer := ask(question, no_input=False, stdin_taken=False):
        places = _places_of(answer)
        if len(places) == count and all(1 <= place <= len(found) for place in places):
            return [found[place - 1] for place in places], []
        say(f"{quoted(answer)} does not choose {count} of 1-{len(found)}")
    return list(found[:count]), list(found[count:])


def _example(count: int) -> str:
    """An example of an answer, with a place and a range."""
    return "1 3" if count == 2 else f"1 3-{count + 1}"


def _places_of(answer: str) -> list[int]:
    """The places that an answer such as `2 4-6` names, each once; none if a word is something else."""
    places: dict[int, None] = {}
    for word in re.split(r"[\s,]+", answer):
        ends = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", word)
        if ends is None:
            return []
        places |= dict.fromkeys(range(int(ends[1]), int(ends[2] or ends[1]) + 1))
    return list(places)


def _spare_notes(spares: Sequence[Record], chosen: Sequence[Record]) -> list[str]:
    """What the plan says about spares, and about one that is unlike the numbers that it may replace."""
    alike = {for_sale.offer_line(offer) for offer in chosen}
    named = [
        offer["phone_number"] if (what := for_sale.offer_line(offer)) in alike else f"{offer['phone_number']} ({what})"
        for offer in spares
    ]
    return [f"fallbacks, bought only if one above is gone: {', '.join(named)}"] if named else []


def _recent_notes(session: Session, area_code: str) -> list[str]:
    """What the plan says if the same was bought within the hour: an area code is not repeatable."""
    if not session.keeps_history():
        return []
    since = datetime.now(UTC) - timedelta(hours=1)
    with History.open(session.history_path) as history:
        recent = history.recent_purchases(session.client.account_sid, area_code, since)
    bought = ", ".join(change["phone_number"] for change in recent)
    were = f"{len(recent)} of area code {area_code} {'was' if len(recent) == 1 else 'were'}"
    return [f"within the hour, {were} bought already: {bought}"] if recent else []
