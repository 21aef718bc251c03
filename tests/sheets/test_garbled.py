"""A value that another program damaged on its way is told from one that somebody wrote."""

from __future__ import annotations

import pytest

from numctl.sheets.garbled import CODECS, garbled

NAME = "Réception – Zürich ☎ 北京"
REMEDY = "open and save the sheet as UTF-8, or export it as XLSX"


def read_as(codec: str, text: str) -> str:
    """UTF-8 as Windows reads it in a codec: an undefined byte is a control character."""
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_utf_8_that_was_read_in_another_encoding_is_recognised(codec: str, times: int) -> None:
    text = NAME
    for _ in range(times):
        text = read_as(codec, text)
    found = garbled(text, NAME)
    assert found == f"the live value, but another program read UTF-8 as {CODECS[codec]}: {REMEDY}"


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("â€œDeskâ€", "“Desk”"),
        ("â€œDeskâ€\ufffd", "“Desk”"),
        ("Ã  gauche", "à gauche"),
        ("Ã\u00a0 gauche", "à gauche"),
        ("R├®ception", "Réception"),
        ("R√©ception", "Réception"),
        ("Р\u2018РµСЂР»РёРЅ", "Берлин"),
    ],
    ids=["undefined byte dropped", "undefined byte marked", "no-break space", "kept", "PowerShell", "Mac", "Cyrillic"],
)
def test_what_programs_do_differently_to_it_does_not_matter(text: str, live: str) -> None:
    assert garbled(text, live)


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("R?ception", "Réception"),
        ("R\ufffdception", "Réception"),
        ("Réception ?", "Réception ☎"),
        ("Desk ??", "Desk \U0001f600"),
        ("?????? 2", "Берлин 2"),
    ],
)
def test_characters_that_were_lost_are_recognised(text: str, live: str) -> None:
    assert garbled(text, live) == f"the live value, but another program lost characters: {REMEDY}"


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("Réception", "RÃ©ception"),
        ("Reception", "Réception"),
        ("Réception 2", "Réception"),
        ("RÃ©ception 2", "Réception"),
        ("Desk?", "Desk"),
        ("Reception?", "Réception"),
        ("Berlin", "Zürich"),
        ("", "é"),
        ("北京", "東京"),
    ],
)
def test_what_somebody_wrote_is_left_alone(text: str, live: str) -> None:
    assert garbled(text, live) is None
