"""The look-ups for a plan; each waits for lagging reads to catch up, and can be repeated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from numctl.api.client import Client
from numctl.api.lookup import Found, are_few, by_ref, find, joined, key_of
from numctl.changes.change import Change
from numctl.changes.lag import is_expected, is_in_doubt, lags
from numctl.changes.recorded import Entry
from numctl.errors import NotFound, Unavailable
from numctl.model.number import Record
from numctl.model.outcome import Outcome
from numctl.system.clock import Clock

_WAITS = (0.5, 1.0, 2.5)
"""Seconds before each repeated read of what lags: four seconds in all."""


@dataclass(frozen=True)
class _Look:
    """One look-up: what was asked for, in which accounts, and whether with one request for each."""

    refs: Sequence[str]
    clients: Sequence[Client]
    singly: bool


class Looks:
    """Find numbers for a plan. `recent` returns this machine's last changes of numbers and SIDs, newest first.

    `tell` is called once if there is something to wait for. `lagging` has the keys of numbers still shown as before
    this machine's own change, or not at all; `in_doubt` those that a change of unknown outcome may still alter.
    """

    def __init__(
        self,
        clock: Clock,
        recent: Callable[[Collection[str]], Sequence[Entry]],
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.lagging: set[str] = set()
        self.in_doubt: set[str] = set()
        self._clock = clock
        self._recent = recent
        self._tell = tell
        self._made: list[_Look] = []
        self._waits = list(_WAITS)

    @property
    def accounts(self) -> list[str]:
        """The accounts that were looked in."""
        return list(dict.fromkeys(client.account_sid for look in self._made for client in look.clients))

    def find(self, refs: Sequence[str], clients: Sequence[Client]) -> Found:
        """Find each reference; raises NotFound for a number that two accounts keep showing."""
        look = _Look(refs, clients, are_few(refs, clients))
        self._made.append(look)
        return self._settled(look)

    def again(self, changes: Iterable[Change]) -> dict[str, Record]:
        """Repeat the look-ups for the numbers of these changes; return the records by key."""
        self._waits = list(_WAITS)
        keys = {key_of(name) for change in changes for name in (change.sid, change.phone_number) if name}
        found: dict[str, Record] = {}
        for look in self._made:
            refs = [ref for ref in look.refs if key_of(ref) in keys and key_of(ref) not in found]
            found |= by_ref(self._settled(replace(look, refs=refs)).numbers)
        return found

    def _settled(self, look: _Look) -> Found:
        """Find the references; what lags is read again, all of it together."""
        found = find(look.refs, look.clients, singly=look.singly)
        doubtful = self._doubtful(found, look)
        if doubtful and self._waits == list(_WAITS):
            self._tell("numctl: what the service shows may be out of date; reading again")
        while doubtful and self._waits:
            self._clock.sleep(self._waits.pop(0))
            found = joined(look.refs, found, find(doubtful, look.clients), instead_of=doubtful)
            doubtful = self._doubtful(found, replace(look, refs=doubtful))
        if found.twice:
            raise _in_two_accounts(found)
        held = by_ref(found.numbers)
        self.lagging |= {key_of(held[key]["sid"]) if key in held else key for key in map(key_of, doubtful)}
        return found

    def _doubtful(self, found: Found, look: _Look) -> list[str]:
        """The references whose records lag, that two accounts show, or that should be there but are not."""
        held, accounts = by_ref(found.numbers), {client.account_sid for client in look.clients}
        pairs = [(ref, held.get(key_of(ref))) for ref in look.refs]
        entries = self._recent([record["sid"] if record else ref for ref, record in pairs])
        every, seen = _by_key(entries), {key_of(record["sid"]): record for _, record in pairs if record}
        self.in_doubt |= {key for key, record in seen.items() if is_in_doubt(record, every[key])}
        recent = _by_key(entry for entry in entries if entry["outcome"] != Outcome.UNKNOWN)
        return [
            ref
            for ref, record in pairs
            if key_of(ref) in found.twice
            or (lags(record, recent[key_of(record["sid"])]) if record else is_expected(recent[key_of(ref)], accounts))
        ]


def _by_key(recent: Iterable[Entry]) -> defaultdict[str, list[Entry]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in recent:
        for name in {key_of(entry["sid"] or ""), entry["phone_number"]}:
            found[name].append(entry)
    return found


def _in_two_accounts(found: Found) -> NotFound:
    """Which of the accounts holds them is not known."""
    held = by_ref(found.numbers)
    told = [f"{held[key]['phone_number']} is shown in {' and in '.join(where)}" for key, where in found.twice.items()]
    return NotFound(f"{'; '.join(told)}; nothing was sent", hint="try again in a minute, or name one --account")


def early_refused(changes: Sequence[Change], looks: Looks) -> Sequence[Change]:
    """Refuse changes whose record is older than this machine's own change.

    Also those that seem to hold already while a change of unknown outcome may still alter the number.
    """
    return [_refused_if_early(change, looks) for change in changes]


def _refused_if_early(change: Change, looks: Looks) -> Change:
    sid = key_of(change.sid or "")
    if {sid, change.phone_number} & looks.lagging:
        return _too_early(change, "the service still shows it as it was before its last change; nothing was sent")
    if sid in looks.in_doubt and change.settled is Outcome.UNCHANGED:
        return _too_early(change, "its last change may still take effect; nothing was sent")
    return change


def _too_early(change: Change, why: str) -> Change:
    reason = Unavailable(f"{change.phone_number}: {why}", hint="try again in a minute")
    return replace(change, settled=Outcome.FAILED, reason=reason)
