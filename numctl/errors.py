"""What can go wrong: for each error a message, a hint and an exit code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, Self

from numctl.wording import masked, shell_line


class ExitCode(IntEnum):
    """The exit codes that scripts rely on."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    AUTH = 3
    NOT_FOUND = 4
    CANCELLED = 5
    PARTIAL = 6
    UNAVAILABLE = 7
    UNKNOWN = 8
    PENDING = 10
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


EXIT_MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "the requested state is in place (and only then)",
    ExitCode.REFUSED: "the service refused, or something unexpected happened; nothing was changed",
    ExitCode.USAGE: "bad input; nothing was sent",
    ExitCode.AUTH: "no credentials, or the service did not accept them",
    ExitCode.NOT_FOUND: "no such number, account or record",
    ExitCode.CANCELLED: "not confirmed: declined, or no terminal to ask on and no --yes",
    ExitCode.PARTIAL: "some were done by this run, some not, and the outcome of each is known",
    ExitCode.UNAVAILABLE: "network, rate limit or server error outlasted the retries; nothing changed",
    ExitCode.UNKNOWN: "a change was sent and its outcome could not be learned or reported: look before repeating",
    ExitCode.PENDING: "with --exit-code: --dry-run has changes to make, audit has findings",
    ExitCode.HUNG_UP: "hung up (SIGHUP: the connection was dropped), whatever the outcomes",
    ExitCode.INTERRUPTED: "interrupted (SIGINT), whatever the outcomes",
    ExitCode.TERMINATED: "terminated (SIGTERM), whatever the outcomes",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A numctl command to run next: the words after `numctl`, and the account that it acts on (None: any).

    How to reach that account (`--profile`, `--sandbox`) is known only where the command is printed.
    """

    words: tuple[str, ...]
    account: str | None = None


Line = Callable[[Command], str]
"""Writes a Command as a shell line."""


def plain_line(command: Command) -> str:
    """Write a command that always names its account."""
    return shell_line(["numctl", *command.words, *(("--account", command.account) if command.account else ())])


class NumctlError(Exception):
    """One line for a person, what to do next, and the exit code.

    What to do next is `hint`, `command`, or both; `then` is a second command, if one is not enough. Passwords in
    URLs are masked: an error is printed, and kept in the history. `status`, `code` and `more_info` are the
    service's own, if it answered:
    https://www.twilio.com/docs/usage/twilios-response#exceptions
    """

    exit_code: ClassVar[ExitCode] = ExitCode.REFUSED

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        command: Command | None = None,
        then: Command | None = None,
        status: int | None = None,
        code: int | None = None,
        more_info: str | None = None,
    ) -> None:
        self.message = masked(" ".join(message.splitlines()))
        """One line: quoted text must not look like a line of numctl."""
        self.hint = hint and masked(hint)
        self.command = command
        self.then = then
        super().__init__(self.message)
        self.status = status
        self.code = code
        self.more_info = more_info and masked(more_info)

    @property
    def said(self) -> dict[str, Any]:
        """What the service said, to pass on to another error."""
        return {"status": self.status, "code": self.code, "more_info": self.more_info}

    def with_message(self, message: str) -> Self:
        return type(self)(message, hint=self.hint, command=self.command, then=self.then, **self.said)

    def advice(self, line: Line = plain_line) -> str | None:
        """What to do next, in one or several lines."""
        if self.command is None:
            return self.hint
        commands = ", then ".join(line(command) for command in (self.command, self.then) if command)
        return f"{self.hint}: {commands}" if self.hint else commands

    def as_json(self, line: Line = plain_line) -> dict[str, Any]:
        """The `error` object of JSON output."""
        return {
            "exit_code": int(self.exit_code),
            "message": self.message,
            "hint": self.advice(line),
            **self.said,
        }


class Refused(NumctlError):
    """The service said no, or something unexpected happened; nothing was changed."""


class Malformed(Refused):
    """The service's answer is not what it documents."""


class UsageError(NumctlError):
    """The input is bad; nothing was sent.

    `see` says what the help of the command shows; `command_path` is that command, as soon as it is known.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, message: str, *, see: str | None = None, command_path: str = "numctl", **details: Any) -> None:
        super().__init__(message, **details)
        self.see = see
        self.command_path = command_path

    def advice(self, line: Line = plain_line) -> str | None:
        """What to do next; the help to read comes last."""
        help = f"{self.see}: {self.command_path} --help" if self.see else None
        return "\n".join(filter(None, (super().advice(line), help))) or None


class AuthError(NumctlError):
    """There are no credentials, or the service did not accept them."""

    exit_code = ExitCode.AUTH


class NotFound(NumctlError):
    """There is no such number, account or record."""

    exit_code = ExitCode.NOT_FOUND


class Cancelled(NumctlError):
    """The change was not confirmed."""

    exit_code = ExitCode.CANCELLED


class Interrupted(NumctlError):
    """SIGINT; what was done and what was not is reported elsewhere."""

    exit_code = ExitCode.INTERRUPTED


class Stopped(NumctlError):
    """SIGTERM; what was done and what was not is reported elsewhere."""

    exit_code = ExitCode.TERMINATED


class HungUp(NumctlError):
    """SIGHUP: the terminal or the connection went away; what was done and what was not is reported elsewhere."""

    exit_code = ExitCode.HUNG_UP


class Unavailable(NumctlError):
    """Network, rate limit or server error outlasted the retries; nothing was changed."""

    exit_code = ExitCode.UNAVAILABLE


class AnswerLost(Unavailable):
    """A request was sent and its answer is lost: whether it took effect must be looked up.

    `late` says that it is not sent again: the service may still be at work on it, or called it a success.
    `answered` says that the service itself answered each time, with an error of its own: then what cannot be found
    did not happen. `refusal` is its answer to the last repeat.
    """

    def __init__(self, message: str, *, late: bool = False, answered: bool = False, **details: Any) -> None:
        super().__init__(message, **details)
        self.late = late
        self.answered = answered
        self.refusal: NumctlError | None = None

    def joined(self, earlier: AnswerLost | None) -> AnswerLost:
        """Merge with an earlier lost answer of the same change."""
        if earlier is None:
            return self
        late, answered = self.late or earlier.late, self.answered and earlier.answered
        whole = AnswerLost(self.message, late=late, answered=answered, **self.said)
        whole.refusal = self.refusal
        return whole


class OutcomeUnknown(NumctlError):
    """A change was sent and its outcome could not be learned or reported."""

    exit_code = ExitCode.UNKNOWN
