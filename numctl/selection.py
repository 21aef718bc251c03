"""Selection: from NUMBER… and `-` to the account's own records, exactly: one number or nothing at all."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from numctl.api import Client
from numctl.errors import NotFound, UsageError
from numctl.ids import Invalid, check_number_ref
from numctl.number import Record

ONE_BY_ONE = 8
"""Up to so many look-ups are sent one each, at once; more are found by reading whole pages."""

FAULTS_TOLD = 10
LINES = "each line of standard input holds one E.164 number or PN SID, as numctl list -q prints them"

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Found:
    """The records in the order asked, each once, and the references that no account holds."""

    numbers: list[Record]
    missing: list[str]


def refs_of(arguments: Sequence[str], lines: Callable[[], Iterable[str]]) -> list[str]:
    """Return the references asked for, each once; `-` among the arguments stands for the lines of standard input.

    Raises UsageError that names every bad line at once, and its place.
    """
    refs: dict[str, None] = {}
    for argument in arguments:
        for ref in read_lines(lines()) if argument == "-" else [check_number_ref(argument)]:
            refs[ref] = None
    return list(refs)


def read_lines(lines: Iterable[str]) -> list[str]:
    """Return the references on lines, of which blank ones and `#` comments are skipped; raises UsageError."""
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
        raise UsageError("; ".join(listed(wrong)), hint=LINES)
    return refs


def listed(wrong: Sequence[str]) -> list[str]:
    """Return the first of many faults, and how many more there are."""
    more = len(wrong) - FAULTS_TOLD
    return [*wrong[:FAULTS_TOLD], f"and {more} more lines"] if more > 0 else list(wrong)


def find(refs: Sequence[str], clients: Sequence[Client]) -> Found:
    """Find each reference in the accounts of these clients, exactly."""
    asked = list(dict.fromkeys(refs))
    found = one_by_one(asked, clients) if len(asked) * len(clients) <= ONE_BY_ONE else by_pages(asked, clients)
    numbers = {found[ref]["sid"]: found[ref] for ref in asked if ref in found}
    return Found(list(numbers.values()), [ref for ref in asked if ref not in found])


def find_further(found: Found, refs: Sequence[str], clients: Sequence[Client]) -> Found:
    """Look in further accounts for what is missing, and return all that is found in the order asked."""
    if not found.missing:
        return found
    further = find(found.missing, clients)
    by_ref = {record[key]: record for record in found.numbers + further.numbers for key in ("phone_number", "sid")}
    numbers = {by_ref[ref]["sid"]: by_ref[ref] for ref in refs if ref in by_ref}
    return Found(list(numbers.values()), further.missing)


def one_by_one(refs: Sequence[str], clients: Sequence[Client]) -> dict[str, Record]:
    """Look each reference up with a request of its own in each account, all at once."""
    pairs = [(ref, client) for ref in refs for client in clients]
    records = at_once(lambda pair: look_up(*pair), pairs)
    return {ref: record for (ref, _), record in zip(pairs, records, strict=True) if record is not None}


def look_up(ref: str, client: Client) -> Record | None:
    """Return the record of one reference in one account, or None."""
    if not ref.startswith("PN"):
        return client.owned(ref)
    try:
        return client.fetch(ref)
    except NotFound:
        return None


def by_pages(refs: Sequence[str], clients: Sequence[Client]) -> dict[str, Record]:
    """Read the accounts' pages until every reference is found.

    At least one page of each account is read: one that cannot be read is an error whatever the others hold, as it is
    where the references are looked up one by one.
    """
    left = set(refs)
    found: dict[str, Record] = {}
    alike: dict[str, Any] = {}
    for page in pages_while(left, clients):
        for record in page:
            for ref in left.intersection((record.get("phone_number"), record.get("sid"))):
                found[ref] = record
                left.discard(ref)
            if capabilities := record.get("capabilities"):  # the same for most numbers: kept once, not 100,000 times
                record["capabilities"] = alike.setdefault(repr(capabilities), capabilities)
    return found


def pages_while(left: set[str], clients: Sequence[Client]) -> Iterator[list[Record]]:
    """Yield the first page of each account, and the further ones for as long as something is left to find."""
    for client in clients:
        for page in client.pages():
            yield page
            if not left:
                break


def at_once(call: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Return the results of a few calls made at once, in order; raises the first failure in that order."""
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
