"""Numbers that were gone when they were to be released; somebody may have moved them.

They are looked for in the accounts of the run and in others of the family, all of a run together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from numctl.api.accounts import every_account
from numctl.api.client import Client
from numctl.api.lookup import at_once, find, key_of
from numctl.changes.change import Change, Recorder, Result
from numctl.errors import Command, NumctlError, OutcomeUnknown, Refused
from numctl.model.ids import normal_sid
from numctl.model.number import Record
from numctl.model.outcome import Outcome
from numctl.wording import counted

_FURTHER = 20
"""The most accounts to look in besides those of the run."""

_AT_ONCE = 8
_LONGEST = 5.0
"""Seconds for each request; the run's results wait for it."""


def vanished(change: Change) -> Result:
    """The result of a release that found nothing to release, until other accounts are looked in."""
    message = f"{change.phone_number}: it was no longer in {change.account_sid}, and was not looked for elsewhere"
    command = Command(("show", change.phone_number, "--all-accounts"))
    return Result(
        change, Outcome.UNKNOWN, error=OutcomeUnknown(message, hint="to check", command=command), vanished=True
    )


class Vanished:
    """The releases of one run that found nothing. `notes` are about accounts that were not read.

    Once `halted` says that the run is to end, no request is made, and their outcome stays unknown.
    """

    def __init__(
        self,
        client: Client,
        recorder: Recorder,
        accounts: Sequence[str],
        halted: Callable[[], bool] = lambda: False,
    ) -> None:
        self.notes: list[str] = []
        self._halted = halted
        self._client = client.hurried(_LONGEST)
        self._recorder = recorder
        self._accounts = accounts
        self._entries: list[tuple[Result, int]] = []
        self._final: dict[int, Result] = {}
        self._unread: str = ""

    def add(self, result: Result, entry: int) -> None:
        """Take a release whose entry in the history stays open until it is known where its number is."""
        self._entries.append((result, entry))

    def settle(self) -> None:
        """Find out where the numbers are, and record it."""
        if not self._entries or self._halted():
            return
        held = self._find_elsewhere([result.change for result, _ in self._entries])
        if self._halted():
            return
        gone = []
        for result, entry in self._entries:
            record = held.get(key_of(result.change.sid or ""))
            final = _held_elsewhere(result.change, record) if record else Result(result.change, Outcome.RELEASED)
            gone += [] if record else [result.change.phone_number]
            self._final[id(result)] = final
            self._recorder.end(entry, final)
        if gone and self._unread:
            verb = "was" if len(gone) == 1 else "were"
            self.notes.append(f"{_listed(gone)} {verb} gone before the release; {self._unread}")

    def final(self, results: Sequence[Result]) -> list[Result]:
        """The results, with what was found out about those that vanished."""
        return [self._final.get(id(result), result) for result in results]

    def _find_elsewhere(self, changes: Sequence[Change]) -> dict[str, Record]:
        """The records of numbers that another account holds, by the key of their SID."""
        own = {key_of(change.sid or ""): change.account_sid for change in changes}
        alone = set(own.values()) if len(set(own.values())) == 1 else set()
        near = [account for account in self._accounts if account not in alone]
        held, unread = self._look(own, near)
        left = {key: account for key, account in own.items() if key not in held}
        if not left:
            return held
        try:
            family = [account["sid"] for account in every_account(self._client) if account.get("status") != "closed"]
        except NumctlError as error:
            self._unread = f"other accounts were not looked in: {error.message}"
            return held
        further = [account for account in family if account not in {*near, *alone}]
        more, also_unread = self._look(left, further[:_FURTHER])
        unread += also_unread + len(further[_FURTHER:])
        if unread:
            verb = "was" if unread == 1 else "were"
            self._unread = f"{counted(unread, 'account')} of the family {verb} not looked in"
        return held | more

    def _look(self, own: Mapping[str, str], accounts: Sequence[str]) -> tuple[dict[str, Record], int]:
        """Also returns how many accounts could not be read."""
        held: dict[str, Record] = {}
        unread = 0
        for start in range(0, len(accounts), _AT_ONCE):
            if self._halted():
                break
            for answer in at_once(partial(self._in_one, own), accounts[start : start + _AT_ONCE]):
                unread += answer is None
                held |= {
                    key_of(record["sid"]): record
                    for record in answer or ()
                    if record["account_sid"] != own[key_of(record["sid"])]
                }
        return held, unread

    def _in_one(self, own: Mapping[str, str], account: str) -> list[Record] | None:
        try:
            return find([normal_sid(key.upper()) for key in own], [self._client.on(account)]).numbers
        except NumctlError:
            return None


def _held_elsewhere(change: Change, record: Record) -> Result:
    account = record["account_sid"]
    error = Refused(
        f"{change.phone_number}: it was not released: someone else moved it to {account}",
        hint="to release it there",
        command=Command(("release", change.phone_number), account),
    )
    return Result(change, Outcome.FAILED, record, error)


def _listed(numbers: Sequence[str]) -> str:
    more = len(numbers) - 10
    return ", ".join(numbers[:10]) + (f" and {more} more" if more > 0 else "")
