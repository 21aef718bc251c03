"""The way to the service: what is not set up right is named at once, and nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import certifi
import pytest

from numctl.api import network
from numctl.api.client import Client
from numctl.api.network import network_settings
from numctl.api.transport import Transport
from numctl.errors import AnswerLost, AuthError, Malformed, NumctlError, Unavailable
from tests.cli.program import sandbox
from tests.wire import faults
from tests.wire.fake_clock import FakeClock
from tests.wire.proxy import refusing
from tests.wire.service import ACCOUNT, TOKEN, Service, running

SERVICE = "https://api.example.com"
NUMBER = "+14155552344"
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
NAMES = ("HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY", "NO_PROXY", *BUNDLES)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nothing of the machine's own network settings."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def service() -> Iterator[Service]:
    with running() as service:
        yield service


def asked(base_url: str = SERVICE, *, buying: bool = False) -> tuple[NumctlError, FakeClock]:
    """Ask a service for something; return how that failed, and the clock on which was waited."""
    clock = FakeClock()
    client = Client(Transport(base_url, (ACCOUNT, TOKEN), clock=clock), ACCOUNT)
    with pytest.raises(NumctlError) as caught:
        client.buy(NUMBER, {}) if buying else next(client.pages())
    return caught.value, clock


# The proxy


@pytest.mark.parametrize("buying", [False, True])
@pytest.mark.parametrize(
    ("status", "message", "hint"),
    [
        (
            "407 Proxy Authentication Required",
            "the proxy requires a valid user name and password (407)",
            "put them in HTTPS_PROXY, as USER:PASSWORD@ before the host",
        ),
        (
            "403 Forbidden",
            "the proxy refuses to connect to the service (403)",
            "ask the proxy's administrator to allow it, or add the service's host to NO_PROXY",
        ),
    ],
)
def test_a_proxy_that_refuses_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch, status: str, message: str, hint: str, buying: bool
) -> None:
    with refusing(status) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://marzipan:nougat@{proxy.host}")
        error, clock = asked(buying=buying)
    assert type(error) is Unavailable
    assert (error.message, error.hint) == (f"{message}; {'POST' if buying else 'GET'} {SERVICE}", hint)
    assert (error.status, error.code) == (None, None)
    assert (clock.slept, proxy.asked) == ([], ["CONNECT api.example.com:443"])


def test_a_proxy_in_trouble_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing("502 Bad Gateway") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.host}")
        error, clock = asked(buying=True)
    assert type(error) is Unavailable
    assert error.message == f"the proxy answered 502; POST {SERVICE}"
    assert (len(clock.slept), len(proxy.asked)) == (3, 4)


def test_a_proxy_that_is_not_there_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing("200 OK") as proxy:
        host = proxy.host
    monkeypatch.setenv("HTTPS_PROXY", f"http://{host}")
    error, _ = asked()
    assert (type(error), error.message) == (Unavailable, f"the proxy cannot be reached; GET {SERVICE}")


def test_a_proxy_that_speaks_plain_http_is_told_from_one_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing("400 Bad Request") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://{proxy.host}")
        error, clock = asked()
    assert (type(error), error.message) == (
        Unavailable,
        f"the proxy speaks http, and HTTPS_PROXY says https; GET {SERVICE}",
    )
    assert clock.slept == []


@pytest.mark.parametrize("buying", [False, True])
def test_a_407_within_the_connection_is_a_proxys_too(service: Service, buying: bool) -> None:
    service.fail(faults.instead("a proxy's", b"<html>", 407).before(), times=9)
    error, _ = asked(service.url, buying=buying)
    assert type(error) is Unavailable
    assert (
        error.message
        == f"the proxy requires a user name and a password (407); {'POST' if buying else 'GET'} {service.url}"
    )
    assert len(service.received) == 1


def test_a_403_without_the_services_words_is_not_taken_for_bad_credentials(service: Service) -> None:
    service.fail(faults.instead("a proxy's", b"<html>Blocked</html>", 403).before(), times=9)
    error, _ = asked(service.url)
    assert type(error) is Malformed
    assert "it is a 403 that did not come from the service, perhaps from a proxy" in error.message
    error, _ = asked(service.url, buying=True)
    assert type(error) is AnswerLost


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "value",
    [
        "nougat host",
        "http://",
        "://",
        "http://:3128",
        "ftp://nougat:1",
        "proxy:nougat",
        "http://[::1",
        "http://u:nougat@h:99999",
    ],
)
def test_a_proxy_that_is_none_is_named_by_its_variable_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    error, clock = asked()
    assert (type(error), error.message) == (AuthError, f"{name} is not a proxy address")
    assert error.hint == "write it as http://proxy.example.com:3128"
    assert clock.slept == []


def found(name: str) -> ModuleSpec | None:
    return ModuleSpec(name, None)


@pytest.mark.parametrize("value", ["socks5://proxy.example.com:1080", "socks5h://u:p@10.0.0.1", "socks4a://x:1"])
def test_a_socks_proxy_without_its_library_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ALL_PROXY", value)
    monkeypatch.setattr(network, "find_spec", lambda name: None)
    error, clock = asked(buying=True)
    assert type(error) is AuthError
    assert error.message == "ALL_PROXY is a SOCKS proxy, and SOCKS support is not installed"
    assert clock.slept == []
    monkeypatch.setattr(network, "find_spec", found)
    assert network_settings(SERVICE)["proxies"] == {"https": value}


@pytest.mark.parametrize(
    ("value", "used"),
    [
        ("proxy:3128", "http://proxy:3128"),
        ("10.0.0.1:3128", "http://10.0.0.1:3128"),
        ("[::1]:3128", "http://[::1]:3128"),
        ("proxy.example.com", "http://proxy.example.com"),
        ("http://u:p@proxy.example.com:3128/", "http://u:p@proxy.example.com:3128/"),
        ("https://proxy.example.com", "https://proxy.example.com"),
    ],
)
def test_a_proxy_is_used_with_or_without_its_scheme(monkeypatch: pytest.MonkeyPatch, value: str, used: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    assert network_settings(SERVICE)["proxies"] == {"https": used}


def test_no_proxy_and_loopback_need_no_proxy_that_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://")
    monkeypatch.setenv("HTTP_PROXY", "http://")
    assert network_settings("http://127.0.0.1:1")["proxies"] == {}
    monkeypatch.setenv("NO_PROXY", "example.com")
    assert network_settings(SERVICE)["proxies"] == {}


def test_a_proxy_of_the_system_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "get_environ_proxies", lambda url: {"https": "http://"})
    error, _ = asked()
    assert error.message == "the proxy in the system's settings is not a proxy address"


# The certificates


BAD: dict[str, tuple[Any, str]] = {
    "missing": (lambda path: None, "No such file or directory"),
    "empty": (lambda path: path.write_bytes(b""), "it is empty"),
    "blank": (lambda path: path.write_bytes(b"\n"), "it holds no certificates in PEM form"),
    "no PEM": (lambda path: path.write_bytes(bytes(range(256))), "it holds no certificates in PEM form"),
    "spoiled": (
        lambda path: path.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "ascii"),
        "it holds no certificates in PEM form",
    ),
    "an empty folder": (lambda path: path.mkdir(), "the folder is empty"),
}


@pytest.mark.parametrize("name", BUNDLES)
@pytest.mark.parametrize("kind", BAD)
def test_a_bundle_that_cannot_be_used_is_named_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: Service, name: str, kind: str
) -> None:
    path = tmp_path / "bundle.pem"
    make, why = BAD[kind]
    make(path)
    monkeypatch.setenv(name, str(path))
    error, clock = asked(service.url, buying=True)
    assert (type(error), error.message) == (AuthError, f"{name}: {path} cannot be used: {why}")
    assert error.hint == f"point it to a file of certificates in PEM form, or unset {name}"
    assert (clock.slept, service.received) == ([], [])


def test_a_bundle_that_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(path: str, mode: str) -> Any:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(network, "open", refuse, raising=False)
    assert network.unusable(str(tmp_path / "bundle.pem")) == "Permission denied"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_bundle_that_is_a_pipe_is_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert network.unusable(str(tmp_path / "pipe")) == "it is neither a file nor a folder"


def test_all_of_a_bundle_is_looked_at_where_something_is_verified(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "bundle.pem"
    spoiled = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    path.write_text(Path(certifi.where()).read_text("utf-8") + spoiled, "utf-8")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    assert network_settings("http://127.0.0.1:8000")["verify"] == str(path)
    with pytest.raises(AuthError, match="it holds no certificates in PEM form"):
        network_settings(SERVICE)


def test_the_first_bundle_that_is_set_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert network_settings(SERVICE)["verify"] is True
    for name in reversed(BUNDLES):
        path = tmp_path / f"{name}.pem"
        path.write_bytes(Path(certifi.where()).read_bytes())
        monkeypatch.setenv(name, str(path))
        assert network_settings(SERVICE)["verify"] == str(path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
    assert network_settings(SERVICE)["verify"] == str(tmp_path / "CURL_CA_BUNDLE.pem")


def test_neither_certificates_nor_a_proxy_matter_to_the_sandbox(tmp_path: Path) -> None:
    wrong = {"REQUESTS_CA_BUNDLE": str(tmp_path / "none.pem"), "SSL_CERT_FILE": "/", "ALL_PROXY": "socks5://nowhere"}
    ended = sandbox("list", "-q", "--limit", "1", env=wrong)
    assert (ended.code, ended.out) == (0, "+14155550100\n")
