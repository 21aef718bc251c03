"""A password in a URL is masked in what people read, and nothing else is."""

from __future__ import annotations

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numctl.cli.reach import Reach
from numctl.errors import Command, Refused
from numctl.text.terminal import clean
from numctl.wording import has_password, masked, shell_line

NOTE = "  # URL: not shown, it holds a password"
URL = "https://ada:hush@example.com/voice"

plain_text = st.text(st.characters(exclude_characters="@\n"))
user = st.text(st.characters(exclude_characters=':@/?#["\n\r', exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc")))
password = st.text("abcXYZ019:!$&'()*+,;=~._-%é•<>{}|^`@", min_size=1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (URL, "https://ada:•••@example.com/voice"),
        ("https://ada:h:u%40sh@example.com", "https://ada:•••@example.com"),
        ("https://ada:hu@sh@example.com", "https://ada:•••@example.com"),
        ("https://:hush@example.com", "https://:•••@example.com"),
        ("https://token@example.com", "https://•••@example.com"),
        ("https://token:@example.com", "https://•••:@example.com"),
        ("HTTP://ada:hush@[2001:db8::1]:80/", "HTTP://ada:•••@[2001:db8::1]:80/"),
        ("ftp://ada:hush@example.com", "ftp://ada:•••@example.com"),
        ("https://ada:hu sh@example.com/", "https://ada:•••@example.com/"),
        ("https://ada:hu/sh@example.com/", "https://ada:•••@example.com/"),
        ('https://ada:hu"s/h@example.com/', "https://ada:•••@example.com/"),
        ("https://ada:12/sh@example.com:80", "https://ada:12/sh@example.com:80"),  # a port, as every parser has it
        (f"from {URL} → https://b:c@d/, or {URL!r}", None),
        (f'{{"a":"{URL}","b":"ada@example.com"}}', '{"a":"https://ada:•••@example.com/voice","b":"ada@example.com"}'),
    ],
)
def test_a_password_is_masked_and_the_rest_stays(text: str, shown: str | None) -> None:
    found = masked(text)
    assert "hush" not in found
    assert shown in (None, found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada@example.com",
        "https://example.com/@ada",
        "https://example.com?to=ada@example.com",
        "https://example.com:8443/ada@example.com",
        "https://example.com:8443 and ada@example.com",
        "'https://example.com:8443', ada@example.com",
        "https://[2001:db8::1]:8443/ada@example.com",
        "https://[2001:db8::1]/ada@example.com",
        "https://example.com and ada:hush@example.com",
    ],
)
def test_what_has_no_password_is_left_alone(text: str) -> None:
    assert masked(text) == text
    assert not has_password(text)


@given(plain_text, user, password, st.sampled_from(["/", "/voice?a=b", "", ":8443/#x"]))
def test_no_password_is_left_whatever_stands_around_it(before: str, name: str, secret: str, end: str) -> None:
    text = f"https://{name}:{secret}@example.com{end}"
    assert masked(text) == f"https://{name}:•••@example.com{end}"
    assert masked(masked(text)) == masked(text)
    assert masked(f"{before} {text}").endswith(f":•••@example.com{end}")


@given(st.text())
def test_masking_is_idempotent(text: str) -> None:
    once = masked(f"https://{text}")
    assert masked(once) == once


def test_clean_text_is_masked_text() -> None:
    assert clean(f"\x1b {URL}") == "\\x1b https://ada:•••@example.com/voice"


def test_an_error_never_holds_a_password() -> None:
    error = Refused(f"bad: {URL}", hint=f"not {URL}", more_info=URL)
    assert "hush" not in f"{error}{json.dumps(error.as_json())}{error.message}{error.hint}{error.more_info}"
    assert error.message == "bad: https://ada:•••@example.com/voice"


def test_a_command_leaves_such_a_url_out_and_says_so() -> None:
    assert Reach(("--sandbox",)).line(Command(("set", "+14155550100", "--voice-url", URL))) == (
        f"numctl set +14155550100 --voice-url URL --sandbox{NOTE}"
    )
    assert shell_line(["numctl", f"--voice-url={URL}", "a b"]) == f"numctl --voice-url=URL 'a b'{NOTE}"
    assert shell_line(["numctl", "--voice-url", "https://example.com"]) == "numctl --voice-url https://example.com"
    assert shlex.split(shell_line(["numctl", URL]), comments=True) == ["numctl", "URL"]
