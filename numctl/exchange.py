"""One HTTP exchange on requests: where its exceptions stop, and where an answer's size is bounded.

Imported only when something is sent, since requests costs as much to load as all the rest of a command.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import requests
import urllib3.exceptions
from requests.adapters import BaseAdapter, HTTPAdapter

from numctl import __version__
from numctl.errors import AuthError
from numctl.loopback import is_loopback

MAX_BODY = 16 * 1024 * 1024
CHUNK = 64 * 1024
LONGEST_CONNECT = 10.0
HEADERS = {"User-Agent": f"numctl/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Answer(NamedTuple):
    """What came back whole: the status, the headers and the decoded body."""

    status: int
    headers: Mapping[str, str]
    body: bytes | bytearray


class NotSent(Exception):
    """The connection was never made: the request provably did nothing."""


class Broken(Exception):
    """The request went out and no whole answer came back; `late` when the service may still be at work on it."""

    def __init__(self, reason: str, *, late: bool = False) -> None:
        super().__init__(reason)
        self.late = late


class Unreadable(Exception):
    """An answer came back that cannot be decoded, or is larger than any real one."""


class Session(requests.Session):
    """A session that follows no redirect: credentials go to one origin, and a POST must not turn into a GET."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return nothing, so that a redirect is an answer like any other."""


class Exchange:
    """Send requests to one origin, with one kept-alive session for each request under way."""

    def __init__(self, base_url: str, auth: tuple[str, str], adapter: BaseAdapter | None = None) -> None:
        self.base_url = base_url
        self._auth = auth
        self._adapter = adapter
        self._idle: list[Session] = []
        self._network = network_settings(base_url)

    def send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        form: Mapping[str, str] | None,
        timeout: float,
    ) -> Answer:
        """Return the answer; raises NotSent, Broken or Unreadable.

        A session is put back only after a whole answer: one that hangs or broke is never used again.
        """
        session = self._idle.pop() if self._idle else self._open()
        answer = guarded(lambda: self._answer(session, self._prepared(method, path, params, form), timeout))
        self._idle.append(session)
        return answer

    def _prepared(
        self, method: str, path: str, params: Mapping[str, str] | None, form: Mapping[str, str] | None
    ) -> requests.PreparedRequest:
        """Return the request as it is sent, without what a session would mix in: cookies, and a .netrc's password."""
        url = self.base_url + path + (f"?{urlencode(params)}" if params else "")
        headers = HEADERS | (FORM if form else {})
        return requests.Request(method, url, headers, data=urlencode(form or {}), auth=self._auth).prepare()

    def _answer(self, session: Session, request: requests.PreparedRequest, timeout: float) -> Answer:
        if urlsplit(request.url or "").netloc != urlsplit(self.base_url).netloc:
            raise Unreadable("it points to another server")
        connect = min(LONGEST_CONNECT, timeout * 0.8)  # sooner than the rest, so that it is known that nothing was sent
        with session.send(request, stream=True, timeout=(connect, timeout), **self._network) as response:
            return Answer(response.status_code, response.headers, bounded_body(response))

    def _open(self) -> Session:
        session = Session()
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.mount(self.base_url, self._adapter or HTTPAdapter(pool_connections=1, pool_maxsize=1))
        return session


def network_settings(base_url: str) -> dict[str, Any]:
    """Return proxies and CA bundle as the environment sets them; loopback never goes through a proxy.

    Raises AuthError for a bundle that is not there.
    """
    loopback = is_loopback(urlsplit(base_url).hostname or "")
    found = requests.Session().merge_environment_settings(base_url, {}, None, None, None)
    if isinstance(found["verify"], str) and not os.path.exists(found["verify"]):
        raise AuthError(f"REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names what is not there: {found['verify']}")
    return {"proxies": {} if loopback else found["proxies"], "verify": found["verify"], "cert": None}


def bounded_body(response: requests.Response) -> bytearray:
    """Return the decoded body; raises Unreadable when it is larger than 16 MiB."""
    body = bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > MAX_BODY:
            raise Unreadable(f"it is larger than {MAX_BODY // 1024 // 1024} MiB")
    return body


def guarded(send: Callable[[], Answer]) -> Answer:
    """Call, and turn the exceptions of requests and urllib3 into the three that matter here."""
    try:
        return send()
    except requests.exceptions.ContentDecodingError as error:
        raise Unreadable("its encoding is not what it says") from error
    except requests.exceptions.SSLError as error:
        if unverified(error):
            raise NotSent("the server's certificate could not be verified; REQUESTS_CA_BUNDLE names another") from error
        raise Broken("the TLS connection broke, or was never made") from error
    except (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError) as error:
        raise NotSent(never_made(error) or "no connection could be made in time") from error
    except requests.exceptions.Timeout as error:
        raise Broken("no answer in time", late=True) from error
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        reason = never_made(error)
        if reason:
            raise NotSent(reason) from error
        raise Broken("the connection broke", late="timed out" in str(error)) from error
    except (NotSent, Broken, Unreadable):
        raise
    except Exception as error:  # its words are not shown: they may hold the request, with the secret
        raise Unreadable(f"something unexpected happened ({type(error).__name__})") from error


def unverified(error: BaseException) -> bool:
    """Say whether TLS failed over the certificate, before anything was sent; later failures look alike otherwise."""
    found: BaseException | None = getattr(error.args[0] if error.args else None, "reason", None)
    while found and not isinstance(found, ssl.CertificateError):
        found = next((arg for arg in found.args if isinstance(arg, Exception)), None)
    return found is not None


def never_made(error: BaseException) -> str | None:
    """Return why a connection was never made, or None where it was made and then broke."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return "the server's name cannot be resolved"
    if isinstance(reason, urllib3.exceptions.ProxyError):
        return "the proxy cannot be reached"
    if isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return "no connection could be made"
    return "the address cannot be used" if isinstance(error, requests.exceptions.InvalidURL) else None
