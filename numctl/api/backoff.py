"""Waiting: how long before a request is sent again, by our own backoff or by the service's Retry-After."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numctl.api.answer import Answer

FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
LONGEST_RETRY_AFTER = 30


def backoff(attempt: int) -> float:
    """Return the seconds to wait after so many attempts: 0.5 doubled each time, with jitter, at most 8."""
    jitter = random.uniform(1.0, 1.5)
    return min(LONGEST_WAIT, FIRST_WAIT * jitter * 2.0 ** (max(attempt, 1) - 1))


def retry_after(answer: Answer) -> int | None:
    """Return the seconds that the service asks to wait; nonsense is no wish (RFC 9110, section 10.2.3)."""
    text = answer.headers.get("Retry-After", "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def asked_to_wait(answer: Answer | None) -> str:
    """Return how long the service asks to wait, as the end of a sentence, where that is longer than is waited here."""
    wait = retry_after(answer) if answer else None
    return f" and asks to wait {wait} s" if wait and wait > LONGEST_RETRY_AFTER else ""
