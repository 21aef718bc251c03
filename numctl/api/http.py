"""One HTTP exchange on requests: where its exceptions stop, and where an answer's size is bounded.

Imported only when something is sent, since requests costs as much to load as all the rest of a command.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import requests
import urllib3.exceptions
from requests.adapters import BaseAdapter, HTTPAdapter

from numctl import __version__
from numctl.api.answer import Answer, Barred, Broken, NotSent, Unreadable
from numctl.api.network import network_settings
from numctl.api.request import Request

_MAX_BODY = 16 * 1024 * 1024
_CHUNK = 64 * 1024
_LONGEST_CONNECT = 10.0
_DIRECT: dict[str, Any] = {"proxies": {}, "verify": True, "cert": None}
"""How is sent where there is no network between: neither a proxy nor a certificate matters to the sandbox."""
_HEADERS = {"User-Agent": f"numctl/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
_NEEDS_PASSWORD = 407
_CERTIFICATES = "where a proxy or firewall has certificates of its own, REQUESTS_CA_BUNDLE names the file of them"
_PASSWORD = "give them in HTTPS_PROXY, as USER:PASSWORD@ before the host"
_ALLOWED = "ask whoever runs the proxy to allow it, or name the service's host in NO_PROXY"
T = TypeVar("T")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class _NoRedirects(requests.Session):
    """A session that follows no redirect: credentials go to one origin, and a POST must not turn into a GET."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return nothing, so that a redirect is an answer like any other."""


class Exchange:
    """Send requests to one origin, with one kept-alive session for each request under way."""

    def __init__(self, origin: str, auth: tuple[str, str], adapter: BaseAdapter | None = None) -> None:
        self.origin = origin
        self._auth = auth
        self._adapter = adapter
        self._idle: list[_NoRedirects] = []
        self._network = _DIRECT if adapter else network_settings(origin)

    def send(self, request: Request, timeout: float) -> Answer:
        """Return the answer; raises NotSent, Broken or Unreadable.

        A session is put back only after a whole answer: one that hangs or broke is never used again.
        """
        session = self._idle.pop() if self._idle else self._open()
        answer = guarded(lambda: self._answer(session, self._prepared(request), timeout))
        self._idle.append(session)
        return answer

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        """Return the request as it is sent, without what a session would mix in: cookies, and a .netrc's password."""
        url = self.origin + request.path + (f"?{urlencode(request.params)}" if request.params else "")
        headers = _HEADERS | (_FORM if request.form else {})
        data = urlencode(request.form)
        return requests.Request(request.method, url, headers, data=data, auth=self._auth).prepare()

    def _answer(self, session: _NoRedirects, request: requests.PreparedRequest, timeout: float) -> Answer:
        if urlsplit(request.url or "").netloc != urlsplit(self.origin).netloc:
            raise Unreadable("it points to another server")
        connect = min(_LONGEST_CONNECT, timeout * 0.8)  # sooner than the rest: then nothing was sent
        with session.send(request, stream=True, timeout=(connect, timeout), **self._network) as response:
            try:
                body = guarded(lambda: _bounded_body(response))
            except Broken as broken:  # a success that was cut short is one all the same
                raise Broken(str(broken), late=broken.late or response.ok) from broken
            return Answer(response.status_code, response.headers, body)

    def _open(self) -> _NoRedirects:
        session = _NoRedirects()
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.mount(self.origin, self._adapter or HTTPAdapter(pool_connections=1, pool_maxsize=1))
        return session


def _bounded_body(response: requests.Response) -> bytearray:
    """Return the decoded body; raises Unreadable when it is larger than 16 MiB."""
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > _MAX_BODY:
            raise Unreadable(f"it is larger than {_MAX_BODY // 1024 // 1024} MiB")
    return body


def guarded(send: Callable[[], T]) -> T:
    """Call, and turn the exceptions of requests and urllib3 into the three that matter here."""
    try:
        return send()
    except requests.exceptions.ContentDecodingError as error:
        raise Unreadable("its encoding is not what it says") from error
    except requests.exceptions.SSLError as error:
        if _unverified(error):
            raise Barred("the server's certificate could not be verified", _CERTIFICATES) from error
        raise Broken("the TLS connection broke, or was never made") from error
    except requests.exceptions.ProxyError as error:
        raise _of_the_proxy(error) from error
    except requests.exceptions.InvalidURL as error:
        raise Barred("the address cannot be used", "look at NUMCTL_API_URL and HTTPS_PROXY") from error
    except requests.exceptions.ConnectTimeout as error:
        raise NotSent(_never_made(error) or "no connection could be made in time") from error
    except requests.exceptions.Timeout as error:
        raise Broken("no answer in time", late=True) from error
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        reason = _never_made(error)
        if reason:
            raise NotSent(reason) from error
        raise Broken("the connection broke", late="timed out" in str(error)) from error
    except (NotSent, Broken, Unreadable):
        raise
    except Exception as error:  # its words are not shown: they may hold the request, with the secret
        raise Unreadable(f"something unexpected happened ({type(error).__name__})") from error


def _unverified(error: BaseException) -> bool:
    """Say whether TLS failed over the certificate, before anything was sent; later failures look alike otherwise."""
    found: BaseException | None = getattr(error.args[0] if error.args else None, "reason", None)
    while found and not isinstance(found, ssl.CertificateError):
        found = next((arg for arg in found.args if isinstance(arg, Exception)), None)
    return found is not None


def _of_the_proxy(error: requests.exceptions.ProxyError) -> NotSent:
    """Return what a proxy did instead of making a connection to the service; what it refuses it refuses again."""
    said = str(error)
    refused = re.search("Tunnel connection failed: ([0-9]{3})", said)
    if refused is None:
        if "appears to only use HTTP and not HTTPS" in said:
            return Barred("the proxy speaks http, and HTTPS_PROXY says https", "write it as http://…")
        return NotSent("the proxy cannot be reached")
    status = int(refused[1])
    if status == _NEEDS_PASSWORD:
        return Barred(f"the proxy wants a user name and a password that it accepts ({status})", _PASSWORD)
    if status >= 500 or status == 429:
        return NotSent(f"the proxy answered {status}")
    return Barred(f"the proxy refuses to connect to the service ({status})", _ALLOWED)


def _never_made(error: BaseException) -> str | None:
    """Return why a connection was never made, or None where it was made and then broke."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return "the server's name cannot be resolved"
    if isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return "no connection could be made"
    return None
