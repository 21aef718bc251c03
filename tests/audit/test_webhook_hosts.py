"""What a webhook's host says about who answers there."""

from __future__ import annotations

import pytest

from numctl.audit.webhook_hosts import demonstration, host_of, over_tls, placeholder, unreachable, usable


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Voice.Acme-Telefon.dev:8443/a?b#c", "voice.acme-telefon.dev"),
        ("https://acme-telefon.dev./", "acme-telefon.dev"),
        ("http://[fe80::1]/", "fe80::1"),
        ("http://[broken/", ""),
        ("no URL", ""),
    ],
)
def test_the_host_of_a_url(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "app.localhost",
            "127.0.0.1",
            "::1",
            "::ffff:10.0.0.1",
            "10.1.2.3",
            "172.16.0.9",
            "192.168.1.1",
        ),
        *("169.254.169.254", "fe80::1", "fd00::1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "192.0.2.7"),
        *("intranet", "printer.local", "app.internal", "box.lan", "nas.home.arpa"),
        *("app.localdomain", "voice.corp", "voice.intranet", "voice.private"),
        *("127.1", "0177.0.0.1", "0x7f.0.0.1", "10.1", "2130706433", "0x7f000001", "167772161"),
    ],
)
def test_hosts_that_the_internet_does_not_reach(host: str) -> None:
    assert unreachable(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "acme-telefon.dev",
        "8.8.8.8",
        "2001:4860:4860::8888",
        "localhost.dev",
        "mylocal.dev",
        "corp.dev",
        "8.8.2056",
        "134744072",
        "0x08080808",
        "1.2.3.4.5",
    ],
)
def test_hosts_that_the_internet_may_reach(host: str) -> None:
    assert not unreachable(host)


@pytest.mark.parametrize("host", ["example.com", "voice.example.org", "a.example", "acme.test", "test", "no.invalid"])
def test_placeholders_are_told_and_are_not_called_unreachable_as_well(host: str) -> None:
    assert placeholder(host)
    assert not unreachable(host)


@pytest.mark.parametrize("host", ["myexample.com", "example.com.acme-telefon.dev", "acme-telefon.dev", "contest"])
def test_a_host_that_only_looks_like_a_placeholder_is_none(host: str) -> None:
    assert not placeholder(host)


def test_the_demonstration_is_the_provider_s_demo_host_alone() -> None:
    assert demonstration("demo.twilio.com")
    assert not demonstration("handler.twilio.com")
    assert not demonstration("mydemo.twilio.com")


@pytest.mark.parametrize(
    ("url", "better"),
    [
        ("http://acme-telefon.dev/a?b=c", "https://acme-telefon.dev/a?b=c"),
        ("HTTP://acme-telefon.dev:80/a", "https://acme-telefon.dev/a"),
        ("http://acme-telefon.dev:080/a", "https://acme-telefon.dev/a"),
        ("http://acme-telefon.dev:/a", "https://acme-telefon.dev/a"),
        ("http://acme-telefon.dev:8080/a", None),
        ("http://localhost/a", None),
        ("http://example.com/a", None),
        ("http://morgan:hunter2@acme-telefon.dev/", "https://morgan:hunter2@acme-telefon.dev/"),
        ("http://acme-telefon.dev/\nx", None),
        ("http://acme-telefon.dev:99999/", None),
    ],
)
def test_https_is_proposed_only_where_it_can_be_the_cure(url: str, better: str | None) -> None:
    assert over_tls(url) == better


@pytest.mark.parametrize(
    "url",
    ["   ", "http://[broken/", "no URL", "//acme-telefon.dev/", "ftp://acme-telefon.dev/", "https://", "http://a:b/"],
)
def test_what_cannot_be_called_is_told(url: str) -> None:
    assert not usable(url)


@pytest.mark.parametrize("url", ["https://acme-telefon.dev", "HTTP://a b.dev:8080/x y", "http://u:p@10.0.0.1/"])
def test_what_may_be_called_is_usable_whatever_its_form(url: str) -> None:
    assert usable(url)
