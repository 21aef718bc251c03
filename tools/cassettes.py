"""Cassettes of a real account: what was asked and answered, without secrets and personal data.

What is kept is the shape: names, types, and the values of fields whose values say nothing of a person or an account.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

KEPT = frozenset(
    {
        *("address_requirements", "api_version", "emergency_status", "emergency_address_status", "origin", "status"),
        *("type", "iso_country", "country_code", "country", "voice_receive_mode", "more_info", "message"),
        *("voice_method", "voice_fallback_method", "status_callback_method", "sms_method", "sms_fallback_method"),
    }
)
"""Fields whose text is one of a few values of the service's own. Every other text is replaced."""

_SID = re.compile(r"\b([A-Z]{2})[0-9a-fA-F]{32}\b")
_NUMBER = re.compile(r"\+?\b[0-9]{7,15}\b")
_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} [+-][0-9]{4}")
A_DATE = "Thu, 01 Jan 2026 00:00:00 +0000"


@dataclass
class Redactor:
    """Replaces each SID and number by a made-up one, the same each time, and other text by what it is."""

    _sids: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)

    def value(self, name: str, value: Any) -> Any:
        """A field's value without what is personal; null, numbers and booleans stay."""
        if isinstance(value, dict):
            return {key: self.value(key, one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.value(name, one) for one in value]
        return self._text(name, value) if isinstance(value, str) and value else value

    def text(self, text: str) -> str:
        """A text whose SIDs and phone numbers are replaced."""
        return _NUMBER.sub(lambda found: self._number(found[0]), _SID.sub(self._sid, text))

    def address(self, path: str, params: Mapping[str, str]) -> str:
        """An address; of its parameters only sizes stay."""
        asked = {name: value if name in ("PageSize", "Page") else "x" for name, value in params.items()}
        return self.text(path) + (f"?{urlencode(asked)}" if asked else "")

    def _text(self, name: str, text: str) -> str:
        if name == "uri" or name.endswith("_uri") or text.startswith("/2010-04-01/"):
            path, _, query = text.partition("?")
            return self.address(path, dict(parse_qsl(query, True)))
        if _SID.fullmatch(text):
            return self.text(text)
        if name == "phone_number":
            return self._number(text)
        if name in KEPT:
            return self.text(text)
        if _DATE.fullmatch(text):
            return A_DATE
        return "https://redacted.example.com/" if text.startswith(("http://", "https://")) else "redacted"

    def _sid(self, found: re.Match[str]) -> str:
        return self._sids.setdefault(found[0].lower(), f"{found[1]}{len(self._sids) + 1:032x}")

    def _number(self, text: str) -> str:
        digits = text.lstrip("+")
        made_up = self._numbers.setdefault(digits, f"1415555{len(self._numbers) + 100:04d}")
        return f"+{made_up}" if text.startswith("+") else made_up


def write(
    folder: Path, name: str, redactor: Redactor, asked: tuple[str, Mapping[str, str]], status: int, body: bytes
) -> Path:
    """Write one exchange as a cassette of vcrpy (JSON, which is YAML), and return its file."""
    try:
        text = json.dumps(redactor.value("", json.loads(body)), indent=2) if body else ""
    except ValueError:
        text = "redacted: not JSON"
    uri = f"https://api.twilio.com{redactor.address(*asked)}"
    request = {"body": None, "headers": {"Accept": ["application/json"]}, "method": "GET", "uri": uri}
    response = {
        "body": {"string": text},
        "headers": {"Content-Type": ["application/json"]},
        "status": {"code": status, "message": "OK" if status < 400 else "refused"},
    }
    cassette = {"interactions": [{"request": request, "response": response}], "version": 1}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps(cassette, indent=2) + "\n", encoding="utf-8")
    return path
