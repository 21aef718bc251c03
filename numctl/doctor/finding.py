"""What one check found, and what all of them know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from numctl.credentials.resolve import Credentials
from numctl.doctor.service import Service
from numctl.errors import NumctlError


class Status(StrEnum):
    """How bad it is: a warning stops nothing, an error stops some verb from working."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(NamedTuple):
    """One result of a check, and how to fix what is wrong."""

    status: Status
    message: str
    hint: str | None = None


@dataclass(frozen=True)
class Situation:
    """What the checks look at. What could not be read is replaced by the error that says why."""

    environ: Mapping[str, str]
    sandbox: bool
    credentials: Credentials | NumctlError
    service: Service | NumctlError


def ok(message: str) -> Finding:
    """Say that something is in order."""
    return Finding(Status.OK, message)


def warning(message: str, hint: str | None = None) -> Finding:
    """Say that something is probably a mistake, or is missing and may be."""
    return Finding(Status.WARNING, message, hint)


def error(message: str, hint: str | None = None) -> Finding:
    """Say that something stops numctl from working."""
    return Finding(Status.ERROR, message, hint)


def failed(failure: NumctlError, before: str = "", status: Status = Status.ERROR) -> Finding:
    """A finding from an error, after its subject."""
    return Finding(status, before + failure.message, failure.advice())
