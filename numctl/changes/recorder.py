"""Write one run's changes into the journal, or nowhere if NUMCTL_HISTORY is off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from numctl.changes.change import Change, Result
from numctl.errors import Line, NumctlError, plain_line
from numctl.history.file import is_kept
from numctl.history.journal import Journal, RunInfo


class JournalRecorder:
    """Record the changes of one run. `trouble` is why an outcome could not be written, if that failed."""

    def __init__(self, journal: Journal, info: RunInfo, line: Line = plain_line) -> None:
        self.journal = journal
        self._line = line
        self.run_id: str | None = journal.start(info)
        self.trouble: NumctlError | None = None

    @property
    def written_id(self) -> str | None:
        """The run's ID once it is in the history: it is written with the first change."""
        return self.run_id if self.run_id and self.journal.has(self.run_id) else None

    def begin(self, change: Change) -> int:
        """Write the change down before it is sent; if that raises Refused, it must not be sent."""
        moved = {"account_sid": change.to_account} if change.to_account else {}
        return self.journal.begin(
            self.run_id or "",
            phone_number=change.phone_number,
            sid=change.sid,
            account_sid=change.account_sid,
            operation=change.operation.name,
            before=change.before,
            wanted={**change.wanted, **moved, **(change.marks or {})},
        )

    def end(self, entry: int, result: Result) -> None:
        """Write down how it came out; if that fails, the entry stays without an end."""
        error = result.error.as_json(self._line) if result.error else None
        sid = result.after["sid"] if result.after else None
        try:
            self.journal.end(entry, outcome=result.outcome, sid=sid, after=result.after, error=error)
        except NumctlError as trouble:
            self.trouble = trouble

    def interrupt(self) -> None:
        """Note that the run was interrupted."""
        try:
            self.journal.interrupt(self.run_id or "")
        except NumctlError as trouble:
            self.trouble = trouble

    def close(self) -> None:
        self.journal.close()


class NoRecorder:
    """A recorder for NUMCTL_HISTORY=off."""

    run_id: str | None = None
    written_id: str | None = None
    trouble: NumctlError | None = None

    def begin(self, change: Change) -> int:
        return 0

    def end(self, entry: int, result: Result) -> None: ...

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


def check_writable(path: Path) -> None:
    """Raise Refused if the history cannot be written, before the question is asked."""
    Journal.open(path).close()


def record_settled(recorder: JournalRecorder | NoRecorder, changes: Iterable[Change]) -> None:
    """Write down what needs no request, with its outcome; raises Refused."""
    for change in changes:
        if change.settled:
            entry = recorder.begin(change)
            recorder.end(entry, Result(change, change.settled, change.before, change.reason))


def open_recorder(
    path: Path, info: RunInfo, environ: Mapping[str, str], line: Line = plain_line
) -> JournalRecorder | NoRecorder:
    """The recorder of a run; raises Refused if the history cannot be written, before anything is sent.

    `line` writes the commands in recorded errors.
    """
    return JournalRecorder(Journal.open(path), info, line) if is_kept(environ) else NoRecorder()
