"""The stand-in's refusals: the service's error body {code, message, more_info, status}.

https://www.twilio.com/docs/usage/twilios-response#exceptions
https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_UNKNOWN = 0
"""No real code: the service is known to refuse, but with which code is not publicly known."""

INVALID_PARAMETER = 20001
INVALID_NAME = 20002
NOT_AUTHENTICATED = 20003
METHOD_NOT_ALLOWED = 20004
INVALID_PAGE_SIZE = 20007
_NOT_FOUND = 20404
TOO_LARGE = 20413
FOREIGN_HOST = 20421
TOO_MANY_REQUESTS = 20429
INTERNAL = 20500
INVALID_URL = 21402
INVALID_METHOD = 21403
INVALID_NUMBER = 21421
NOT_FOR_SALE = 21422
INVALID_AREA_CODE = 21451
NONE_IN_AREA_CODE = 21452
AREA_CODE_OF_A_TYPE = 21457
OTHER_TYPE = 21458
TARGET_INVALID = 21470
TARGET_UNKNOWN = 21471
TARGET_INACTIVE = 21472
INVALID_PAGE_TOKEN = 21481
TARGET_NEEDS_ADDRESS = 21613
LOCAL_ADDRESS_REQUIRED = 21615
ADDRESS_REQUIRED = 21631
BUNDLE_REQUIRED = 21649
ADDRESS_NOT_IN_BUNDLE = 21651
INVALID_PATTERN = 22102
HOSTED_STAYS = 22121


class Problem(Exception):
    """A refused request, with its HTTP status, the service's code and a message."""

    def __init__(self, status: int, code: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The error as the service writes it."""
        more_info = f"https://www.twilio.com/docs/errors/{self.code}" if self.code != _UNKNOWN else None
        return {"code": self.code, "message": self.message, "more_info": more_info, "status": self.status}


def bad(code: int, message: str) -> Problem:
    """A refusal of what was sent."""
    return Problem(400, code, message)


def unnumbered(message: str) -> Problem:
    """A refusal whose code is not known."""
    return Problem(400, _UNKNOWN, message)


def missing(path: str) -> Problem:
    """A refusal because nothing exists at the path."""
    return Problem(404, _NOT_FOUND, f"The requested resource {path} was not found")
