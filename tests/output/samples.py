"""Fictional numbers, and a writer's output as bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from numctl.output import Output, Shape, open_writer
from numctl.output.shapes import NUMBERS
from numctl.text.stdout import Out

ACCOUNT = "AC" + "0a" * 16


def number(index: int = 0, **fields: Any) -> dict[str, Any]:
    """One number as the service sends it."""
    return {
        "account_sid": ACCOUNT,
        "phone_number": f"+1415555{index:04d}",
        "friendly_name": f"(415) 555-{index:04d}",
        "sid": f"PN{index:032x}",
        "beta": False,
        "capabilities": {"fax": False, "mms": True, "sms": True, "voice": True},
        "sms_url": "",
        "trunk_sid": None,
        "voice_method": "POST",
        "voice_url": "https://hooks.example.com/voice",
        **fields,
    }


def written(
    output: Output,
    *pages: Sequence[dict[str, Any]],
    shape: Shape = NUMBERS,
    terminal: bool = False,
    width: int = 80,
    color: bool = False,
) -> bytes:
    """All that a finished writer wrote."""
    stream = io.BytesIO()
    writer = open_writer(output, shape, Out(stream, terminal=terminal, width=width, color=color))
    for page in pages:
        writer.write(page)
    writer.finish()
    return stream.getvalue()
