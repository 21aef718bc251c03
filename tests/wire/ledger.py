"""What the sandbox behind the test server holds, as plain records that a test may read and change at any moment."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import Client

from numctl.model.countries import country_of_number
from numctl.sandbox import records
from numctl.sandbox.app import create_app
from numctl.sandbox.available import Shop
from numctl.sandbox.paging import size_of
from numctl.sandbox.problems import missing
from numctl.sandbox.search import filters
from numctl.sandbox.stock import Offer, capabilities, describe

from .reply import Reply

ROOT = "/2010-04-01/Accounts"
CREATED = "Thu, 30 Jul 2015 23:19:04 +0000"
EMPTY = {"voice_url": "", "voice_fallback_url": "", "voice_application_sid": "", "emergency_status": "Inactive"}
KEEP = """
    INSERT INTO numbers (id, account_sid, sid, phone_number, friendly_name, origin, type, beta, record)
    VALUES (:id, :account_sid, :sid, :phone_number, :friendly_name, :origin, :type, :beta, :record)
    ON CONFLICT (sid) DO UPDATE SET account_sid = :account_sid, phone_number = :phone_number, record = :record,
    friendly_name = :friendly_name, origin = :origin, type = :type, beta = :beta
"""
Numbers = dict[str, dict[str, dict[str, Any]]]


class Market(Shop):
    """Sells any number, but for those `not_for_sale`, and shows those of `stock` by country and type."""

    luck = Random(415)

    def __init__(self, state: Any) -> None:
        super().__init__(state, 0, True)
        self.stock: dict[tuple[str, str], list[str]] = {}
        self.not_for_sale: set[str] = set()

    def offer(self, phone_number: str) -> Offer | None:
        return None if phone_number in self.not_for_sale else offered(phone_number)

    def sample(self, code: str, type: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        if (code, type) not in self.stock:
            raise missing(code)
        found = map(offered, self.stock[code, type])
        left = self.for_sale(offer for offer in found if all(holds(offer) for holds in filters(query)))
        return [describe(offer) for offer in self.luck.sample(left, min(30, len(left)))[: size_of(query)]]


class Ledger:
    """Numbers by account and SID, and accounts by SID: live records, which the sandbox is given before each request.

    For `lag` seconds after each change reading still shows what was before it; `rewrites` makes of a record what is
    stored instead; `date` says when a record was changed.
    """

    def __init__(self, folder: Path, token: str, accounts: dict[str, str]) -> None:
        self.accounts = {
            sid: {"sid": sid, "friendly_name": name, "status": "active", "auth_token": "f" * 32}
            for sid, name in accounts.items()
        }
        self.numbers: Numbers = {sid: {} for sid in accounts}
        self.purchases: list[str] = []
        self.rewrites: Callable[[dict[str, Any]], dict[str, Any]] = dict
        self.date: Callable[[], str] = lambda: CREATED
        self.lag = 0.0
        self.now: Callable[[], float] = time.monotonic
        self._stale_until = 0.0
        self._before: Numbers = {}
        self._serial, self._places = count(1), count(1_000_000, -1)  # a list begins with the last place
        self._kept: dict[str, tuple[str, str]] = {}
        self._app = create_app(folder / "sandbox.sqlite3", token=token)
        self._app.state.replace(next(iter(accounts)), [], [])
        self._app._shop = market = Market(self._app.state)
        self.stock, self.not_for_sale = market.stock, market.not_for_sale
        self._client = Client(self._app, use_cookies=False)
        self._auth = (next(iter(accounts)), token)

    def close(self) -> None:
        self._app.close()

    def add(self, account: str, phone_number: str, **settings: Any) -> dict[str, Any]:
        """Put a number into an account, without anybody's request."""
        sid = f"PN{next(self._serial):032x}"
        new = records.number(offered(phone_number), account, sid, CREATED) | EMPTY | {"friendly_name": phone_number}
        self.numbers[account][sid] = new | settings
        return self.numbers[account][sid]

    def find(self, phone_number: str) -> dict[str, Any] | None:
        """The number's record, whichever account holds it."""
        held = (record for numbers in self.numbers.values() for record in numbers.values())
        return next((record for record in held if record["phone_number"] == phone_number), None)

    def changing(self) -> None:
        """Remember what reading goes on to show for a while."""
        if self.lag:
            self._before, self._stale_until = copy.deepcopy(self.numbers), self.now() + self.lag

    def lags(self, seconds: float, before: Numbers) -> None:
        """Let reading show for so many seconds what was before."""
        self._before, self._stale_until = before, self.now() + seconds

    def update(self, account: str, sid: str, form: dict[str, str]) -> Reply:
        return self.ask("POST", f"{ROOT}/{account}/IncomingPhoneNumbers/{sid}.json", {}, form)

    def delete(self, account: str, sid: str) -> Reply:
        return self.ask("DELETE", f"{ROOT}/{account}/IncomingPhoneNumbers/{sid}.json", {}, {})

    def ask(self, method: str, path: str, query: dict[str, str], form: dict[str, str]) -> Reply:
        """The sandbox's answer to a request."""
        stale = method == "GET" and self.now() < self._stale_until
        self._tell(self._before if stale else self.numbers)
        answer = self._client.open(path, query_string=urlencode(query), method=method, data=form, auth=self._auth)
        reply = Reply(answer.status_code, json.loads(answer.data) if answer.data else None)
        if method != "GET" and answer.status_code < 300:
            self.changing()
            self._learn()
            if answer.status_code == 201:
                self.purchases.append(reply.body["phone_number"])
            if reply.body:
                record = self.numbers[reply.body["account_sid"]][reply.body["sid"]]
                record.update(self.rewrites(record), date_updated=self.date())
                reply.body = copy.deepcopy(record)
        elif not stale:
            self._learn()
        return reply

    def _tell(self, numbers: Numbers) -> None:
        """Give the sandbox what a test has changed since its last answer."""
        held = {sid: (account, record) for account, found in numbers.items() for sid, record in found.items()}
        with self._app.state._database.writing() as connection:
            connection.execute("DELETE FROM accounts")
            accounts = [(sid, json.dumps(account)) for sid, account in self.accounts.items()]
            connection.executemany("INSERT INTO accounts (sid, record) VALUES (?, ?)", accounts)
            for sid in self._kept.keys() - held.keys():
                connection.execute("DELETE FROM numbers WHERE sid = ?", (sid,))
            for sid, (account, record) in held.items():
                text = json.dumps(record)
                if self._kept.get(sid) != (account, text):
                    own = {"id": next(self._places), "sid": sid, "account_sid": account, "record": text}
                    connection.execute(KEEP, record | own)
                    self._kept[sid] = (account, text)
            for sid in self._kept.keys() - held.keys():
                del self._kept[sid]

    def _learn(self) -> None:
        """Change the records as the sandbox has changed them."""
        with self._app.state._database.reading() as connection:
            rows = connection.execute("SELECT sid, account_sid, record FROM numbers ORDER BY id").fetchall()
        live = {sid: record for found in self.numbers.values() for sid, record in found.items()}
        kept = {sid: (account, text) for sid, account, text in rows}
        for sid, (account, text) in kept.items():
            if self._kept.get(sid) != (account, text):
                record = live.setdefault(sid, {})
                record.update(json.loads(text))
                if sid not in self.numbers[account]:
                    self._forget(sid)
                    self.numbers[account][sid] = record
        for sid in self._kept.keys() - kept.keys():
            self._forget(sid)
        self._kept = kept

    def _forget(self, sid: str) -> None:
        for found in self.numbers.values():
            found.pop(sid, None)


def offered(phone_number: str) -> Offer:
    return Offer(phone_number, country_of_number(phone_number) or "", "local", capabilities(True, True, False))
