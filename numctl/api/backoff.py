"""How long to wait before a request is sent again: our own backoff, or the service's Retry-After."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numctl.api.answer import Answer

FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
LONGEST_RETRY_AFTER = 30


def backoff(attempt: int) -> float:
    """Seconds to wait after this many attempts: 0.5 doubled each time, with jitter, at most 8."""
    jitter = random.uniform(1.0, 1.5)
    return min(LONGEST_WAIT, FIRST_WAIT * jitter * 2.0 ** (max(attempt, 1) - 1))


def retry_after(answer: Answer) -> int | None:
    """Seconds that the service asks to wait; anything but whole seconds is ignored (RFC 9110, section 10.2.3)."""
    text = answer.headers.get("Retry-After", "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def asked_to_wait(answer: Answer | None) -> str:
    """The service's Retry-After as the end of a sentence, if it is longer than numctl waits; else empty."""
    wait = retry_after(answer) if answer else None
    return f" and asks to wait {wait} s" if wait and wait > LONGEST_RETRY_AFTER else ""
