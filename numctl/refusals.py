"""Refusals: the service's own code and message, as an error with advice.

https://www.twilio.com/docs/usage/twilios-response
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numctl.advice import hint_for
from numctl.errors import AuthError, NotFound, NumctlError, Refused, Unavailable
from numctl.render.text import clean
from numctl.waiting import asked_to_wait

if TYPE_CHECKING:
    from numctl.exchange import Answer


MOST_VALUES = 500_000
"""Ten times what the fullest page holds. Each value takes up to 200 bytes decoded, however few it takes as text."""


def refusal(answer: Answer) -> NumctlError:
    """Return the error for an answer of 400 to 499."""
    body = decoded(answer.body) or {}
    code = code_of(body)
    said = text_of(body, "message")
    kind = {401: AuthError, 403: AuthError, 404: NotFound}.get(answer.status, Refused)
    return kind(
        f"the service answered: {clean(said or 'no reason given')} ({numbers(code, answer)})",
        hint=hint_for(code, answer.status),
        **details_of(answer),
    )


def throttled(answer: Answer) -> Unavailable:
    """Return the error for a 429 that outlasts the retries."""
    code = code_of(decoded(answer.body) or {})
    return Unavailable(
        f"the service refused for too many requests ({numbers(code, answer)}){asked_to_wait(answer)}",
        hint=hint_for(code, answer.status),
        **details_of(answer),
    )


def failed(answer: Answer) -> str:
    """Return what an answer of 500 and more says, with the service's own words where it has some."""
    body = decoded(answer.body) or {}
    code, said = code_of(body), text_of(body, "message")
    return (
        f"the service answered {answer.status}"
        + (f": {clean(said)}" if said else "")
        + (f" (code {code})" if code else "")
    )


def details_of(answer: Answer | None) -> dict[str, Any]:
    """Return status, code and more_info of an answer as an error keeps them."""
    if answer is None:
        return {}
    body = decoded(answer.body) or {}
    return {"status": answer.status, "code": code_of(body), "more_info": text_of(body, "more_info")}


def code_of(body: dict[str, Any]) -> int | None:
    """Return the service's own error code, where the body has one."""
    code = body.get("code")
    return code if isinstance(code, int) else None


def text_of(body: dict[str, Any], name: str) -> str | None:
    """Return a text of the body, where it has one of that name."""
    text = body.get(name)
    return text if isinstance(text, str) else None


def numbers(code: int | None, answer: Answer) -> str:
    """Return the codes as a person looks them up."""
    return f"code {code}, HTTP {answer.status}" if code else f"HTTP {answer.status}"


def decoded(body: bytes | bytearray) -> dict[str, Any] | None:
    """Return the JSON object in a body, or None where there is none that can be read."""
    import json

    from pydantic_core import from_json

    if sum(map(body.count, (b"{", b"[", b","))) > MOST_VALUES:
        return None
    try:
        found = from_json(body, allow_inf_nan=False)
    except ValueError:
        found = None
    if found is None:
        try:
            found = json.loads(body)  # lone surrogates in names, which the faster parser does not take
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None
