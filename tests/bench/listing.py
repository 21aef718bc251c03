"""What a list costs by format and size, beside curl with jq and the official Python client."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from numctl.model.number import COLUMNS, FIELDS

from .report import Line
from .server import ACCOUNT, TOKEN
from .serving import Served, serving
from .timing import NUMCTL, Cost, taking_turns

OURS = {
    "json": (*NUMCTL, "list", "--json"),
    "jsonl": (*NUMCTL, "list", "-o", "jsonl"),
    "csv": (*NUMCTL, "list", "--csv"),
    "table": (*NUMCTL, "list"),
    "quiet": (*NUMCTL, "list", "-q"),
}
FILTERED = {
    "where": (*NUMCTL, "list", "--json", "--where", "friendly_name~Shop"),
    "country": (*NUMCTL, "list", "--json", "--country", "US"),
    "capability": (*NUMCTL, "list", "--json", "--capability", "voice"),
}
OFFICIAL = """
import csv, json, sys
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

class Loopback:
    transport = TwilioHttpClient()
    def request(self, method, url, *args, **options):
        return self.transport.request(method, url.replace("https://api.twilio.com", sys.argv[1]), *args, **options)

client = Client(sys.argv[2], sys.argv[3], http_client=Loopback())
numbers = client.incoming_phone_numbers.stream(page_size=1000)
names = sys.argv[5].split(",")
if sys.argv[4] == "json":
    for number in numbers:
        print(json.dumps({name: getattr(number, name) for name in names}, default=str))
else:
    writer = csv.writer(sys.stdout)
    for number in numbers:
        writer.writerow([getattr(number, name) for name in names])
"""
LOOP = """
next='/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json?PageSize=1000'
while [ "$next" != null ]; do
  curl -s -u {account}:{token} "{url}$next" > "$TMPDIR/page.json"
  jq {program} "$TMPDIR/page.json"
  next=$(jq -r .next_page_uri "$TMPDIR/page.json")
done
"""
NAMES = [name for name in FIELDS if name not in ("subresource_uris", "type")]
"""What the official client has of a number: neither its type nor its subresources."""

CELLS = ", ".join("." + name.replace("capabilities_", "capabilities.") for name in COLUMNS)


def others(served: Served) -> dict[str, Sequence[str]]:
    """What a user would write instead: all pages, all fields."""
    official = (sys.executable, "-c", OFFICIAL, served.url, ACCOUNT, TOKEN)
    return {
        "curl | jq, JSON": loop(served, "-c '.incoming_phone_numbers[]'"),
        "curl | jq, CSV": loop(served, f"-r '.incoming_phone_numbers[] | [{CELLS}] | @csv'"),
        "official, CSV": (*official, "csv", ",".join(NAMES)),
        "official, JSON": (*official, "json", ",".join(NAMES)),
    }


def loop(served: Served, program: str) -> tuple[str, ...]:
    """A shell's loop over the pages with curl and jq."""
    return ("bash", "-c", LOOP.format(account=ACCOUNT, token=TOKEN, url=served.url, program=program))


def costs(count: int, rounds: int, commands: Mapping[str, Sequence[str]], *, with_others: bool) -> dict[str, Cost]:
    """What each command costs with so many numbers."""
    with serving(count) as served:
        return taking_turns({**commands, **(others(served) if with_others else {})}, served.environ, rounds)


def measure(quick: bool) -> Iterator[Line]:
    """Yield the ratios at one size, and the cost of a record and the growth of memory between two sizes."""
    small, middle, large = (1000, 2000, 5000) if quick else (1000, 10_000, 100_000)
    rounds = 1 if quick else 5
    found = costs(middle, rounds, OURS, with_others=True)
    yield from beside_others(found, middle)
    few = costs(small, rounds, {**OURS, **FILTERED}, with_others=False)
    many = costs(large, 1 if quick else 3, {**OURS, **FILTERED}, with_others=False)
    for name, most in (("json", 15), ("jsonl", 15), ("csv", 20), ("table", 20), ("quiet", None)):
        yield Line(f"{name}, a record at {large:,}", microseconds(few, many, name, large - small), "µs", most=most)
    plain = microseconds(few, many, "json", large - small)
    for name in FILTERED:
        extra = microseconds(few, many, name, large - small) - plain
        yield Line(f"--{name}, a record more than without", extra, "µs", most=10)
    for name in OURS:
        yield Line(f"{name}, memory from {small:,} to {large:,}", many[name].peak - few[name].peak, "MB", most=12)


def beside_others(found: dict[str, Cost], count: int) -> Iterator[Line]:
    """Yield the ratios to what would be used instead."""
    for ours, theirs, most in (
        ("json", "curl | jq, JSON", 0.45),
        ("jsonl", "curl | jq, JSON", 0.45),
        ("json", "official, JSON", 0.65),
        ("jsonl", "official, JSON", 0.65),
        ("csv", "curl | jq, CSV", 0.5),
        ("table", "curl | jq, CSV", 0.4),
        ("csv", "official, CSV", None),
    ):
        yield Line(f"{ours} of {count:,}, CPU beside {theirs}", found[ours].cpu / found[theirs].cpu, "×", most=most)


def microseconds(few: dict[str, Cost], many: dict[str, Cost], name: str, records: int) -> float:
    """What one record costs, the start of the program left out."""
    return (many[name].cpu - few[name].cpu) / records * 1e6
