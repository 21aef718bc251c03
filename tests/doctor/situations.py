"""Situations for single checks: an environment, and what stands in the place of credentials and service."""

from __future__ import annotations

import os
from dataclasses import replace

from numctl.credentials.resolve import Credentials
from numctl.doctor.finding import Situation
from numctl.errors import AuthError, NumctlError

MAIN = "AC" + "a" * 32
NONE_YET = AuthError("there are no credentials yet")
FROM_ENVIRONMENT = Credentials(MAIN, MAIN, "f" * 32, "environment")
FROM_KEYRING = Credentials(MAIN, MAIN, "f" * 32, "keyring", profile="work")


def situation(credentials: Credentials | NumctlError = NONE_YET, *, sandbox: bool = False) -> Situation:
    """A situation in the test's own folders."""
    return Situation(os.environ, sandbox, credentials, AuthError("the service is not asked here"))


def with_variables(**variables: str) -> Situation:
    """A situation without credentials, with these variables beside those of the test."""
    return replace(situation(), environ={**os.environ, **variables})
