"""Check what numctl believes of the service against a real account: only reads, and nothing that costs.

    python tools/check_live.py [--profile NAME] [--out FOLDER]

It uses numctl's own credentials (a profile, or TWILIO_ACCOUNT_SID with its token or key), makes about eight GET
requests (whoami, list, show, search), writes each as a cassette without secrets and personal data, and prints where an
answer differs in shape from what numctl expects. Exit 0: all as expected; 1: something differs; 3: no credentials.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from numctl.api.client import Client  # noqa: E402 # the checkout beside this file is meant, installed or not
from numctl.api.hosts import origins_of  # noqa: E402 # as above
from numctl.api.request import Request  # noqa: E402 # as above
from numctl.api.transport import Transport  # noqa: E402 # as above
from numctl.credentials.resolve import Credentials, resolve  # noqa: E402 # as above
from numctl.errors import NumctlError  # noqa: E402 # as above
from numctl.model import sale  # noqa: E402 # as above
from numctl.model.number import FIELDS  # noqa: E402 # as above
from numctl.model.settings import SETTINGS  # noqa: E402 # as above
from tools import cassettes  # noqa: E402 # as above

if TYPE_CHECKING:
    from numctl.api.answer import Answer

OBJECTS = frozenset({"capabilities", "subresource_uris"})
BOOLEANS = frozenset({"beta", "voice_caller_id_lookup"})
VALUES: dict[str, frozenset[str]] = {
    **{name: frozenset(row.choices) for name, row in SETTINGS.items() if row.choices},
    "address_requirements": frozenset({"none", "any", "local", "foreign"}),
    "origin": frozenset({"twilio", "hosted"}),
    "status": frozenset({"in-use"}),
    "type": frozenset({"local", "mobile", "toll-free"}),
    "emergency_address_status": frozenset(
        {
            *("registered", "unregistered", "pending-registration", "registration-failure"),
            *("pending-unregistration", "unregistration-failure"),
        }
    ),
}
ACCOUNT_FIELDS = ("sid", "friendly_name", "status", "type", "owner_account_sid", "date_created", "date_updated")


class Recorder(Transport):
    """Sends reads alone, and keeps each answer as a cassette."""

    def __init__(self, credentials: Credentials, folder: Path) -> None:
        origins = origins_of(credentials.api_url, credentials.region, credentials.edge)
        super().__init__(origins, (credentials.user, credentials.secret), region=credentials.region)
        self.redactor = cassettes.Redactor()
        self.folder = folder
        self.step = ""
        self.envelope: Any = None
        self._count = 0

    def send(self, request: Request, seconds: float) -> Answer:
        """Make one exchange; raises AssertionError for anything but a GET."""
        if request.method != "GET":
            raise AssertionError(f"{request.method} is not a read")
        answer = super().send(request, seconds)
        self._count += 1
        name = f"{self._count:02d}-{self.step}"
        asked = (request.path, request.params)
        cassettes.write(self.folder, name, self.redactor, asked, answer.status, bytes(answer.body))
        try:
            self.envelope = json.loads(answer.body)
        except ValueError:
            self.envelope = None
        return answer


def shape(what: str, record: Mapping[str, Any], expected: tuple[str, ...]) -> Iterator[str]:
    """Yield where a record differs from what is documented: missing and further fields, types and values."""
    missing = [name for name in expected if name not in record]
    further = [name for name in record if name not in expected]
    if missing:
        yield f"{what}: not there: {', '.join(missing)}"
    if further:
        yield f"{what}: not documented: {', '.join(further)}"
    for name, value in record.items():
        kind = dict if name in OBJECTS else bool if name in BOOLEANS else str
        if value is not None and name in expected and not isinstance(value, kind):
            yield f"{what}: {name} is {type(value).__name__}, not {kind.__name__}"
        elif isinstance(value, str) and value and value not in VALUES.get(name, {value}):
            yield f"{what}: {name} has a value that is not known: {value[:40]!r}"


def whoami(client: Client, recorder: Recorder) -> Iterator[str]:
    """Read the account and the first page of its family."""
    account = client.account(client.account_sid)
    missing = [name for name in ACCOUNT_FIELDS if name not in account]
    if missing:
        yield f"account: not there: {', '.join(missing)}"
    accounts = next(client.accounts())
    if not any(one["sid"] == client.account_sid for one in accounts):
        yield "accounts: the first page does not have the account itself"


def listing(client: Client, recorder: Recorder) -> Iterator[str]:
    """Read one page of numbers, then the first of them by its SID and by its digits."""
    numbers = next(client.pages(page_size=20))
    if "next_page_uri" not in (recorder.envelope or {}):
        yield "list: the envelope has no next_page_uri"
    for number in numbers:
        yield from shape("number", number, FIELDS)
    if not numbers:
        return
    recorder.step = "show"
    again = client.fetch(numbers[0]["sid"])
    if again != numbers[0]:
        yield f"show: differs from the list in {', '.join(n for n in again if again[n] != numbers[0].get(n))}"
    if client.owned(numbers[0]["phone_number"]) is None:
        yield "list: the filter PhoneNumber does not find the number itself"


def search(client: Client, recorder: Recorder) -> Iterator[str]:
    """Look twice at numbers for sale: how many an answer holds, whether it is paged, how much two answers share."""
    first = next(client.available("US", "local", {}, page_size=100))
    paging = [name for name in recorder.envelope or {} if name not in ("available_phone_numbers", "uri")]
    second = next(client.available("US", "local", {}, page_size=100))
    shared = {one["phone_number"] for one in first} & {one["phone_number"] for one in second}
    print(f"search: {len(first)} and {len(second)} numbers, {len(shared)} of them in both answers")
    if paging:
        yield f"search: the envelope has {', '.join(paging)}"
    if len(first) > 30:
        yield f"search: an answer holds {len(first)} numbers, more than 30"
    for offer in first:
        yield from shape("number for sale", offer, sale.FIELDS)
    next(client.countries())


CHECKS: tuple[tuple[str, Callable[[Client, Recorder], Iterator[str]]], ...] = (
    ("whoami", whoami),
    ("list", listing),
    ("search", search),
)


def check(credentials: Credentials, folder: Path) -> int:
    """Run every check, print what differs, each difference once, and return the exit code."""
    recorder = Recorder(credentials, folder)
    client = Client(recorder, credentials.account_sid)
    differences: dict[str, None] = {}
    for name, one in CHECKS:
        recorder.step = name
        try:
            for line in one(client, recorder):
                differences[line] = None
        except NumctlError as error:
            differences[f"{name}: {recorder.redactor.text(error.message)}"] = None
    print("\n".join(differences) or "every answer has the shape that numctl expects")
    print(f"cassettes are in {folder}; read them before you give them to anyone")
    return 1 if differences else 0


def main() -> int:
    """Run the checks with the credentials in force."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--profile", help="a profile of numctl login")
    parser.add_argument("--out", type=Path, default=Path("live-cassettes"), help="folder of the cassettes")
    given = parser.parse_args()
    try:
        credentials = resolve(os.environ, profile=given.profile)
    except NumctlError as error:
        print(f"check_live: {error.message}", file=sys.stderr)
        return int(error.exit_code)
    return check(credentials, given.out)


if __name__ == "__main__":
    sys.exit(main())
