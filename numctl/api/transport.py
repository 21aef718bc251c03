"""Transport: requests with authentication, retries, a deadline, bounded answers and readable errors.

https://www.twilio.com/docs/usage/requests-to-twilio
"""

from __future__ import annotations

import copy
import re
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from numctl.api import bare
from numctl.api.answer import Answer, Barred, Broken, NotSent, Unreadable
from numctl.api.backoff import LONGEST_RETRY_AFTER, asked_to_wait, backoff, retry_after
from numctl.api.hosts import Origins, single_origin
from numctl.api.refusals import (
    FROM_A_PROXY,
    decoded,
    details_of,
    failed,
    is_own_error,
    is_own_failure,
    proxy_refusal,
    refusal,
    throttled,
)
from numctl.api.request import Request
from numctl.api.throttle import Pace
from numctl.errors import AnswerLost, Malformed, NotFound, NumctlError, Unavailable
from numctl.system.clock import Clock, SystemClock
from numctl.system.deadline import Expired, within

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from numctl.api.http import Exchange

_ATTEMPTS = 4
_SHORTEST = 0.25
"""Seconds that must be left to send a request again."""

_THROTTLED = 429
_GATEWAY_TIMEOUT = 504
_UNDERSTOOD = (401, 403, 404)
"""Refusals that are believed without an error code of the service."""


class Transport:
    """Send requests to the service's hosts and return their JSON.

    `timeout` bounds one whole request with its retries, in seconds, and `attempts` their number (a 429, which did
    nothing, is not counted); `log` gets a line for each request, never a secret; `adapter` replaces the network
    (the sandbox); `pace` limits how many are under way at once; `region` is that of the credentials. Without `auth`,
    requests carry no credentials. Once `stop` is set, a change that was refused or lost is not sent again.
    """

    def __init__(
        self,
        origins: Origins | str,
        auth: tuple[str, str] | None,
        *,
        timeout: float = 60.0,
        clock: Clock | None = None,
        log: Callable[[str], None] | None = None,
        adapter: BaseAdapter | None = None,
        pace: Pace | None = None,
        region: str | None = None,
    ) -> None:
        self.origin = single_origin(origins) if isinstance(origins, str) else origins
        self.clock = clock or SystemClock()
        self.timeout = timeout
        self.attempts = _ATTEMPTS
        self.pace = pace or Pace(1000)
        self.stop = threading.Event()
        self.region = region
        self.keyed = auth is not None and auth[0].startswith("SK")
        self.date: str | None = None
        """What the last answer says of the time."""
        self._auth = auth
        self._log = log or (lambda line: None)
        self._adapter = adapter
        self._exchanges: dict[str, Exchange] = {}
        self._opening = threading.Lock()

    def hurried(self, seconds: float) -> Transport:
        """The same transport and connections, giving up on a request after this many seconds."""
        other = copy.copy(self)
        other.timeout = min(self.timeout, seconds)
        return other

    def once(self, seconds: float) -> Transport:
        """The same transport without retries, giving up after this many seconds."""
        other = self.hurried(seconds)
        other.attempts = 1
        return other

    def request(self, request: Request) -> dict[str, Any] | None:
        """The decoded answer, None for an empty one (204).

        Raises AnswerLost if a change may have taken effect; Unavailable, Malformed, AuthError, NotFound or
        Refused if it did not.
        """
        if not re.match(r"/[^/\\@]", request.path):
            raise Malformed(f"the service named an address that is not its own: {request.path[:80]!r}")
        return _Call(self, request).run()

    def send(self, request: Request, seconds: float) -> Answer:
        """Make one exchange; raises what `Exchange.send` raises, and Expired."""
        exchange = self._open(self.origin(request.product))
        asked = f"{exchange.origin}{request.path}{_as_log(request.params)}"
        authorized = " Authorization: [redacted]" if self._auth else ""
        self._log(f"> {request.method} {asked}{authorized}{_as_log(request.form)}")
        started = self.clock.now()
        answer = within(seconds, lambda: exchange.send(request, seconds))
        self._log(f"< {answer.status} {len(answer.body)} bytes {self.clock.now() - started:.2f} s")
        self.date = answer.headers.get("Date")
        if answer.status < 400 or self._auth is None:
            return answer
        return answer._replace(body=_without(self._auth, answer.body))

    def _open(self, origin: str) -> Exchange:
        with self._opening:
            if origin not in self._exchanges:
                with bare.imports():
                    from numctl.api.http import Exchange

                self._exchanges[origin] = Exchange(origin, self._auth, self._adapter)
            return self._exchanges[origin]

    def note(self, line: str) -> None:
        self._log(line)


class _Call:
    """One request with its retries."""

    def __init__(self, transport: Transport, request: Request) -> None:
        self.transport, self.clock, self.request = transport, transport.clock, request
        self.attempts, self.refusals = 0, 0
        self.deadline = self.clock.now() + transport.timeout

    def run(self) -> dict[str, Any] | None:
        """Send until there is an answer, or raise the last error.

        Once an answer was lost, no later refusal says that nothing was changed: an update may have moved the
        number away, so that its repeat is not found. A repeated DELETE that is not found has nothing left to
        do: NotFound is then raised.
        """
        lost: AnswerLost | None = None
        while True:
            self.attempts += 1
            try:
                return self._attempt()
            except _Passing as passing:
                lost = passing.error.joined(lost) if isinstance(passing.error, AnswerLost) else lost
                self._wait_or_raise(passing, lost or passing.error)
            except AnswerLost as last:
                raise last.joined(lost) from last.__cause__
            except NumctlError as error:
                if lost is None or (self.request.method == "DELETE" and isinstance(error, NotFound)):
                    raise
                lost.refusal = None if isinstance(error, Unavailable) else error
                raise lost from error

    def _attempt(self) -> dict[str, Any] | None:
        waited_since = self.clock.now()
        with self.transport.pace.slot():
            self.deadline += self.clock.now() - waited_since
            answer = self._exchange()
            if answer.status == _THROTTLED:
                raise _Passing(throttled(answer), answer, crowded=self.transport.pace.refused())
            self.transport.pace.succeeded()
        return self._decoded(answer)

    def _exchange(self) -> Answer:
        try:
            return self.transport.send(self.request, max(self.deadline - self.clock.now(), 0.001))
        except Expired:
            raise self._lost(f"no answer within {self.transport.timeout:g} s", late=True) from None
        except Broken as broken:
            raise self._passing_or_lost(str(broken), late=broken.late) from broken
        except Barred as barred:
            raise Unavailable(f"{barred}; {self._where()}", hint=barred.hint) from barred
        except NotSent as never:
            raise _Passing(self._unreachable(str(never)), None) from never
        except Unreadable as unreadable:
            raise self._unreadable(str(unreadable)) from unreadable

    def _decoded(self, answer: Answer) -> dict[str, Any] | None:
        if answer.status >= 500:
            raise self._passing_or_lost(failed(answer), answer, late=answer.status == _GATEWAY_TIMEOUT)
        if answer.status == FROM_A_PROXY:
            raise proxy_refusal(self._where())
        if answer.status >= 400:
            raise self._refusal(answer)
        if answer.status == 204 and self.request.method == "DELETE":
            return None
        if not 200 <= answer.status < 300:
            raise self._unreadable(f"it is a redirect ({answer.status}), which is not followed", late=False)
        body = decoded(answer.body)
        if body is None:
            raise self._unreadable("it is not the JSON that the service documents")
        return body

    def _refusal(self, answer: Answer) -> Exception:
        """A refusal that is not the service's own, such as a proxy's, proves nothing about a change."""
        body = decoded(answer.body) or {}
        of_the_service = is_own_error(body) or answer.status in _UNDERSTOOD
        if (answer.status in (403, 404) and not body) or not (of_the_service or self.request.reads):
            perhaps = ", perhaps from a proxy" if answer.status == 403 else ""
            reason = f"it is a {answer.status} that did not come from the service{perhaps}"
            return self._unreadable(reason) if self.request.reads else self._passing_or_lost(reason)
        return refusal(answer)

    def _passing_or_lost(self, reason: str, answer: Answer | None = None, *, late: bool = False) -> Exception:
        own = answer is not None and is_own_failure(answer)
        lost = self._lost(reason + asked_to_wait(answer), late=late, answered=own, **details_of(answer))
        return _Passing(lost, answer) if self.request.repeatable else lost

    def _lost(self, reason: str, *, late: bool, answered: bool = False, **details: Any) -> NumctlError:
        if self.request.reads:
            return Unavailable(f"{reason}; {self._where()}", hint="try again in a moment", **details)
        return AnswerLost(f"the answer was lost: {reason}", late=late, answered=answered, **details)

    def _unreadable(self, reason: str, *, late: bool = True) -> NumctlError:
        if self.request.reads:
            return Malformed(f"the answer cannot be used: {reason}; {self._where()}")
        return AnswerLost(f"the answer cannot be used: {reason}", late=late)

    def _unreachable(self, reason: str) -> NumctlError:
        return Unavailable(f"{reason}; {self._where()}", hint="check the network, then try again")

    def _where(self) -> str:
        return f"{self.request.method} {self.transport.origin(self.request.product)}"

    def _wait_or_raise(self, passing: _Passing, last: NumctlError) -> None:
        if passing.crowded is not None and self.transport.attempts > 1:
            self.attempts -= 1  # it did nothing: try until the time is up
        asked = retry_after(passing.answer) if passing.answer else None
        wait = self._backoff(passing) if asked is None else float(asked)
        too_long = (asked or 0) > LONGEST_RETRY_AFTER
        late = self.clock.now() + max(wait, _SHORTEST) >= self.deadline
        if self.attempts >= self.transport.attempts or too_long or late or self._stopped():
            raise last
        if wait:
            self.transport.note(f"  {passing.error.message}; again in {wait:.1f} s")
            self.clock.sleep(wait)
        if self._stopped():
            raise last

    def _backoff(self, passing: _Passing) -> float:
        """Seconds to wait; none after a refusal for too many if fewer are under way now."""
        if passing.crowded is None:
            return backoff(self.attempts)
        self.refusals += not passing.crowded
        return 0.0 if passing.crowded else min(backoff(self.refusals), (self.deadline - self.clock.now()) / 2)

    def _stopped(self) -> bool:
        return not self.request.reads and self.transport.stop.is_set()


class _Passing(Exception):
    """A fault that may pass, with the error to raise after the last retry.

    `crowded` is None unless there were too many requests; then it says whether fewer at once may help.
    """

    def __init__(self, error: NumctlError, answer: Answer | None, *, crowded: bool | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.answer = answer
        self.crowded = crowded


def _without(auth: tuple[str, str], body: bytes | bytearray) -> bytes:
    """Take the credentials out of an answer: an error page that echoes them is printed and recorded."""
    from base64 import b64encode

    user, secret = (part.encode() for part in auth)
    text = bytes(body)
    for form in (b64encode(user + b":" + secret), b64encode(secret), secret):
        text = text.replace(form, b"[redacted]")
    return text


def _as_log(pairs: Mapping[str, str]) -> str:
    return "".join(f" {name}={value!r}" for name, value in pairs.items())
