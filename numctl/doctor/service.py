"""What the service answers to these credentials; nothing is changed.

At most three requests are sent, a fourth if the account is given by name, and none is repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TypeVar

from numctl.api.accounts import find_account
from numctl.api.client import Client
from numctl.api.request import Request
from numctl.api.transport import Transport
from numctl.errors import AuthError, NotFound, NumctlError
from numctl.model.number import Record

SECONDS = 15.0
"""How long one answer may take."""

T = TypeVar("T")


class Service:
    """The service as these credentials reach it; without an account, only whether it is reached.

    `account` is the one to act on, by SID or by name, where it is not the credentials' own.
    """

    def __init__(self, transport: Transport, account_sid: str | None = None, account: str | None = None) -> None:
        self.transport = transport.once(SECONDS)
        self.skew: float | None = None
        """Seconds that this machine's clock is ahead of the service's, None where no answer said the time."""
        self._client = Client(self.transport, account_sid) if account_sid else None
        self._account = account
        self._unreached: NumctlError | None = None

    @property
    def origin(self) -> str:
        """The address that answers."""
        return self.transport.origin("api")

    @property
    def fault(self) -> NumctlError | None:
        """Why the service cannot be reached; None if it answers, even with a refusal."""
        first = self.accounts
        refused = isinstance(first, NumctlError) and not isinstance(first, AuthError | NotFound)
        return self._unreached or (first if isinstance(first, NumctlError) and refused else None)

    @property
    def refusal(self) -> NumctlError | None:
        """The service's answer to credentials that can't read anything."""
        answers = (self.accounts, self.own, self.numbers)
        return self.numbers if all(isinstance(answer, AuthError) for answer in answers) else None

    @cached_property
    def accounts(self) -> list[Record] | NumctlError:
        """The first page of the accounts, which is requested first."""
        client = self._client
        if client is None:
            request = Request("GET", "/2010-04-01/Accounts.json", {"PageSize": "1"})
            return self._ask(lambda: [self.transport.request(request) or {}])
        return self._ask(lambda: next(client.accounts(), []))

    @cached_property
    def client(self) -> Client | NumctlError:
        """The client of the account to act on."""
        client, account = self._client, self._account
        if client is None:
            return AuthError("there are no credentials")
        if account is None:
            return client
        return self._ask(lambda: client.on(find_account(client, account)))

    @cached_property
    def own(self) -> Record | NumctlError:
        """The account to act on: from the accounts, else asked for alone."""
        client = self.client
        if isinstance(client, NumctlError):
            return client
        listed = [] if isinstance(self.accounts, NumctlError) else self.accounts
        for account in listed:
            if account["sid"] == client.account_sid:
                return account
        return self._ask(lambda: client.account(client.account_sid))

    @cached_property
    def numbers(self) -> NumctlError | None:
        """Why its numbers may not be read, None if they may."""
        client = self.client
        if isinstance(client, NumctlError):
            return client
        answer = self._ask(lambda: next(client.pages(page_size=1), []))
        return answer if isinstance(answer, NumctlError) else None

    def _ask(self, question: Callable[[], T]) -> T | NumctlError:
        """Ask, and note the time; once nobody answers, nothing more is asked."""
        if self._unreached:
            return self._unreached
        try:
            return question()
        except NumctlError as failure:
            if failure.status is None and self.transport.date is None:
                self._unreached = failure
            return failure
        finally:
            self.skew = _ahead(self.transport.date) if self.skew is None else self.skew


def _ahead(date: str | None) -> float | None:
    """How far this machine's clock is ahead of the time in an answer's header."""
    try:
        there = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    return (datetime.now(UTC) - there.replace(tzinfo=there.tzinfo or UTC)).total_seconds()
