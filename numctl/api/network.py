"""How the environment says to reach the service: the proxy, and the certificates to trust.

What cannot work is reported before anything is sent, by its variable. A proxy's value is never shown: it may hold a
password. Imported only when something is sent, as requests is.
"""

from __future__ import annotations

import os
import re
import ssl
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import urllib3
from requests.utils import get_environ_proxies, select_proxy

from numctl.errors import AuthError
from numctl.model.loopback import is_loopback

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""The first that is set names the certificates to trust; requests itself ignores the last."""

_CERTIFICATE = re.compile(b"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_START = 64 * 1024
"""Bytes in which the first certificate of a bundle stands."""

_PROXIES = ("HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY")
_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


def network_settings(base_url: str) -> dict[str, Any]:
    """What a session needs to send to an origin; raises AuthError for settings that cannot work."""
    parts = urlsplit(base_url)
    loopback = is_loopback(parts.hostname or "")
    proxy = None if loopback else select_proxy(base_url, get_environ_proxies(base_url))
    secure = parts.scheme == "https" or proxy is not None
    return {"proxies": {parts.scheme: _usable(proxy)} if proxy else {}, "verify": _bundle(whole=secure), "cert": None}


def _usable(proxy: str) -> str:
    name = next((name for name, value in os.environ.items() if name.upper() in _PROXIES and value == proxy), None)
    where = name or "the proxy in the system's settings"
    address = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urllib3.util.parse_url(address)
    except ValueError:
        parts = urllib3.util.Url()
    if not parts.host or " " in parts.host or parts.scheme not in _SCHEMES:
        raise AuthError(f"{where} is not a proxy address", hint="write it as http://proxy.example.com:3128")
    if parts.scheme.startswith("socks") and find_spec("socks") is None:
        raise AuthError(
            f"{where} is a SOCKS proxy, and SOCKS support is not installed",
            hint="install PySocks beside numctl (pipx inject numctl PySocks), or use an HTTP proxy",
        )
    return address


def _bundle(*, whole: bool) -> str | bool:
    name = next((name for name in _BUNDLES if os.environ.get(name)), None)
    if name is None:
        return True
    path = os.environ[name]
    why = unusable(path, whole=whole)
    if why:
        hint = f"point it to a file of certificates in PEM form, or unset {name}"
        raise AuthError(f"{name}: {path} cannot be used: {why}", hint=hint)
    return path


def unusable(path: str, *, whole: bool = True) -> str:
    """Why no certificates can be read from a file or a folder; empty if they can.

    If nothing will be verified, the first is enough: loading a whole bundle takes an eighth of a short command.
    """
    try:
        if os.path.isdir(path):
            return "" if os.listdir(path) else "the folder is empty"
        if os.path.exists(path) and not os.path.isfile(path):
            return "it is neither a file nor a folder"
        with open(path, "rb") as file:
            text = file.read(1 if whole else _START)
        if not text:
            return "it is empty"
        first = None if whole else _CERTIFICATE.search(text)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if first:
            context.load_verify_locations(cadata=first[0].decode("ascii", "replace"))
        else:
            context.load_verify_locations(path)
    except ssl.SSLError:  # a kind of OSError
        return "it holds no certificates in PEM form"
    except OSError as error:
        return error.strerror or "it cannot be read"
    return ""
