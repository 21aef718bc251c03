"""Turn the service's error answers into errors with its code, its message and a hint.

https://www.twilio.com/docs/usage/twilios-response; newer parts of the service answer as RFC 9457 says.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from numctl.api.backoff import asked_to_wait
from numctl.api.hints import hint_for
from numctl.errors import AuthError, NotFound, NumctlError, Refused, Unavailable
from numctl.text.terminal import clean

if TYPE_CHECKING:
    from numctl.api.answer import Answer


_LONGEST_TEXT = 300
"""Characters of the service's own words that an error shows."""

_FAULTS_SHOWN = 3

FROM_A_PROXY = 407
"""Only a proxy answers this, and it does not pass the request on."""

_OWN_FAILURES = (500, 503)

_LARGE = 256 * 1024
"""Bytes of an answer for which a faster parser is worth loading."""

_MOST_VALUES = 500_000
"""Ten times what the fullest page holds. A short value may still take 200 bytes when decoded."""


def refusal(answer: Answer) -> NumctlError:
    """The error for a status of 400 to 499."""
    body = decoded(answer.body) or {}
    code = code_of(body)
    kind = {401: AuthError, 403: AuthError, 404: NotFound}.get(answer.status, Refused)
    return kind(
        f"the service answered: {_words_of(body) or 'no reason given'} ({_numbers(code, answer)})",
        hint=hint_for(code, answer.status),
        **details_of(answer),
    )


def throttled(answer: Answer) -> Unavailable:
    """The error for a 429 that outlasted the retries."""
    code = code_of(decoded(answer.body) or {})
    return Unavailable(
        f"the service refused: too many requests ({_numbers(code, answer)}){asked_to_wait(answer)}",
        hint=hint_for(code, answer.status),
        **details_of(answer),
    )


def proxy_refusal(where: str) -> Unavailable:
    """The error for a 407."""
    hint = "put them in HTTPS_PROXY, as USER:PASSWORD@ before the host"
    return Unavailable(f"the proxy requires a user name and a password (407); {where}", hint=hint)


def failed(answer: Answer) -> str:
    """What a status of 500 or more means, with the service's own words if it sent any."""
    body = decoded(answer.body) or {}
    code, said = code_of(body), _words_of(body)
    return f"the service answered {answer.status}" + (f": {said}" if said else "") + (f" (code {code})" if code else "")


def is_own_failure(answer: Answer) -> bool:
    """Whether the service itself answered 500 or 503; a gateway in front of it does not know the outcome."""
    body = decoded(answer.body) or {}
    return answer.status in _OWN_FAILURES and (code_of(body) is not None or body.get("status") == answer.status)


def details_of(answer: Answer | None) -> dict[str, Any]:
    """Status, code and more_info of an answer, as an error keeps them."""
    if answer is None:
        return {}
    body = decoded(answer.body) or {}
    link = _text_of(body, "type")  # RFC 9457's link to what the problem means
    more_info = _text_of(body, "more_info") or (link if link.startswith("https://") else "")
    return {"status": answer.status, "code": code_of(body), "more_info": _cut(more_info) or None}


def code_of(body: dict[str, Any]) -> int | None:
    """The service's own error code, if the body has one."""
    code = body.get("code")
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def is_own_error(body: dict[str, Any]) -> bool:
    """Whether a body looks like one of the service's errors: a code, or what RFC 9457 requires."""
    return code_of(body) is not None or (_text_of(body, "title") is not None and isinstance(body.get("status"), int))


def _words_of(body: dict[str, Any]) -> str:
    """Its `message`, else the title, detail and errors of RFC 9457, in one line."""
    said = _text_of(body, "message")
    if said:
        return _cut(said)
    errors = body.get("errors")
    faults = [fault for fault in map(_fault_of, errors if isinstance(errors, list) else ()) if fault]
    title, detail = _text_of(body, "title"), _text_of(body, "detail")
    parts = [title, detail if detail != title else "", "; ".join(faults[:_FAULTS_SHOWN])]
    return _cut(": ".join(part.rstrip(".:") for part in parts if part))


def _fault_of(error: Any) -> str:
    if not isinstance(error, dict):
        return error if isinstance(error, str) else ""
    said = _text_of(error, "detail") or _text_of(error, "message")
    place = _text_of(error, "pointer") or _text_of(error, "field")
    return f"{place} {said}".strip() if said else ""


def _text_of(body: dict[str, Any], name: str) -> str:
    text = body.get(name)
    return text if isinstance(text, str) else ""


def _cut(text: str) -> str:
    line = clean(text[: 2 * _LONGEST_TEXT]).strip()
    return line if len(line) <= _LONGEST_TEXT else f"{line[: _LONGEST_TEXT - 1].rstrip()}…"


def _numbers(code: int | None, answer: Answer) -> str:
    return f"code {code}, HTTP {answer.status}" if code else f"HTTP {answer.status}"


def decoded(body: bytes | bytearray) -> dict[str, Any] | None:
    """The JSON object in a body, or None if there is none or it cannot be read."""
    if sum(map(body.count, (b"{", b"[", b","))) > _MOST_VALUES:
        return None
    found = _decoded_fast(body) if len(body) > _LARGE else None
    if found is None:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None


def _decoded_fast(body: bytes | bytearray) -> Any:
    """What JSON says, None for some that is odd but valid, such as lone surrogates in names."""
    from pydantic_core import from_json

    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        return None
