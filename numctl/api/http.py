"""One HTTP exchange with requests: its exceptions stop here, and the size of an answer is bounded.

Imported only when something is sent: loading requests takes as long as the rest of a command.
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
"""For the sandbox: no network, so no proxy and no certificate."""
_HEADERS = {"User-Agent": f"numctl/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
_NEEDS_PASSWORD = 407
_CERTIFICATES = "if a proxy or firewall uses its own certificates, set REQUESTS_CA_BUNDLE to the file that holds them"
_PASSWORD = "put them in HTTPS_PROXY, as USER:PASSWORD@ before the host"
_ALLOWED = "ask the proxy's administrator to allow it, or add the service's host to NO_PROXY"
T = TypeVar("T")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class _NoRedirects(requests.Session):
    """A session that follows no redirects: credentials go to one origin, and a POST must not turn into a GET."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Treat a redirect as an answer like any other."""


class Exchange:
    """Send requests to one origin, with one kept-alive session for each concurrent request."""

    def __init__(self, origin: str, auth: tuple[str, str] | None, adapter: BaseAdapter | None = None) -> None:
        self.origin = origin
        self._auth = auth
        self._adapter = adapter
        self._idle: list[_NoRedirects] = []
        self._network = _DIRECT if adapter else network_settings(origin)

    def send(self, request: Request, timeout: float) -> Answer:
        """Raises NotSent, Broken or Unreadable.

        A session is reused only after a whole answer, never after one that hung or broke.
        """
        session = self._idle.pop() if self._idle else self._open()
        answer = guarded(lambda: self._answer(session, self._prepare(request), timeout))
        self._idle.append(session)
        return answer

    def _prepare(self, request: Request) -> requests.PreparedRequest:
        """Prepare a request without what a session adds: cookies, and a password from .netrc."""
        url = self.origin + request.path + (f"?{urlencode(request.params)}" if request.params else "")
        headers = _HEADERS | (_FORM if request.form else {})
        data = urlencode(request.form)
        return requests.Request(request.method, url, headers, data=data, auth=self._auth).prepare()

    def _answer(self, session: _NoRedirects, request: requests.PreparedRequest, timeout: float) -> Answer:
        if urlsplit(request.url or "").netloc != urlsplit(self.origin).netloc:
            raise Unreadable("it points to another server")
        connect = min(_LONGEST_CONNECT, timeout * 0.8)  # times out before the rest does: then nothing was sent
        with session.send(request, stream=True, timeout=(connect, timeout), **self._network) as response:
            try:
                body = guarded(lambda: _bounded_body(response))
            except Broken as broken:  # a success status that was cut short is still a success
                raise Broken(str(broken), late=broken.late or response.ok) from broken
            return Answer(response.status_code, response.headers, body)

    def _open(self) -> _NoRedirects:
        session = _NoRedirects()
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.mount(self.origin, self._adapter or HTTPAdapter(pool_connections=1, pool_maxsize=1))
        return session


def _bounded_body(response: requests.Response) -> bytearray:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > _MAX_BODY:
            raise Unreadable(f"it is larger than {_MAX_BODY // 1024 // 1024} MiB")
    return body


def guarded(send: Callable[[], T]) -> T:
    """Turn the exceptions of requests and urllib3 into NotSent, Broken or Unreadable."""
    try:
        return send()
    except requests.exceptions.ContentDecodingError as error:
        raise Unreadable("its body does not match its Content-Encoding") from error
    except requests.exceptions.SSLError as error:
        if _unverified(error):
            raise Barred("the server's certificate could not be verified", _CERTIFICATES) from error
        raise Broken("the TLS connection broke, or was never made") from error
    except requests.exceptions.ProxyError as error:
        raise _proxy_failure(error) from error
    except requests.exceptions.InvalidURL as error:
        raise Barred("the address cannot be used", "check NUMCTL_API_URL and HTTPS_PROXY") from error
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
    except Exception as error:  # its text is not shown: it may quote the request, with the secret
        raise Unreadable(f"something unexpected happened ({type(error).__name__})") from error


def _unverified(error: BaseException) -> bool:
    """Whether TLS failed over the certificate, so before anything was sent; other TLS failures don't tell when."""
    found: BaseException | None = getattr(error.args[0] if error.args else None, "reason", None)
    while found and not isinstance(found, ssl.CertificateError):
        found = next((arg for arg in found.args if isinstance(arg, Exception)), None)
    return found is not None


def _proxy_failure(error: requests.exceptions.ProxyError) -> NotSent:
    said = str(error)
    refused = re.search("Tunnel connection failed: ([0-9]{3})", said)
    if refused is None:
        if "appears to only use HTTP and not HTTPS" in said:
            return Barred("the proxy speaks http, and HTTPS_PROXY says https", "write it as http://…")
        return NotSent("the proxy cannot be reached")
    status = int(refused[1])
    if status == _NEEDS_PASSWORD:
        return Barred(f"the proxy requires a valid user name and password ({status})", _PASSWORD)
    if status >= 500 or status == 429:
        return NotSent(f"the proxy answered {status}")
    return Barred(f"the proxy refuses to connect to the service ({status})", _ALLOWED)


def _never_made(error: BaseException) -> str | None:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return "the server's name cannot be resolved"
    if isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return "no connection could be made"
    return None
