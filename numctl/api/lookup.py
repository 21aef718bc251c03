"""From NUMBER… and `-` to the account's own records: each matches exactly one number or nothing."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from numctl.api.client import Client
from numctl.errors import NotFound, NumctlError, UsageError
from numctl.model.ids import Invalid, check_number_ref, normal_sid
from numctl.model.number import Record

ONE_BY_ONE = 8
"""Up to this many look-ups go out as single requests at once; more are found by reading whole pages."""

_FAULTS_TOLD = 10
LINES = "each line of standard input holds one E.164 number or PN SID, as numctl list -q prints them"

_Shown = dict[str, Record]
"""Account → the record that it shows of one number."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Found:
    """The records in the order asked, each once, and the references that no account holds.

    `said` is the service's answer for the first missing one (empty if pages were read). `twice` maps each reference (by
    `key_of`) that several accounts show to those accounts; the record is the first account's.
    """

    numbers: list[Record]
    missing: list[str]
    said: dict[str, Any] = field(default_factory=dict, compare=False)
    twice: dict[str, list[str]] = field(default_factory=dict)


def refs_of(arguments: Sequence[str], lines: Callable[[], Iterable[str]]) -> list[str]:
    """The references asked for, each once; `-` stands for the lines of standard input.

    Raises UsageError that names every bad line.
    """
    given = [_read_lines(lines()) if argument == "-" else [check_number_ref(argument)] for argument in arguments]
    return _once(ref for refs in given for ref in refs)


def key_of(ref: str) -> str:
    """The key of a number or a SID, whose hexadecimal digits may be in either case."""
    return ref.lower()


def _once(refs: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for ref in refs:
        first.setdefault(key_of(ref), ref)
    return list(first.values())


def by_ref(records: Iterable[Record]) -> dict[str, Record]:
    """Records by `key_of` their number and `key_of` their SID."""
    return {key_of(str(record.get(name))): record for record in records for name in ("phone_number", "sid")}


def _read_lines(lines: Iterable[str]) -> list[str]:
    refs, wrong = [], []
    for place, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            refs.append(check_number_ref(text))
        except Invalid as error:
            wrong.append(f"line {place}: {error.message}")
    if wrong:
        raise UsageError("; ".join(_listed(wrong)), hint=LINES)
    return refs


def _listed(wrong: Sequence[str]) -> list[str]:
    more = len(wrong) - _FAULTS_TOLD
    return [*wrong[:_FAULTS_TOLD], f"and {more} more"] if more > 0 else list(wrong)


def are_few(refs: Sequence[str], clients: Sequence[Client]) -> bool:
    """Whether to look these up with one request for each reference in each account."""
    return len(_once(refs)) * len(clients) <= ONE_BY_ONE


def find(refs: Sequence[str], clients: Sequence[Client], *, singly: bool | None = None) -> Found:
    """Find each reference in these accounts, exactly; `singly` overrides how, which their count decides otherwise."""
    asked = _once(refs)
    if not asked:
        return Found([], [])
    if are_few(asked, clients) if singly is None else singly:
        shown, refusals = one_by_one(asked, clients)
    else:
        shown, refusals = by_pages(asked, clients), {}
    found = {key: next(iter(records.values())) for key, records in shown.items()}
    twice = {key: list(records) for key, records in shown.items() if len(records) > 1}
    missing = [ref for ref in asked if key_of(ref) not in found]
    said = next((refusals[ref].said for ref in missing if ref in refusals), {})
    return Found(_in_order(asked, found), missing, said, twice)


def _in_order(refs: Iterable[str], found: dict[str, Record]) -> list[Record]:
    records = [found[key] for key in map(key_of, refs) if key in found]
    return list({record["sid"]: record for record in records}.values())


def joined(refs: Sequence[str], found: Found, further: Found, *, instead_of: Sequence[str]) -> Found:
    """Merge what was found with a second look for these references, in the order asked."""
    held, again = by_ref(found.numbers), set(map(key_of, instead_of))
    kept = {key: held[key] for key in map(key_of, refs) if key in held and key not in again}
    numbers = _in_order(refs, kept | by_ref(further.numbers))
    left = set(map(key_of, further.missing)) | set(map(key_of, found.missing)) - again
    missing = [ref for ref in _once(refs) if key_of(ref) in left]
    twice = {key: accounts for key, accounts in found.twice.items() if key not in again} | further.twice
    return Found(numbers, missing, further.said or found.said, twice)


def one_by_one(refs: Sequence[str], clients: Sequence[Client]) -> tuple[dict[str, _Shown], dict[str, NotFound]]:
    """Look each reference up with its own request in each account, all at once.

    Returns the records by their key, and by reference the last NotFound of those that are missing.
    """
    pairs = [(ref, client) for ref in refs for client in clients]
    several = len(clients) > 1
    answers = at_once(lambda pair: _look_up(*pair, several), pairs)
    shown: dict[str, _Shown] = {}
    refusals: dict[str, NotFound] = {}
    for (ref, client), answer in zip(pairs, answers, strict=True):
        if isinstance(answer, NotFound):
            refusals[ref] = answer
        elif answer is not None:
            shown.setdefault(key_of(ref), {})[client.account_sid] = answer
    return shown, refusals


def _look_up(ref: str, client: Client, several: bool) -> Record | NotFound | None:
    """The record, the service's refusal to show one, or None."""
    with _reading(client, several):
        if not ref.startswith("PN"):
            record = client.owned(ref)
            return record and _with_account(client, record)
        try:
            return _with_account(client, client.fetch(normal_sid(ref)))
        except NotFound as refusal:
            return refusal


@contextmanager
def _reading(client: Client, several: bool) -> Iterator[None]:
    """Name the account in an error, if there are several."""
    try:
        yield
    except NumctlError as error:
        if not several:
            raise
        raise error.with_message(f"{client.account_sid} could not be read: {error.message}") from error


def _with_account(client: Client, record: Record) -> Record:
    """Fill in the account, which the service may leave out: changes are sent there."""
    record["account_sid"] = record.get("account_sid") or client.account_sid
    return record


def by_pages(refs: Sequence[str], clients: Sequence[Client]) -> dict[str, _Shown]:
    """Read pages until every reference is found; of several accounts all pages, since two may show one.

    Returns the records by their key.
    """
    asked = set(map(key_of, refs))
    shown: dict[str, _Shown] = {}
    alike: dict[str, Any] = {}
    for client, page in _pages_while(lambda: len(shown) < len(asked), clients):
        for record in page:
            for key in asked.intersection(key_of(str(record.get(name))) for name in ("phone_number", "sid")):
                shown.setdefault(key, {}).setdefault(client.account_sid, _with_account(client, record))
            if capabilities := record.get("capabilities"):  # the same for most numbers: keep one copy, not 100,000
                record["capabilities"] = alike.setdefault(repr(capabilities), capabilities)
    return shown


def _pages_while(is_needed: Callable[[], bool], clients: Sequence[Client]) -> Iterator[tuple[Client, list[Record]]]:
    """Yield all pages of several accounts, those of a single one only while something is left to find."""
    for client in clients:
        with _reading(client, len(clients) > 1):
            for page in client.pages():
                yield client, page
                if len(clients) == 1 and not is_needed():
                    break


def at_once(call: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Make a few calls at once and keep their order; raises the first failure in that order."""
    if len(items) == 1:
        return [call(items[0])]
    results: dict[int, R] = {}
    failures: dict[int, BaseException] = {}
    done: queue.SimpleQueue[int] = queue.SimpleQueue()

    def work(index: int) -> None:
        try:
            results[index] = call(items[index])
        except BaseException as error:
            failures[index] = error
        done.put(index)

    for index in range(len(items)):
        threading.Thread(target=work, args=(index,), daemon=True).start()
    for _ in items:
        done.get()
    if failures:
        raise failures[min(failures)]
    return [results[index] for index in range(len(items))]
