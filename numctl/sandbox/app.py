"""The stand-in as a WSGI application: routes, credentials, the limit on concurrent requests, and error bodies.

https://www.twilio.com/docs/usage/api
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wrappers import Request, Response

from numctl.sandbox import ACCOUNT_SID, AUTH_TOKEN
from numctl.sandbox.access import ApiKey, reach_of
from numctl.sandbox.available import Shop
from numctl.sandbox.problems import (
    FOREIGN_HOST,
    INTERNAL,
    INVALID_PARAMETER,
    METHOD_NOT_ALLOWED,
    TOO_LARGE,
    TOO_MANY_REQUESTS,
    Problem,
    missing,
)
from numctl.sandbox.routes import ROUTES, Call
from numctl.sandbox.state import State, open_state

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class _Question(Request):
    """A request; only small forms are read."""

    max_content_length = 1024 * 1024
    max_form_memory_size = 1024 * 1024


class _Doors(NamedTuple):
    """Who may ask: with which credentials, for which hosts, and how many requests at once."""

    token: str
    keys: tuple[ApiKey, ...]
    hosts: list[str] | None
    concurrency_limit: int | None


class Sandbox:
    """Answer the service's requests from the state in a file."""

    def __init__(self, state: State, shop: Shop, doors: _Doors) -> None:
        self.state = state
        self._shop = shop
        self._doors = doors
        self._under_way = 0
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        return self.answer(_Question(environ))(environ, start_response)

    def close(self) -> None:
        """Close the file; the next request opens it again."""
        self.state.close()

    def answer(self, request: Request) -> Response:
        """The answer to a request, whatever happens."""
        try:
            self._check_host(request)
            with self._place():
                return self._carry_out(request)
        except Problem as problem:
            return _refusal(problem)
        except HTTPException as error:
            return _refusal(_explained(error, request.path))
        except sqlite3.Error as error:
            return _refusal(Problem(500, INTERNAL, f"The sandbox's file cannot be used: {error}"))

    def _carry_out(self, request: Request) -> Response:
        account_sids = [account["sid"] for account in self.state.accounts()]
        main = account_sids[0]
        reach = reach_of(request.authorization, self._doors.token, self._doors.keys, account_sids)
        endpoint, found = ROUTES.bind_to_environ(request.environ).match()
        arguments = dict(found)
        sid = arguments.pop("account_sid", main)
        # The sandbox's own SID still names the main account after `load` has replaced it.
        account_sid = main if sid == ACCOUNT_SID else sid
        if "account_sid" in found:
            reach.check(account_sid)
        query, form = _once(request.args), _once(request.form)
        answer: Callable[..., Response] = endpoint
        return answer(Call(self.state, self._shop, reach, account_sid, query, form, request.path), **arguments)

    def _check_host(self, request: Request) -> None:
        """Refuse requests for another host: a web page can make a browser send those here."""
        host = request.headers.get("Host", "").lower()
        hosts = self._doors.hosts
        if hosts is not None and not host_is_trusted(host, hosts):
            known = " and ".join(hosts)
            raise Problem(421, FOREIGN_HOST, f"This server answers for {known}, not for {host[:100]!r}")

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Hold a place among the requests under way; raises Problem if there is none."""
        with self._lock:
            if self._doors.concurrency_limit is not None and self._under_way >= self._doors.concurrency_limit:
                raise Problem(429, TOO_MANY_REQUESTS, "Too Many Requests")
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1


def create_app(
    path: Path,
    *,
    token: str = AUTH_TOKEN,
    keys: tuple[ApiKey, ...] = (),
    hosts: list[str] | None = None,
    concurrency_limit: int | None = None,
    seed: int = 0,
    resell_released: bool = False,
) -> Sandbox:
    """The WSGI application over the state in a file, created if need be; raises Refused.

    `hosts` are the only names that it answers for, on any port. At most `concurrency_limit` requests are answered
    at once; more are refused with status 429 and code 20429. `seed` selects the series of samples that searches
    answer. `resell_released` puts released numbers up for sale again, which the service does not do at once.
    """
    state = open_state(path)
    return Sandbox(state, Shop(state, seed, resell_released), _Doors(token, keys, hosts, concurrency_limit))


def _once(fields: Any) -> dict[str, str]:
    """Raise Problem for a parameter given twice, which can only be a mistake."""
    lists: dict[str, list[str]] = fields.to_dict(flat=False)
    for name, values in lists.items():
        if len(values) > 1:
            raise Problem(400, INVALID_PARAMETER, f"{name} was given more than once")
    return {name: values[0] for name, values in lists.items()}


def _explained(error: HTTPException, path: str) -> Problem:
    """Turn werkzeug's refusal into the service's."""
    if isinstance(error, MethodNotAllowed):
        allowed = {"Allow": ", ".join(sorted(error.valid_methods or ()))}
        return Problem(405, METHOD_NOT_ALLOWED, "Method not allowed", allowed)
    if isinstance(error, RequestEntityTooLarge):
        return Problem(413, TOO_LARGE, "Request entity too large")
    return missing(path)


def _refusal(problem: Problem) -> Response:
    body = json.dumps(problem.body())
    return Response(body, problem.status, problem.headers, content_type="application/json")
