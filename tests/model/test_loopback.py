"""Which hosts are this machine: only to them plain http may go, and never through a proxy."""

from __future__ import annotations

import pytest

from numctl.model.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.0", "127.255.255.255", "::1", "0:0:0:0:0:0:0:1"])
def test_this_machine_is_known_by_its_name_and_its_addresses(host: str) -> None:
    assert is_loopback(host) is True


@pytest.mark.parametrize(
    "host", ["126.255.255.255", "128.0.0.0", "10.0.0.1", "169.254.0.1", "192.0.2.1", "0.0.0.0", "::", "::2", "fe80::1"]
)
def test_an_address_outside_is_another_machine(host: str) -> None:
    assert is_loopback(host) is False


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "localhost.example.com",
        "my-localhost",
        "127.0.0.1.example.com",
        "127.0.0.1 ",
        "127.1",
        "127.0.0.01",
        "2130706433",
        "[::1]",
        "localhost:8080",
        "",
    ],
)
def test_a_name_that_only_looks_like_it_is_another_machine(host: str) -> None:
    assert is_loopback(host) is False
