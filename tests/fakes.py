"""What the tests of the core put in place of the service, above its requests."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from numctl.api.client import Client
from numctl.errors import NotFound, NumctlError, Refused
from numctl.model.number import Record
from numctl.model.settings import Wanted

MAIN = "AC" + "a" * 32
SUB = "AC" + "b" * 32
OTHER = "AC" + "c" * 32

VOICE = "https://voice.example.com/call"
SMS = "https://sms.example.com/message"
TRUNK = "TK" + "1" * 32
APPLICATION = "AP" + "2" * 32
ADDRESS = "AD" + "3" * 32
BUNDLE = "BU" + "4" * 32


def number_of(index: int) -> str:
    """A fictional number."""
    return f"+1415555{index:04d}"


def sid_of(index: int) -> str:
    """The SID of the number of the same index."""
    return f"PN{index:032x}"


def a_record(index: int = 100, account: str = MAIN, **given: Any) -> Record:
    """A number's record, with the few properties that the core looks at."""
    base = {"sid": sid_of(index), "account_sid": account, "phone_number": number_of(index)}
    return {**base, "friendly_name": "Front desk", "voice_url": VOICE, "sms_url": None, **given}


class FakeService:
    """A family of accounts in memory, with faults on order. `calls` holds each request: operation, account, what.

    `faults` maps an operation to what happens to its next requests: an error, or None for none; an error in `after`
    is raised once the request took effect. `lag` is how many reads still show the state before the last change.
    `for_sale` has the numbers for sale, by country and type, of which an answer shows `sample`; `hurried` holds the
    seconds that each look was given.
    """

    def __init__(self, *records: Record) -> None:
        self.records: dict[str, Record] = {record["sid"]: record for record in records}
        self.accounts: list[Record] = []
        self.for_sale: dict[tuple[str, str], list[Record]] = {}
        self.calls: list[tuple[str, str, str]] = []
        self.faults: dict[str, deque[NumctlError | None]] = {}
        self.after: dict[str, deque[NumctlError | None]] = {}
        self.answers: deque[dict[str, Any]] = deque()
        self.page_size = 2
        self.sample = 30
        self.luck = Random(415)
        self.lag = 0
        self.hurried: list[float] = []
        self._seen = dict(self.records)

    def client(self, account: str = MAIN) -> FakeClient:
        return FakeClient(self, account)

    def sent(self, *operations: str) -> list[str]:
        """The operations that arrived, of these kinds only."""
        return [operation for operation, _, _ in self.calls if operation in operations]

    def arrived(self, operation: str, account: str, what: str) -> None:
        self.calls.append((operation, account, what))
        self._fail(self.faults, operation)

    def done(self, operation: str) -> None:
        self._fail(self.after, operation)

    def visible(self) -> dict[str, Record]:
        """What reading shows now."""
        if self.lag:
            self.lag -= 1
        else:
            self._seen = dict(self.records)
        return self._seen

    def answered(self, record: Record) -> Record:
        """The answer to a change: the record, with what a test wants it to say instead."""
        return {**record, **(self.answers.popleft() if self.answers else {})}

    @staticmethod
    def _fail(faults: dict[str, deque[NumctlError | None]], operation: str) -> None:
        error = faults[operation].popleft() if faults.get(operation) else None
        if error is not None:
            raise error


class FakeClient(Client):
    """One account of a FakeService, as `api.Client` shows it."""

    def __init__(self, service: FakeService, account_sid: str) -> None:
        self.service = service
        self.account_sid = account_sid

    def on(self, account_sid: str) -> FakeClient:
        return FakeClient(self.service, account_sid)

    def hurried(self, seconds: float) -> FakeClient:
        self.service.hurried.append(seconds)
        return self

    def _mine(self, found: dict[str, Record]) -> list[Record]:
        return [record for record in found.values() if record["account_sid"] == self.account_sid]

    def pages(self, *, phone_number: str | None = None, **given: Any) -> Iterator[list[Record]]:
        self.service.arrived("list", self.account_sid, phone_number or "")
        found = [
            record
            for record in self._mine(self.service.visible())
            if (phone_number or "").strip("+") in record["phone_number"]
        ]
        for start in range(0, max(len(found), 1), self.service.page_size):
            if start:
                self.service.arrived("list", self.account_sid, f"page {start // self.service.page_size}")
            yield found[start : start + self.service.page_size]

    def fetch(self, sid: str) -> Record:
        self.service.arrived("fetch", self.account_sid, sid)
        for record in self._mine(self.service.visible()):
            if record["sid"] == sid:
                return dict(record)
        raise not_found(sid)

    def buy(self, phone_number: str, wanted: Wanted) -> Record:
        self.service.arrived("buy", self.account_sid, phone_number)
        if any(record["phone_number"] == phone_number for record in self.service.records.values()):
            raise taken(phone_number)
        record = {**a_record(int(phone_number[-4:]), self.account_sid), "voice_url": None, **wanted}
        self.service.records[record["sid"]] = record
        self.service.done("buy")
        return self.service.answered(record)

    def update(self, sid: str, wanted: Wanted, *, to_account: str | None = None) -> Record:
        self.service.arrived("update", self.account_sid, sid)
        record = self._held(sid)
        moved = {"account_sid": to_account} if to_account else {}
        self.service.records[sid] = {**record, **wanted, **moved}
        self.service.done("update")
        return self.service.answered(self.service.records[sid])

    def release(self, sid: str) -> None:
        self.service.arrived("release", self.account_sid, sid)
        self._held(sid)
        del self.service.records[sid]
        self.service.done("release")

    def accounts(self) -> Iterator[list[Record]]:
        self.service.arrived("accounts", self.account_sid, "")
        for account in self.service.accounts:
            yield [account]

    def available(
        self, country: str, type: str, filters: Mapping[str, str], *, page_size: int = 1000
    ) -> Iterator[list[Record]]:
        asked = " ".join(f"{name}={value}" for name, value in {**filters, "PageSize": page_size}.items())
        self.service.arrived("available", self.account_sid, f"{country} {type} {asked}")
        found = [
            offer
            for offer in self.service.for_sale.get((country, type), [])
            if filters.get("Contains", "") in offer["phone_number"]
            and offer["phone_number"].startswith("+1" + filters["AreaCode"] if "AreaCode" in filters else "+")
        ]
        size = self.service.sample
        yield (found if len(found) <= size else self.service.luck.sample(found, size))[:page_size]

    def _held(self, sid: str) -> Record:
        record = self.service.records.get(sid)
        if record is None or record["account_sid"] != self.account_sid:
            raise not_found(sid)
        return record


def not_found(sid: str) -> NotFound:
    return NotFound(f"the service answered: {sid} was not found", hint="look", status=404, code=20404)


def taken(phone_number: str) -> Refused:
    return Refused(f"the service answered: {phone_number} is not available", hint="search", status=400, code=21422)
