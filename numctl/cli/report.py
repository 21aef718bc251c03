"""Report a run: results on standard output; failures and next steps on standard error."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from numctl.changes.change import Result, exit_code
from numctl.changes.operation import WAY_BACK
from numctl.changes.recorder import JournalRecorder, NoRecorder
from numctl.cli.messages import say
from numctl.cli.order import Order
from numctl.cli.session import Session
from numctl.cli.signals import Held, Overdue
from numctl.cli.totals import next_line, reason_lines, total_line
from numctl.errors import ExitCode, OutcomeUnknown
from numctl.errors import Line as CommandLine
from numctl.model.outcome import Outcome
from numctl.system.streams import silence
from numctl.wording import step

_TOLD = 20
"""The most numbers changed by others to list on standard error; the results have them all."""


def report(
    session: Session,
    results: Sequence[Result],
    order: Order,
    recorder: JournalRecorder | NoRecorder,
    signals: Held,
    notes: Sequence[str] = (),
) -> ExitCode:
    """Write the results, the failures and the next steps, and return the exit code.

    Raises OutcomeUnknown if the results cannot be written.
    """
    written = _deliver(results, order, session.reach.line, recorder.written_id, signals)
    with signals.aside():
        code = conclude(results, session.reach.line, interrupted=signals.first is not None)
        if recorder.trouble:
            say(f"numctl: {recorder.trouble.message}; {recorder.trouble.hint}")
        for note in notes:
            say(f"numctl: {note}")
        _say_closing(session, order, results, recorder)
    if not written:
        raise OutcomeUnknown("standard output could not be written; what was done is said above, on standard error")
    return code


def _say_interrupted(results: Sequence[Result]) -> None:
    open_ones = [result for result in results if result.change.settled is None]
    counts = Counter("done" if result.outcome.is_done else result.outcome for result in open_ones)
    unknown, skipped, failed = (counts[one] for one in (Outcome.UNKNOWN, Outcome.SKIPPED, Outcome.FAILED))
    line = f"interrupted: {counts['done']} done, {unknown} unknown, {skipped} not attempted"
    say(f"{line}, {failed} failed" if failed else line)


def _say_closing(
    session: Session, order: Order, results: Sequence[Result], recorder: JournalRecorder | NoRecorder
) -> None:
    """End with the next steps, the run's ID, and how to undo it."""
    if order.closing:
        say(*order.closing(results, recorder.run_id))
    elif finish := next_line(results, forgets=order.verb == "release" and not recorder.run_id):
        say(finish)
    done = [result for result in results if result.outcome.is_done]
    if order.verb == "release" and done:
        say(f"released by mistake? {WAY_BACK}")
    _say_pending(results)
    touched = {result.outcome for result in results if result.outcome.may_have_effect}
    if recorder.run_id and touched:
        can_undo = touched - {Outcome.BOUGHT} and order.verb not in ("buy", "release")
        undo = f"; undo: {session.line('undo', recorder.run_id)}" if can_undo else ""
        say(f"run {recorder.run_id}{undo}")


def _say_pending(results: Sequence[Result]) -> None:
    left = [result for result in results if result.pending]
    if left:
        shown = left[0].change.phone_number if len(left) == 1 else f"{len(left)} numbers"
        fields = ", ".join(dict.fromkeys(name for result in left for name in result.pending))
        say(f"pending: {fields} of {shown}; emergency_address_status shows when it is done")


def _deliver(results: Sequence[Result], order: Order, line: CommandLine, run_id: str | None, signals: Held) -> bool:
    """Write the results to standard output, or if that fails, say on standard error what was done."""
    from numctl.output.results import write_results
    from numctl.text.stdout import ReaderGone

    try:
        with signals.bounded():
            write_results(results, order.output, line, run_id)
    except ReaderGone:
        return True
    except Exception as failure:  # whatever stops the output, it must not hide what was bought
        if isinstance(failure, Overdue):
            silence(sys.stdout)
        with signals.aside():
            say(f"numctl: {failure or type(failure).__name__}; this is what was done:")
            for result in results:
                say(f"  {result.change.phone_number}: {result.outcome}")
        return False
    return True


def conclude(results: Sequence[Result], line: CommandLine, *, interrupted: bool = False) -> ExitCode:
    """Summarise a run, several numbers in totals and by reason, and return the exit code."""
    if interrupted:
        _say_interrupted(results)
    elif len(results) > 1:
        say(total_line(results))
    if len(results) > 1:
        say(*reason_lines(results, line))
    else:
        _say_failure(results, line)
    _say_unshown(results)
    _say_also_changed(results)
    return exit_code(results)


def _say_failure(results: Sequence[Result], line: CommandLine) -> None:
    for result in results:
        if result.error and result.change.settled is not Outcome.UNCHANGED:
            say(f"numctl: {result.error.message}")
            say(*(f"  {part}" for part in (result.error.advice(line) or "").splitlines()))


def _say_unshown(results: Sequence[Result]) -> None:
    """Name each setting that was accepted but that records leave out, with the count of numbers."""
    unshown = Counter(name for result in results for name in result.unshown)
    for name, count in unshown.items():
        numbers = [result.change.phone_number for result in results if name in result.unshown]
        of = numbers[0] if count == 1 else f"{count} numbers"
        say(f"numctl: {of}: {name} was accepted, and is not shown by the service")


def _say_also_changed(results: Sequence[Result]) -> None:
    """Name what somebody else changed on these numbers between the look and the answer."""
    found = [(result.change.phone_number, others) for result in results if (others := result.also_changed())]
    for number, others in found[:_TOLD]:
        told = ", ".join(f"{name}: {step(*values)}" for name, values in others.items())
        say(f"numctl: {number}: also changed meanwhile, not by this run: {told}")
    if len(found) > _TOLD:
        say(f"numctl: and {len(found) - _TOLD} more like these; --json has them all")
